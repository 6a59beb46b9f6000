import CProcessor

/// C = A·B `[m, n]` on the calling thread, tile by tile. n is a multiple of 16.
///
/// A library has to bring its factors into the order of its innermost loop, because it cannot know how they
/// lie; that copy, and the rows that do not fill a tile, cost it a tenth to a half of its speed on the small
/// products of our layers. Here B is row-major, as weights are, and A may lie in any way that
/// ``FactorLayout`` describes: a matrix, its transpose, the windows of an image (docs/decisions/0004).
///
/// Every element of C is summed in the order of k, each step rounded once: the same bytes for any cut of C,
/// and on any processor that multiplies and adds in one instruction.
package enum TiledProduct {
  /// Whether this program was built for a processor that multiplies and adds in one instruction.
  @inline(__always)
  package static var isAvailable: Bool {
    Processor.Code.multipliesAndAdds
  }

  /// With the 32 registers of AVX-512 a row of a tile is four of them. The 16 registers of AVX2, or 32 of a
  /// quarter of the width, hold six rows of 16 columns.
  @inline(__always)
  private static var hasWideRegisters: Bool { Processor.Code.hasWideRegisters }
  static let rowsPerTile = 6
  @inline(__always)
  static var columnsPerTile: Int { hasWideRegisters ? 64 : 16 }
  /// Rows of a panel of B that are gone through before the next rows of A. 256 KiB of 64 columns are a
  /// quarter of the second-level cache, 16 KiB of 16 columns half of the first.
  private static var longestRun: Int { hasWideRegisters ? 1024 : 256 }
  /// How many rows of B are on their way while one is copied: the processor sees rows come that follow each
  /// other, not those that lie pages apart.
  private static let rowsAhead = 16

  /// Whether each panel of a B whose rows lie `ldb` apart is copied before `m` rows of A go through it: where
  /// its rows would else lie in a page each and push each other out of the cache.
  static func copiesPanels(ofRows ldb: Int, for m: Int) -> Bool {
    !Processor.Code.foreseesPages && ldb > columnsPerTile && m > 2 * rowsPerTile
  }

  /// Whether an A stored by columns is brought into the order of its tiles first, for so many columns of B.
  static func copiesColumns(for n: Int) -> Bool { !Processor.Code.foreseesPages && n > 2 * columnsPerTile }

  /// For A of any layout; k is `layout.outer`·`layout.inner`, at most ``longestRun`` or so.
  ///
  /// - Parameters:
  ///   - Row: 16 columns of C, and with it what the factors are made of; `layout` and `ldb` count these.
  ///   - start: where row i of A starts, for i in 0 ..< m.
  @inline(__always)
  static func multiply<Row: TileRow>(
    _: Row.Type, m: Int, start: (Int) -> UnsafePointer<Row.Element>, _ layout: FactorLayout,
    _ b: UnsafePointer<Row.Element>, ldb: Int, into c: UnsafeMutablePointer<Float>, ldc: Int, n: Int,
    adding: Bool
  ) {
    typealias Two = TileRowPair<Row>
    typealias Four = TileRowPair<Two>
    var column = 0
    if hasWideRegisters {
      while column + 64 <= n {
        panel(Four.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
        column += 64
      }
      if column + 32 <= n {
        panel(Two.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
        column += 32
      }
    }
    while column + 16 <= n {
      panel(Row.self, m, start, layout, b + column, ldb, c + column, ldc, adding)
      column += 16
    }
  }

  /// Some columns of C, as many as a `Row` has.
  @inline(__always)
  private static func panel<Row: TileRow>(
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

  /// The same in `Float`s.
  @inline(__always)
  static func multiply(
    m: Int, start: (Int) -> UnsafePointer<Float>, _ layout: FactorLayout,
    _ b: UnsafePointer<Float>, ldb: Int, into c: UnsafeMutablePointer<Float>, ldc: Int, n: Int, adding: Bool
  ) {
    multiply(
      TileRow16.self, m: m, start: start, layout, b, ldb: ldb, into: c, ldc: ldc, n: n, adding: adding)
  }

  /// For a matrix A: element (i, p) at `a[i·rowStep + p·columnStep]`.
  static func multiply(
    _ a: UnsafePointer<Float>, rowStep: Int, columnStep: Int, _ b: UnsafePointer<Float>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, n: Int, k: Int, adding: Bool
  ) {
    let runs = max(1, (k + longestRun - 1) / longestRun)
    for run in 0..<runs {
      let (from, to) = (k * run / runs, k * (run + 1) / runs)
      let (a, b) = (a + from * columnStep, b + from * ldb)
      let (k, adding) = (to - from, adding || run > 0)
      if rowStep == 1, copiesColumns(for: n) {
        let tiles = tiles(a, columnStep: columnStep, m: m, k: k)
        let first = UnsafePointer(tiles.pointer)
        multiplyPanels(
          m: m, start: { first + ($0 / rowsPerTile &* rowsPerTile &* k + $0 % rowsPerTile) },
          step: rowsPerTile, k: k, b, ldb: ldb, into: c, ldc: ldc, n: n, adding: adding)
        withExtendedLifetime(tiles) {}
      } else {
        multiplyPanels(
          m: m, start: { a + $0 &* rowStep }, step: columnStep, k: k, b, ldb: ldb, into: c, ldc: ldc, n: n,
          adding: adding)
      }
    }
  }

  /// A stored by columns, in the order in which tiles read it, `[tile, k, 6]`: else each of its columns lies
  /// in a page of its own, and each panel of B goes through all of them.
  private static func tiles(_ a: UnsafePointer<Float>, columnStep: Int, m: Int, k: Int) -> Buffer {
    let tiles = Buffer(count: (m + rowsPerTile - 1) / rowsPerTile * rowsPerTile * k)
    for p in 0..<k {
      let column = a + p &* columnStep
      for i in stride(from: 0, to: m, by: rowsPerTile) {
        let target = tiles.pointer + (i &* k + p &* rowsPerTile)
        for row in 0..<min(rowsPerTile, m &- i) { target[row] = column[i &+ row] }
      }
    }
    return tiles
  }

  /// With a copy of each panel of B where ``copiesPanels(ofRows:for:)``.
  private static func multiplyPanels(
    m: Int, start: (Int) -> UnsafePointer<Float>, step: Int, k: Int, _ b: UnsafePointer<Float>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, n: Int, adding: Bool
  ) {
    let layout = FactorLayout(outer: 1, outerStep: 0, inner: k, innerStep: step)
    guard copiesPanels(ofRows: ldb, for: m) else {
      return multiply(m: m, start: start, layout, b, ldb: ldb, into: c, ldc: ldc, n: n, adding: adding)
    }
    let panel = Buffer(count: k * columnsPerTile)
    for column in stride(from: 0, to: n, by: columnsPerTile) {
      let width = min(columnsPerTile, n &- column)
      for p in 0..<k {
        let (from, to) = (b + (p &* ldb &+ column), panel.pointer + p &* width)
        for part in stride(from: 0, to: width, by: 16) {
          assay_prefetch(from + (rowsAhead &* ldb &+ part))
          Lanes(at: from + part).store(to: to + part)
        }
      }
      multiply(
        m: m, start: start, layout, panel.pointer, ldb: width, into: c + column, ldc: ldc, n: width,
        adding: adding)
    }
    withExtendedLifetime(panel) {}
  }
}
