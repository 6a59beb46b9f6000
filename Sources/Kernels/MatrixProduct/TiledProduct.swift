/// C = A·B `[m, n]` on the calling thread, tile by tile, without copying A or B first. n is a multiple of 16.
///
/// A library has to bring its factors into the order of its innermost loop, because it cannot know how they
/// lie; that copy, and the rows that do not fill a tile, cost it a tenth to a half of its speed on the small
/// products of our layers. Here B is row-major, as weights are, and A may lie in any way that
/// ``FactorLayout`` describes: a matrix, its transpose, the windows of an image. Needs the 32 vector
/// registers of AVX-512 (docs/decisions/0004).
///
/// Every element of C is summed in the order of k, in runs of ``longestRun``: the same bytes for any cut of
/// C.
enum TiledProduct {
  /// Whether this program and this processor have what the tiles need.
  static let isAvailable: Bool = {
    #if ASSAY_PORTABLE
      false
    #else
      Processor.current.hasAVX512
    #endif
  }()

  /// A panel of B of 64 columns and this many rows is 256 KiB: a quarter of the second-level cache.
  private static let longestRun = 1024
  static let rowsPerTile = 6

  /// For A of any layout; k is `layout.outer`·`layout.inner`, at most ``longestRun`` or so.
  ///
  /// - Parameter start: where row i of A starts, for i in 0 ..< m.
  @inline(__always)
  static func multiply(
    m: Int, start: (Int) -> UnsafePointer<Float>, _ layout: FactorLayout,
    _ b: UnsafePointer<Float>, ldb: Int, into c: UnsafeMutablePointer<Float>, ldc: Int, n: Int, adding: Bool
  ) {
    var column = 0
    while column + 64 <= n {
      panel(TileRow64.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
      column += 64
    }
    if column + 32 <= n {
      panel(TileRow32.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
      column += 32
    }
    if column + 16 <= n {
      panel(TileRow16.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
    }
  }

  /// Some columns of C, as many as a `Row` has.
  @inline(__always)
  static func panel<Row: TileRow>(
    _: Row.Type, _ m: Int, _ start: (Int) -> UnsafePointer<Row.Element>, _ layout: FactorLayout,
    _ b: UnsafePointer<Row.Element>, _ ldb: Int, _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ adding: Bool
  ) {
    for i in stride(from: 0, to: m, by: rowsPerTile) {
      ProductTile<Row>.multiply(
        min(rowsPerTile, m &- i), start: { start(i &+ $0) }, layout, b, ldb: ldb, into: c + i &* ldc,
        ldc: ldc,
        adding: adding)
    }
  }

  /// For a matrix A: element (i, p) at `a[i·rowStep + p·columnStep]`.
  static func multiply(
    _ a: UnsafePointer<Float>, rowStep: Int, columnStep: Int, _ b: UnsafePointer<Float>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, n: Int, k: Int, adding: Bool
  ) {
    let runs = max(1, (k + longestRun - 1) / longestRun)
    for run in 0..<runs {
      let (from, to) = (k * run / runs, k * (run + 1) / runs)
      let layout = FactorLayout(outer: 1, outerStep: 0, inner: to - from, innerStep: columnStep)
      multiply(
        m: m, start: { a + ($0 &* rowStep &+ from &* columnStep) }, layout, b + from * ldb, ldb: ldb, into: c,
        ldc: ldc, n: n, adding: adding || run > 0)
    }
  }
}
