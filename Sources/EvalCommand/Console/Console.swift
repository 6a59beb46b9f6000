import Foundation

/// The terminal: stdout belongs to results, stderr to everything else.
enum Console {
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// Whether stderr is a terminal that can rewrite a line.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Whether stdout takes colours (https://no-color.org).
  static let hasColor = isatty(STDOUT_FILENO) == 1 && (environment("NO_COLOR") ?? "").isEmpty

  private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
