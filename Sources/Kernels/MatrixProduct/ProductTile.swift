/// Where the factor A `[rows, k]` of a product lies in memory: element (i, q·inner + p) is q·outerStep +
/// p·innerStep behind the start of row i.
///
/// Two nested steps are enough to read a matrix, its transpose, or the windows of an image in place.
struct FactorLayout {
  let outer, outerStep, inner, innerStep: Int
}

/// One row of a tile of C: some vectors side by side, each in a register of its own.
protocol TileRow {
  /// What an element of A is, and how many of them a step along k takes: a `Float`, or a ``Pair``.
  associatedtype Element
  /// The vectors of a row of B.
  associatedtype Factor
  static var columns: Int { get }
  init()
  init(at pointer: UnsafePointer<Float>)
  func store(to pointer: UnsafeMutablePointer<Float>)
  static func factor(at pointer: UnsafePointer<Element>) -> Factor
  mutating func add(_ a: Element, times b: Factor)
}

struct TileRow16: TileRow {
  private var x: Lanes
  static var columns: Int { 16 }
  @inline(__always) init() { x = .zero }
  @inline(__always) init(at p: UnsafePointer<Float>) { x = Lanes(at: p) }
  @inline(__always) func store(to p: UnsafeMutablePointer<Float>) { x.store(to: p) }
  @inline(__always) static func factor(at p: UnsafePointer<Float>) -> Lanes { Lanes(at: p) }
  @inline(__always) mutating func add(_ a: Float, times b: Lanes) {
    x = x.adding(Lanes(repeating: a), times: b)
  }
}

/// Twice as many vectors as in `Half`.
struct TileRowPair<Half: TileRow>: TileRow {
  private var left, right: Half
  static var columns: Int { 2 * Half.columns }
  @inline(__always) init() { (left, right) = (Half(), Half()) }
  @inline(__always) init(at p: UnsafePointer<Float>) {
    (left, right) = (Half(at: p), Half(at: p + Half.columns))
  }
  @inline(__always) func store(to p: UnsafeMutablePointer<Float>) {
    left.store(to: p)
    right.store(to: p + Half.columns)
  }
  @inline(__always) static func factor(at p: UnsafePointer<Half.Element>) -> (Half.Factor, Half.Factor) {
    (Half.factor(at: p), Half.factor(at: p + Half.columns))
  }
  @inline(__always) mutating func add(_ a: Half.Element, times b: (Half.Factor, Half.Factor)) {
    left.add(a, times: b.0)
    right.add(a, times: b.1)
  }
}

/// The innermost loop of ``TiledProduct``: C[6, columns] = A[6, k]·B[k, columns], C in registers.
///
/// With AVX-512 and rows of 64 columns, 24 of the 32 vector registers hold C, four a row of B and one an
/// element of A; a step is 24 multiply-adds, four loads and six broadcasts, and reaches 99 % of what the
/// processor can do. With AVX2 and rows of 16 columns it is 12 of 16 registers, two and one.
/// The six rows are spelt out because an array would live in memory.
enum ProductTile<Row: TileRow> {
  /// - Parameters:
  ///   - count: how many rows of C are meant, 1 to 6; the others are neither read nor written.
  ///   - start: where row i of A starts, for i in 0 ..< count.
  ///   - adding: add to what is in C.
  @inline(__always)
  static func multiply(
    _ count: Int, start: (Int) -> UnsafePointer<Row.Element>, _ layout: FactorLayout,
    _ b: UnsafePointer<Row.Element>, ldb: Int, into c: UnsafeMutablePointer<Float>, ldc: Int, adding: Bool
  ) {
    // Rows beyond the count repeat the last one.
    let last = count &- 1
    let (a0, a1, a2) = (start(0), start(min(1, last)), start(min(2, last)))
    let (a3, a4, a5) = (start(min(3, last)), start(min(4, last)), start(min(5, last)))
    var (c0, c1, c2, c3, c4, c5) = (Row(), Row(), Row(), Row(), Row(), Row())
    if adding {
      (c0, c1) = (Row(at: c), Row(at: c + min(1, last) &* ldc))
      (c2, c3) = (Row(at: c + min(2, last) &* ldc), Row(at: c + min(3, last) &* ldc))
      (c4, c5) = (Row(at: c + min(4, last) &* ldc), Row(at: c + min(5, last) &* ldc))
    }
    var b = b
    var outer = 0
    for _ in 0..<layout.outer {
      var p = outer
      for _ in 0..<layout.inner {
        let row = Row.factor(at: b)
        b += ldb
        c0.add(a0[p], times: row)
        c1.add(a1[p], times: row)
        c2.add(a2[p], times: row)
        c3.add(a3[p], times: row)
        c4.add(a4[p], times: row)
        c5.add(a5[p], times: row)
        p &+= layout.innerStep
      }
      outer &+= layout.outerStep
    }
    c0.store(to: c)
    if count > 1 { c1.store(to: c + ldc) }
    if count > 2 { c2.store(to: c + 2 &* ldc) }
    if count > 3 { c3.store(to: c + 3 &* ldc) }
    if count > 4 { c4.store(to: c + 4 &* ldc) }
    if count > 5 { c5.store(to: c + 5 &* ldc) }
  }
}
