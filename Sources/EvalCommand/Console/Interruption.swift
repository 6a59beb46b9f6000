import Files
import Glibc
import Synchronization

/// What happens on Ctrl-C (SIGINT), a polite kill (SIGTERM) and a closed terminal (SIGHUP).
///
/// A command ends at once, with 128 + the signal's number, and says what it has written; nothing is left
/// half-written. A training is given the time to end its step and to save; a second signal ends it, too. A
/// signal that was ignored when the command started stays so: `nohup`, and the background jobs of scripts.
enum Interruption {
  private struct State {
    /// The first signal that came; 0 before.
    var signal: Int32 = 0
    var isHeldBack = false
    /// Where the work is, if it is kept.
    var saved: String?
  }

  private static let state = Mutex(State())

  /// Whether work that is held back shall save and end.
  static var isRequested: Bool { state.withLock { $0.signal != 0 } }

  /// What the command exits with once it is interrupted.
  static var exitCode: Int32 { state.withLock { 128 + ($0.signal == 0 ? SIGINT : $0.signal) } }

  /// To be called before any thread is made, for they inherit which signals they leave alone.
  ///
  /// Writing to a pipe that nobody reads, or beyond `ulimit -f`, fails from here on instead of ending the
  /// process.
  static func watch() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var signals = watched
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { _ in
        var signals = Interruption.watched
        while true {
          var number: Int32 = 0
          if sigwait(&signals, &number) == 0 { Interruption.receive(number) }
        }
      }, nil)
    // Without the thread the signals end the process, as they always do.
    if failure != 0 { pthread_sigmask(SIG_UNBLOCK, &signals, nil) }
  }

  /// Runs work that looks at ``isRequested``, saves and throws ``Interrupted``.
  ///
  /// - Parameter saved: where the work is; said whenever the command is interrupted from here on.
  static func heldBack<Result>(saved: String, _ work: () throws -> Result) rethrows -> Result {
    state.withLock { ($0.isHeldBack, $0.saved) = (true, saved) }
    let result = try work()
    let number = state.withLock { state in
      state.isHeldBack = false
      return state.signal
    }
    // It came after the last look.
    if number != 0 { stop(number) }
    return result
  }

  /// Runs work that goes on until a signal comes: it looks at ``isRequested``, and its end is the one that
  /// was wanted.
  static func awaited<Result>(_ work: () throws -> Result) rethrows -> Result {
    state.withLock { $0.isHeldBack = true }
    defer { state.withLock { $0.isHeldBack = false } }
    return try work()
  }

  private static let watched: sigset_t = {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) { sigaddset(&signals, number) }
    return signals
  }()

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    // SIG_IGN is the address 1.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  private static func receive(_ number: Int32) {
    let ends = state.withLock { state in
      let isFirst = state.signal == 0
      if isFirst { state.signal = number }
      return !isFirst || !state.isHeldBack
    }
    if ends { stop(number) }
  }

  private static func stop(_ number: Int32) -> Never {
    WriteLog.close(within: 0.5)
    // Not where stderr takes nothing at the moment: the end would have to wait for its reader.
    var stream = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    if poll(&stream, 1, 0) == 1, stream.revents & Int16(POLLOUT) != 0 {
      Console.error((Console.isInteractive ? "\r\u{1B}[K" : "") + "eval: \(Interrupted())")
    }
    _exit(128 + number)
  }

  /// Where the work is; for one that is not kept, what there is of it.
  fileprivate static var remains: String {
    if let saved = state.withLock({ $0.saved }) { return saved }
    let paths = WriteLog.written
    guard !paths.isEmpty else { return "nothing was written" }
    let named = paths.prefix(3).map { $0.visible() }.joined(separator: ", ")
    return "written before: \(named)" + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
  }
}

/// Stopped by the user.
struct Interrupted: Error, CustomStringConvertible {
  var description: String { "interrupted; \(Interruption.remains)" }
}
