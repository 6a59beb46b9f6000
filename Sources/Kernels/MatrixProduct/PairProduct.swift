/// C = op(A)·op(B) with factors rounded to bfloat16 and sums in `Float`: twice the rate of ``TiledProduct``
/// where the processor has the instruction.
///
/// The factors are packed into ``Pair``s along k: A as a ``PairFactor``, B run by run and panel by panel,
/// `[k / 2, 64]`, on the thread that multiplies them. An element of C is summed pair by pair in the order of
/// k: the same bytes for any cut of C. Needs n to be a multiple of 16.
enum PairProduct {
  /// Rows of B in a run: a panel of 64 columns is 128 KiB.
  private static let longestRun = 1024

  /// For factors that are packed; n is a multiple of 16.
  ///
  /// - Parameters:
  ///   - start: where row i of A starts, for i in 0 ..< m; `layout` and `ldb` count pairs.
  @inline(__always)
  static func multiply(
    m: Int, start: (Int) -> UnsafePointer<Pair>, _ layout: FactorLayout, _ b: UnsafePointer<Pair>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, n: Int, adding: Bool
  ) {
    TiledProduct.multiply(
      PairTileRow16.self, m: m, start: start, layout, b, ldb: ldb, into: c, ldc: ldc, n: n, adding: adding)
  }

  /// A part of C `[m, n]`, on the calling thread.
  ///
  /// - Parameter b: `[k, n]` with rows `ldb` apart.
  static func multiply(
    _ a: PairFactor, _ b: UnsafePointer<Float>, ldb: Int, into c: UnsafeMutablePointer<Float>, ldc: Int,
    m: Int, n: Int, k: Int, adding: Bool
  ) {
    let runs = max(1, (k + longestRun - 1) / longestRun)
    let longest = ((k + runs - 1) / runs + 1) / 2 + 1
    let packed = PairBuffer(count: 64 * longest)
    for run in 0..<runs {
      // Whole pairs, but for the last.
      let from = run == 0 ? 0 : k * run / runs / 2 * 2
      let to = run == runs - 1 ? k : k * (run + 1) / runs / 2 * 2
      let first = a.pointer + from / 2 * a.step
      let layout = FactorLayout(outer: 1, outerStep: 0, inner: (to - from + 1) / 2, innerStep: a.step)
      for column in stride(from: 0, to: n, by: 64) {
        let columns = min(64, n - column)
        BFloat16.packRows(
          b + (from * ldb + column), pitch: ldb, rows: to - from, columns: columns, into: packed.pointer,
          targetPitch: columns)
        multiply(
          m: m, start: { first + $0 &* a.rowStep }, layout, packed.pointer, ldb: columns, into: c + column,
          ldc: ldc, n: columns, adding: adding || run > 0)
      }
    }
    withExtendedLifetime(a) {}
  }
}

/// The factor A `[m, k]` of a product in ``Pair``s along k: `[m, k / 2]`, or `[k / 2, m]` where it is stored
/// by columns.
struct PairFactor {
  private let buffer: PairBuffer
  /// From one row to the next, and along a row.
  let rowStep, step: Int

  /// - Parameters:
  ///   - a: `[m, k]` with rows `lda` apart, or `[k, m]` where `transA`.
  ///   - onAllThreads: from the thread that hands out the work.
  init(_ a: UnsafePointer<Float>, transA: Bool, lda: Int, m: Int, k: Int, onAllThreads: Bool = false) {
    let pairs = (k + 1) / 2
    let buffer = PairBuffer(count: max(1, m * pairs))
    (rowStep, step) = transA ? (1, m) : (pairs, 1)
    func pack(_ part: Range<Int>) {
      if transA {
        let rows = 2 * part.lowerBound..<min(k, 2 * part.upperBound)
        BFloat16.packRows(
          a + rows.lowerBound * lda, pitch: lda, rows: rows.count, columns: m,
          into: buffer.pointer + part.lowerBound * m, targetPitch: m)
      } else {
        for i in part { BFloat16.pack(a + i * lda, count: k, into: buffer.pointer + i * pairs) }
      }
    }
    let count = transA ? pairs : m
    if onAllThreads {
      Parallel.forEach(count: count, chunkSize: max(1, count / 8), pack)
    } else {
      pack(0..<count)
    }
    self.buffer = buffer
  }

  var pointer: UnsafePointer<Pair> { UnsafePointer(buffer.pointer) }
}

/// Room for ``Pair``s out of the pool of ``Buffer``.
struct PairBuffer {
  private let buffer: Buffer
  let pointer: UnsafeMutablePointer<Pair>

  init(count: Int) {
    buffer = Buffer(count: count)
    pointer = UnsafeMutableRawPointer(buffer.pointer).assumingMemoryBound(to: Pair.self)
  }
}
