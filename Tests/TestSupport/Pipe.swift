import Foundation

/// Runs `body` with the path of a named pipe into which another thread calls `write` meanwhile.
///
/// A thread of its own, not a task: there are as few threads for tasks as processors, and both ends of a pipe
/// wait for each other. A reader that goes away early makes the writing fail, and ends nothing else.
package func withPipe(
  at path: String = "\(FileManager.default.temporaryDirectory.path)/pipe-\(UUID().uuidString)",
  writing write: @escaping @Sendable (String) -> Void, _ body: (String) throws -> Void
) throws {
  precondition(mkfifo(path, 0o600) == 0, "there can be no pipe at \(path)")
  defer { unlink(path) }
  Thread.detachNewThread {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    write(path)
  }
  try body(path)
}
