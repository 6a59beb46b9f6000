import FoundationEssentials
import Glibc

extension Console {
  /// Cells of a line on stdout: what $COLUMNS says, else what the terminal does; nil where stdout is no
  /// terminal, and a line may be as long as it is.
  static let width: Int? = {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    if let told = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), told > 0 {
      return told
    }
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }()
}
