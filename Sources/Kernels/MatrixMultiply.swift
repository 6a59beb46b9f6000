/// C = op(A)·op(B) (+ C), row-major, on all threads.
///
/// The product is cut along the longer side of C into strips whose number follows from the shapes alone.
public enum MatrixMultiply {
  /// Below this many floating-point operations a strip is not worth handing over.
  private static let operationsPerStrip = 3_000_000
  private static let mostStrips = 8

  /// Overwrites C `[m, n]` with op(A) `[m, k]` · op(B) `[k, n]`, or adds the product to it.
  ///
  /// `a` is stored `[m, k]`, or `[k, m]` where `transA`; `b` is stored `[k, n]`, or `[n, k]` where `transB`.
  public static func run(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, transB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, adding: Bool = false
  ) {
    let blas = OpenBLAS.required
    let lda = transA ? m : k
    let ldb = transB ? k : n
    let beta: Float = adding ? 1 : 0
    let strips = max(1, min(mostStrips, 2 * m * n * k / operationsPerStrip))
    let alongRows = m >= n
    let side = alongRows ? m : n
    // Strips of a multiple of 16: whole vectors, and the kernels' own tiles.
    let width = max(16, ((side + strips - 1) / strips + 15) / 16 * 16)
    Parallel.forEach(count: side, chunkSize: width) { part in
      if alongRows {
        blas.multiply(
          a + part.lowerBound * (transA ? 1 : lda), transposed: transA, lda: lda,
          b, transposed: transB, ldb: ldb,
          into: c + part.lowerBound * n, ldc: n, m: part.count, n: n, k: k, beta: beta)
      } else {
        blas.multiply(
          a, transposed: transA, lda: lda,
          b + part.lowerBound * (transB ? ldb : 1), transposed: transB, ldb: ldb,
          into: c + part.lowerBound, ldc: n, m: m, n: part.count, k: k, beta: beta)
      }
    }
  }
}

extension OpenBLAS {
  /// The loaded library. Commands look at ``loaded`` first and report its absence as an error.
  static var required: OpenBLAS {
    switch loaded {
    case .success(let library): return library
    case .failure(let error): preconditionFailure(error.description)
    }
  }
}

extension MatrixMultiply {
  /// Floating-point operations a second of a product of two 1024×1024 matrices on all threads: the best of some
  /// repetitions, which is what the machine can do when nobody disturbs it.
  public static func measuredRate() -> Double {
    let side = 1024
    let (a, b, c) = (Buffer(count: side * side), Buffer(count: side * side), Buffer(count: side * side))
    for buffer in [a, b] { Elementwise.fill(buffer.pointer, count: side * side, with: 0.5) }
    var best = Duration.seconds(3600)
    for _ in 0..<12 {
      let time = ContinuousClock().measure {
        run(a.pointer, transA: false, b.pointer, transB: false, into: c.pointer, m: side, n: side, k: side)
      }
      best = min(best, time)
    }
    return Double(2 * side * side * side) / (best / .seconds(1))
  }
}
