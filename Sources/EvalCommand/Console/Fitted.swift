import Figures
import Files

extension Text {
  /// The text with its longer lines broken where stdout is a terminal that is too narrow for them.
  static func fitted(_ text: String) -> String { Console.layout.fitted(text) }
}

extension TerminalTable {
  /// The table as it fits on stdout.
  var fitted: String { Console.layout.fitted(self) }
}
