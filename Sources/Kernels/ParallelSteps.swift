/// Long work on all threads: told of in steps, and two things side by side.
extension Parallel {
  /// Multiply-adds that take two processors a second at most.
  private static let operationsPerStep = 30_000_000_000

  /// How many chunks of so many multiply-adds are one step.
  private static func chunksPerStep(_ operations: Int) -> Int {
    max(8, operationsPerStep / max(1, operations))
  }

  /// Steps of ``forEach(chunks:operations:progress:_:)``.
  static func steps(chunks: Int, operations: Int) -> Int {
    let size = chunksPerStep(operations)
    return (chunks + size - 1) / size
  }

  /// As ``forEach(chunks:_:)``, some chunks at a time.
  ///
  /// - Parameters:
  ///   - operations: multiply-adds of a chunk.
  ///   - progress: called after each of the ``steps(chunks:operations:)``, on the caller's thread.
  static func forEach(chunks: Int, operations: Int, progress: () -> Void, _ body: (Int) -> Void) {
    let size = chunksPerStep(operations)
    for first in stride(from: 0, to: chunks, by: size) {
      forEach(chunks: min(size, chunks - first)) { body(first + $0) }
      progress()
    }
  }

  /// Two computations that know one thread only, such as LAPACK's, side by side.
  public static func both<A, B, Failure: Error>(
    _ first: () throws(Failure) -> A, _ second: () throws(Failure) -> B
  ) throws(Failure) -> (A, B) {
    var (a, b): (Result<A, Failure>?, Result<B, Failure>?) = (nil, nil)
    forEach(chunks: 2) { chunk in
      if chunk == 0 { a = Result(catching: first) } else { b = Result(catching: second) }
    }
    guard let a, let b else { preconditionFailure("Parallel.both: a part was left out") }
    return (try a.get(), try b.get())
  }
}
