import Files
import FoundationEssentials
import Glibc

/// The terminal: stdout belongs to results, stderr to everything else.
enum Console {
  /// Shows a line on stderr; where that cannot be, the line is dropped and the work goes on.
  static func error(_ text: String) { show(text + "\n") }

  /// The same without the end of the line.
  static func show(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Whether stderr is a terminal that can rewrite a line.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && !isDumb

  /// Whether stdout takes colours (https://no-color.org).
  static let hasColor =
    isatty(STDOUT_FILENO) == 1 && (environment("NO_COLOR") ?? "").isEmpty && !isDumb

  /// The width of the terminal at stderr; nil where it has none.
  static var columns: Int? {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Gives each of the three standard streams that came closed something that refuses all writing: the next
  /// file would take its number, and be written over by results.
  static func openStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one.
      _ = open("/", O_RDONLY | O_DIRECTORY)
    }
  }

  private static let isDumb = environment("TERM") == "dumb"

  private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  /// - Returns: the system's number of what went wrong; 0 where nothing did.
  fileprivate static func write(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN, descriptor == STDOUT_FILENO {
        // A stream that does not block: results wait until it takes more, progress does not.
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&state, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// The reader of the results has gone, as `head` does when it has enough. Not worth a word.
struct ClosedPipe: Error {}

/// Prints a result on stdout.
///
/// In the place of Swift's own, which says nothing where stdout is full or closed; so the compiler asks for
/// `try`.
///
/// - Throws: ``FileError/unwritable(path:reason:)``; ``ClosedPipe`` where nobody reads any more.
func print(_ text: String, terminator: String = "\n") throws {
  let failure = Console.write(text + terminator, to: STDOUT_FILENO)
  if failure == EPIPE { throw ClosedPipe() }
  guard failure == 0 else {
    throw FileError.unwritable(path: "standard output", reason: String(cString: strerror(failure)))
  }
}
