import Dispatch

/// Where tasks run one piece at a time, on a thread that the system gives for as long as there is work.
///
/// Sockets have one for all, and the handler has one for each connection: Swift's own threads are as many as
/// the processor's, and a few handlers that compute or read files would keep everybody waiting.
package final class SerialQueue: TaskExecutor {
  /// The one of all sockets.
  static let sockets = SerialQueue("assay.web.sockets")

  private let queue: DispatchQueue

  package init(_ name: String) { queue = DispatchQueue(label: name) }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Waits, to the end also where the task is cancelled. `Task.sleep` comes back by way of Swift's own
  /// threads, late where they all compute.
  static func sleep(for duration: Duration) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + duration / .seconds(1)) { continuation.resume() }
    }
  }
}
