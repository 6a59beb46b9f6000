import Foundation

/// The matrices of Winograd's minimal filtering F(m, r) in one dimension.
///
/// m outputs of a filter of r taps from n = m + r - 1 inputs, with n multiplications instead of m·r:
/// y = Aᵀ·[(G·g) ⊙ (Bᵀ·d)], Aᵀ `[m, n]`, G `[n, r]`, Bᵀ `[n, n]`.
///
/// Source: Winograd, "Arithmetic complexity of computations" (1980); Lavin and Gray, "Fast algorithms for
/// convolutional neural networks" (CVPR 2016). The matrices are built from interpolation points by the
/// Cook–Toom method. The points 0, ±1, ½, -2, ∞ keep the error of F(4, 3) near 10⁻⁶ of the largest output, a
/// third of that of the usual 0, ±1, ±2, ∞ (Barabasz et al., "Error analysis and improving the accuracy of
/// Winograd convolution", TOMS 2020, on the choice of points).
struct WinogradTransform {
  let outputs: Int
  let taps: Int
  var inputs: Int { outputs + taps - 1 }

  /// Aᵀ, G and Bᵀ, row-major.
  let output, filter, input: SmallMatrix

  /// F(4, 2), F(4, 3) and F(2, 5): at most six inputs, beyond which single precision suffers.
  init?(taps: Int) {
    let outputsByTaps = [2: 4, 3: 4, 5: 2]
    guard let outputs = outputsByTaps[taps] else { return nil }
    self.outputs = outputs
    self.taps = taps
    let n = outputs + taps - 1
    let points = Array([0, 1, -1, 0.5, -2].prefix(n - 1))
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
          return offset < 0 ? .zero : Lanes(at: source + offset)
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
    for i in 0..<rows {
      let row = l + i &* n
      var even = x0 * row[0]
      var odd = x1 * row[1]
      if n > 2 { even = even.adding(x2, times: Lanes(repeating: row[2])) }
      if n > 3 { odd = odd.adding(x3, times: Lanes(repeating: row[3])) }
      if n > 4 { even = even.adding(x4, times: Lanes(repeating: row[4])) }
      if n > 5 { odd = odd.adding(x5, times: Lanes(repeating: row[5])) }
      y(i, even + odd)
    }
  }
}
