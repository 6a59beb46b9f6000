import CProcessor
import Glibc

/// The matrices of Winograd's minimal filtering F(m, r) in one dimension.
///
/// m outputs of a filter of r taps from n = m + r - 1 inputs, with n multiplications instead of m·r:
/// y = Aᵀ·[(G·g) ⊙ (Bᵀ·d)], Aᵀ `[m, n]`, G `[n, r]`, Bᵀ `[n, n]`.
///
/// Source: Winograd, "Arithmetic complexity of computations" (1980); Lavin and Gray, "Fast algorithms for
/// convolutional neural networks" (CVPR 2016). The matrices are built from interpolation points by the
/// Cook–Toom method. The points decide how far rounding is magnified (Barabasz et al., "Error analysis and
/// improving the accuracy of Winograd convolution", TOMS 2020). Relative errors, root mean square, of a sum
/// over 32 channels in two dimensions: F(4, 3) 1.5·10⁻⁶, a third of that of the usual 0, ±1, ±2, ∞; F(7, 2),
/// F(6, 3) and F(4, 5) 2.5 to 2.8·10⁻⁶; F(7, 3) 9.5·10⁻⁶, where 0, ±½, ±1, ±2, -¼, ∞ would give 4·10⁻⁵.
struct WinogradTransform {
  let outputs: Int
  let taps: Int
  var inputs: Int { outputs + taps - 1 }

  /// Aᵀ, G and Bᵀ, row-major.
  let output, filter, input: SmallMatrix

  /// The finite points of n inputs, all exact in binary.
  private static func points(_ n: Int) -> [Double] {
    switch n {
    case 8: [0, 0.5, -0.5, 1, -1, 2, -2]
    case 9: [0, 0.75, -0.75, 1.25, -1.25, 2, -2, -0.375]
    default: Array([0, 1, -1, 0.5, -2].prefix(n - 1))
    }
  }

  /// - Precondition: at most nine inputs.
  init(outputs: Int, taps: Int) {
    let n = outputs + taps - 1
    precondition(n <= 9, "WinogradTransform: F(\(outputs), \(taps))")
    self.outputs = outputs
    self.taps = taps
    let points = Self.points(n)
    var a = [[Double]](repeating: [Double](repeating: 0, count: n), count: outputs)
    var g = [[Double]](repeating: [Double](repeating: 0, count: taps), count: n)
    var b = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for (j, point) in points.enumerated() {
      let others = points.enumerated().filter { $0.offset != j }.map(\.element)
      let norm = others.reduce(1) { $0 * (point - $1) }
      for i in 0..<outputs { a[i][j] = pow(point, Double(i)) }
      for i in 0..<taps { g[j][i] = pow(point, Double(i)) / norm }
      for (i, coefficient) in Self.polynomial(roots: others).enumerated() { b[j][i] = coefficient }
    }
    a[outputs - 1][n - 1] = 1
    g[n - 1][taps - 1] = 1
    for (i, coefficient) in Self.polynomial(roots: points).enumerated() { b[n - 1][i] = coefficient }
    // A power of two moves between a row of G and the same row of Bᵀ so that both stay near 1; it is exact.
    for j in 0..<n {
      let ratio = (b[j].map(\.magnitude).max() ?? 1) / (g[j].map(\.magnitude).max() ?? 1)
      let scale = exp2((log2(ratio) / 2).rounded())
      b[j] = b[j].map { $0 / scale }
      g[j] = g[j].map { $0 * scale }
    }
    output = SmallMatrix(a)
    filter = SmallMatrix(g)
    input = SmallMatrix(b)
  }

  /// The coefficients of Π (x - root), lowest first.
  private static func polynomial(roots: [Double]) -> [Double] {
    roots.reduce([1]) { coefficients, root in
      (0...coefficients.count).map { i in
        (i > 0 ? coefficients[i - 1] : 0) - root * (i < coefficients.count ? coefficients[i] : 0)
      }
    }
  }
}

/// A matrix of a few rows and columns that is applied to a square of vectors from both sides.
struct SmallMatrix {
  let rows: Int
  let columns: Int
  private let elements: [Float]

  init(_ rows: [[Double]]) {
    self.rows = rows.count
    columns = rows.first?.count ?? 0
    elements = rows.flatMap { $0.map(Float.init) }
  }

  private init(rows: Int, columns: Int, elements: [Float]) {
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  var transposed: SmallMatrix {
    SmallMatrix(
      rows: columns, columns: rows,
      elements: (0..<columns * rows).map { elements[$0 % rows * columns + $0 / rows] })
  }

  /// y = L·x·Lᵀ, each element a vector of sixteen channels.
  ///
  /// - Parameters:
  ///   - source: element (i, j) of x `[columns, columns]` is `sourceOffsets[i·columns + j]` behind it, or
  ///     zero where that is negative.
  ///   - target: element (i, j) of y `[rows, rows]` goes to `targetOffsets[i·rows + j]` behind it, or nowhere
  ///     where that is negative.
  ///   - adding: add to what is there.
  ///   - scratch: room for `rows·columns` vectors.
  func apply(
    _ source: UnsafePointer<Float>, _ sourceOffsets: UnsafePointer<Int>,
    to target: UnsafeMutablePointer<Float>, _ targetOffsets: UnsafePointer<Int>, adding: Bool,
    _ scratch: UnsafeMutablePointer<Lanes>
  ) {
    switch columns {
    case 2: apply(Columns<2>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 3: apply(Columns<3>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 4: apply(Columns<4>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 5: apply(Columns<5>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 6: apply(Columns<6>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 7: apply(Columns<7>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 8: apply(Columns<8>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    case 9: apply(Columns<9>.self, source, sourceOffsets, target, targetOffsets, adding, scratch)
    default: preconditionFailure("SmallMatrix.apply: \(columns) columns")
    }
  }

  /// A number of columns that the compiler knows.
  private enum Columns<let count: Int> {}

  @inline(never)
  private func apply<let n: Int>(
    _: Columns<n>.Type, _ source: UnsafePointer<Float>, _ sourceOffsets: UnsafePointer<Int>,
    _ target: UnsafeMutablePointer<Float>, _ targetOffsets: UnsafePointer<Int>, _ adding: Bool,
    _ scratch: UnsafeMutablePointer<Lanes>
  ) {
    elements.withUnsafeBufferPointer { elements in
      let l = elements.baseAddress.unsafelyUnwrapped
      for k in 0..<n {
        multiply(Columns<n>.self, l) { j in
          let offset = sourceOffsets[j &* n &+ k]
          guard offset >= 0 else { return .zero }
          // The channels after the next: the caller goes on to them.
          assay_prefetch(source + (offset &+ 2 &* 16))
          return Lanes(at: source + offset)
        } to: { i, value in
          scratch[i &* n &+ k] = value
        }
      }
      for i in 0..<rows {
        multiply(Columns<n>.self, l) { j in
          scratch[i &* n &+ j]
        } to: { j, value in
          let offset = targetOffsets[i &* rows &+ j]
          guard offset >= 0 else { return }
          (adding ? Lanes(at: target + offset) + value : value).store(to: target + offset)
        }
      }
    }
  }

  /// y(i) = Σ_j L[i, j]·x(j). The vectors of x stay in registers, so their number is spelt out; even and odd
  /// terms are summed apart, which halves the chain of dependent instructions.
  @inline(__always)
  private func multiply<let n: Int>(
    _: Columns<n>.Type, _ l: UnsafePointer<Float>, from x: (Int) -> Lanes, to y: (Int, Lanes) -> Void
  ) {
    let (x0, x1) = (x(0), x(1))
    let x2 = n > 2 ? x(2) : .zero
    let x3 = n > 3 ? x(3) : .zero
    let x4 = n > 4 ? x(4) : .zero
    let x5 = n > 5 ? x(5) : .zero
    let x6 = n > 6 ? x(6) : .zero
    let x7 = n > 7 ? x(7) : .zero
    let x8 = n > 8 ? x(8) : .zero
    for i in 0..<rows {
      let row = l + i &* n
      var even = x0 * row[0]
      var odd = x1 * row[1]
      if n > 2 { even = even.adding(x2, times: Lanes(repeating: row[2])) }
      if n > 3 { odd = odd.adding(x3, times: Lanes(repeating: row[3])) }
      if n > 4 { even = even.adding(x4, times: Lanes(repeating: row[4])) }
      if n > 5 { odd = odd.adding(x5, times: Lanes(repeating: row[5])) }
      if n > 6 { even = even.adding(x6, times: Lanes(repeating: row[6])) }
      if n > 7 { odd = odd.adding(x7, times: Lanes(repeating: row[7])) }
      if n > 8 { even = even.adding(x8, times: Lanes(repeating: row[8])) }
      y(i, even + odd)
    }
  }
}
