import Dispatch
import Synchronization

/// What this process has written with ``AtomicFile``, and whether it is writing now.
///
/// A command that is told to stop asks here: it lets the file at hand become whole, so that nothing
/// half-written is left behind, and says which files there are.
package enum WriteLog {
  private static let gate = DispatchSemaphore(value: 1)
  private static let log = Mutex<(paths: [String], known: Set<String>)>(([], []))

  /// Each file once, in the order in which they were first written, by the paths that were given.
  package static var written: [String] { log.withLock { $0.paths } }

  /// Before a file is begun: waits for that of another thread.
  static func begin() { gate.wait() }

  /// After ``begin()``, whatever came of it.
  static func end() { gate.signal() }

  /// The file at `path` is whole.
  package static func add(_ path: String) {
    log.withLock { log in
      if log.known.insert(path).inserted { log.paths.append(path) }
    }
  }

  /// Ends all writing of this process: the file at hand becomes whole, and none is begun after it.
  ///
  /// - Parameter seconds: what to wait for at most; a device may take nothing for ever.
  package static func close(within seconds: Double) { _ = gate.wait(timeout: .now() + seconds) }
}
