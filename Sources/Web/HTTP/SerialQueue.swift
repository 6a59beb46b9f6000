import Dispatch

/// Where tasks run one piece at a time, on a thread that the system gives for as long as there is work.
///
/// Sockets have one for all, and the handler has one for each connection: Swift's own threads are as many as
/// the processor's, and a few handlers that compute or read files would keep everybody waiting.
final class SerialQueue: TaskExecutor {
  /// The one of all sockets.
  static let sockets = SerialQueue("assay.web.sockets")

  private let queue: DispatchQueue

  init(_ name: String) { queue = DispatchQueue(label: name) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
