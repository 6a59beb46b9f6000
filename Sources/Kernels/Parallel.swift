import Synchronization

/// Runs the chunks of a kernel on all threads.
///
/// Work is cut into chunks whose number follows from the shapes alone, never from the number of threads, and
/// a chunk's result does not depend on who computes it: the same bytes come out for 1 thread or 2.
/// Chunks must not write to the same memory. A call from inside a chunk, or while another thread's call is
/// running, is carried out by the caller alone.
public enum Parallel {
  /// The number of threads, the caller's included. Set it before the first kernel runs; 1 or more.
  public static var threads: Int {
    get { team.threads.load(ordering: .relaxed) }
    set {
      precondition(newValue >= 1, "Parallel.threads: \(newValue) is not positive")
      team.resize(to: newValue)
    }
  }

  /// Calls `body` once for each chunk number in `0..<chunks`, in no particular order, and returns when all
  /// are done.
  @inline(never)
  public static func forEach(chunks: Int, _ body: (Int) -> Void) {
    if chunks <= 1 || !team.run(chunks, body) {
      for chunk in 0..<max(0, chunks) { body(chunk) }
    }
  }

  /// Calls `body` with consecutive ranges of at most `chunkSize` elements that together cover `0..<count`.
  public static func forEach(count: Int, chunkSize: Int, _ body: (Range<Int>) -> Void) {
    let chunks = (count + chunkSize - 1) / chunkSize
    forEach(chunks: chunks) { chunk in
      body(chunk * chunkSize..<min(count, (chunk + 1) * chunkSize))
    }
  }

  /// Elements a chunk of an elementwise kernel: 64 KiB of `Float`s, small enough for the second-level cache,
  /// large enough to hide the hand-over.
  public static let elementsPerChunk = 16384

  private static let team = Team()
}
