import Figures

/// What the tables of a report are laid out for: a terminal, or a file.
public struct Layout: Sendable {
  /// Cells of a line; nil where a line may be as long as it is.
  public var width: Int?
  /// Whether charts of characters may have colours.
  public var hasColor: Bool

  /// What suits a file, unless told otherwise: lines of any width, without colours.
  public init(width: Int? = nil, hasColor: Bool = false) {
    self.width = width
    self.hasColor = hasColor
  }

  /// The text with its longer lines broken where they would not fit.
  package func fitted(_ text: String) -> String { width.map { TerminalText.wrapped(text, to: $0) } ?? text }

  /// The table as it fits.
  package func fitted(_ table: TerminalTable) -> String { table.text(fitting: width) }
}
