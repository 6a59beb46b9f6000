import Foundation

/// The matrices of Winograd's minimal filtering F(m, r) in one dimension.
///
/// m outputs of a filter of r taps from n = m + r - 1 inputs, with n multiplications instead of m·r:
/// y = Aᵀ·[(G·g) ⊙ (Bᵀ·d)], Aᵀ `[m, n]`, G `[n, r]`, Bᵀ `[n, n]`.
///
/// Source: Winograd, "Arithmetic complexity of computations" (1980); Lavin and Gray, "Fast algorithms for
/// convolutional neural networks" (CVPR 2016). The matrices are built from interpolation points by the Cook–Toom
/// method. The points 0, ±1, ½, -2, ∞ keep the error of F(4, 3) near 10⁻⁶ of the largest output, a third of
/// that of the usual 0, ±1, ±2, ∞ (Barabasz et al., "Error analysis and improving the accuracy of Winograd
/// convolution", TOMS 2020, on the choice of points).
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

  /// Sixteen channels at a time.
  typealias Lanes = SIMD16<Float>

  /// y = L·x·Lᵀ for x `[columns, columns]` and y `[rows, rows]`; `scratch` holds `rows·columns`.
  @inline(__always)
  func apply(
    _ x: UnsafePointer<Lanes>, _ scratch: UnsafeMutablePointer<Lanes>, into y: UnsafeMutablePointer<Lanes>
  ) {
    for k in 0..<columns {
      multiply(x + k, step: columns, into: scratch + k, step: columns)
    }
    for i in 0..<rows {
      multiply(scratch + i &* columns, step: 1, into: y + i &* rows, step: 1)
    }
  }

  /// y[i·step] = Σ_j L[i, j]·x[j·step]. The vectors of x stay in registers, so their number is spelt out.
  @inline(__always)
  private func multiply(
    _ x: UnsafePointer<Lanes>, step from: Int, into y: UnsafeMutablePointer<Lanes>, step to: Int
  ) {
    elements.withUnsafeBufferPointer { elements in
      let l = elements.baseAddress.unsafelyUnwrapped
      let (x0, x1) = (x[0], x[from])
      switch columns {
      case 6:
        let (x2, x3, x4, x5) = (x[2 &* from], x[3 &* from], x[4 &* from], x[5 &* from])
        for i in 0..<rows {
          let row = l + 6 &* i
          let even = (x0 * row[0]).addingProduct(x2, row[2]).addingProduct(x4, row[4])
          let odd = (x1 * row[1]).addingProduct(x3, row[3]).addingProduct(x5, row[5])
          y[i &* to] = even + odd
        }
      case 4:
        let (x2, x3) = (x[2 &* from], x[3 &* from])
        for i in 0..<rows {
          let row = l + 4 &* i
          y[i &* to] = (x0 * row[0]).addingProduct(x2, row[2]) + (x1 * row[1]).addingProduct(x3, row[3])
        }
      default:
        for i in 0..<rows {
          let row = l + columns &* i
          var sum = (x0 * row[0]).addingProduct(x1, row[1])
          for j in 2..<max(2, columns) { sum = sum.addingProduct(x[j &* from], row[j]) }
          y[i &* to] = sum
        }
      }
    }
  }
}
