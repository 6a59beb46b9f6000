import Glibc

/// By how much the sum of the singular values of a matrix M falls where a·xxᵀ is taken from A = MMᵀ, for many
/// x at once:
///
///     Tr A^½ - Tr (A - a·xxᵀ)^½ = -1/π ∫ ln(1 - a·xᵀ(A + s²)⁻¹x) ds,   s from 0 to ∞
///
/// which follows from λ^½ = 1/π ∫ ln(1 + λ/s²) ds, summed over the eigenvalues, and from det(A + s² - a·xxᵀ)
/// = det(A + s²)·(1 - a·xᵀ(A + s²)⁻¹x). Exact up to the quadrature, also where M is singular.
///
/// Over ln s the integrand is analytic up to a distance of π/2 from the real line and falls off
/// exponentially, so the trapezoidal rule at the powers of two is right to about exp(-π²/ln 2) = 7e-7.
///
/// xᵀ(A + s²)⁻¹x is found in M's bidiagonal form (``Bidiagonalization``), in which A + s² = L·D·Lᵀ with one
/// subdiagonal in L: Σ wᵢ²/Dᵢ with Lw = x. L and D come from the differential stationary qd transform
/// (Parlett 1995), which subtracts nothing.
public struct RankOneDowndates: Sendable {
  private static let exponents = -28...28
  /// Shifts that are gone through together.
  private static let together = 4
  private static let vectorsPerChunk = 512

  private let count: Int
  private let weight: Double
  /// Shifts, a multiple of ``together``; those that fill up have a weight of 0.
  private let shifts: Int
  /// ln 2·s/π of each shift.
  private let quadrature: [Double]
  /// -L's subdiagonal and 1/D: `[r, shifts]`, the former one row down.
  private let subdiagonal, inverses: [Double]

  /// Prepares one matrix M and one weight a for many vectors x.
  ///
  /// - Parameters:
  ///   - form: of M.
  ///   - weight: a.
  public init(_ form: Bidiagonalization, weight: Double) {
    (count, self.weight) = (form.count, weight)
    let size = max(
      form.diagonal.reduce(0) { max($0, $1.magnitude) },
      form.superdiagonal.reduce(0) { max($0, $1.magnitude) })
    let nodes = size > 0 ? Self.exponents.map { scalbn(size, $0) } : []
    let shifts = (nodes.count + Self.together - 1) / Self.together * Self.together
    var (lower, inverses) = (
      [Double](repeating: 0, count: count * shifts), [Double](repeating: 0, count: count * shifts)
    )
    for (index, node) in nodes.enumerated() {
      var p = node * node
      for k in 0..<count {
        let (d, e) = (form.diagonal[k], k + 1 < count ? form.superdiagonal[k] : 0)
        let pivot = d * d + p
        inverses[k * shifts + index] = 1 / pivot
        if k + 1 < count { lower[(k + 1) * shifts + index] = -d * e / pivot }
        p = e * e / pivot * p + node * node
      }
    }
    self.shifts = shifts
    quadrature = nodes.map { log(2) * $0 / .pi } + [Double](repeating: 0, count: shifts - nodes.count)
    (subdiagonal, self.inverses) = (lower, inverses)
  }

  /// Steps of ``losses(of:mean:coordinates:progress:)``.
  public static func steps(vectors: Int, dimension: Int) -> Int {
    Parallel.steps(chunks: chunks(vectors), operations: vectorsPerChunk * dimension * dimension)
  }

  private static func chunks(_ vectors: Int) -> Int { (vectors + vectorsPerChunk - 1) / vectorsPerChunk }

  /// For x = `map`·(v - `mean`) of each vector v.
  ///
  /// - Parameters:
  ///   - vectors: one v a row, `[n, d]`.
  ///   - mean: `[d]`.
  ///   - map: `[r, d]`, to coordinates of M's bidiagonal form (``Bidiagonalization/leftCoordinates(of:)``).
  ///   - progress: called after each of the ``steps(vectors:dimension:)``.
  /// - Returns: `[n]`
  public func losses(
    of vectors: Matrix, mean: [Double], coordinates map: Matrix, progress: () -> Void = {}
  ) -> [Double] {
    precondition(
      map.rows == count && map.columns == vectors.columns && mean.count == vectors.columns,
      "RankOneDowndates: \(map.rows)×\(map.columns) for \(count)×\(vectors.columns)")
    let (d, width) = (vectors.columns, Self.vectorsPerChunk)
    var losses = [Double](repeating: 0, count: vectors.rows)
    losses.withUnsafeMutableBufferPointer { losses in
      let losses = losses
      Parallel.forEach(
        chunks: Self.chunks(vectors.rows), operations: width * d * d, progress: progress
      ) { chunk in
        guard shifts > 0 else { return }
        let rows = chunk * width..<min(vectors.rows, (chunk + 1) * width)
        var centered = [Double](repeating: 0, count: width * d)
        vectors.center(rows, on: mean, into: &centered)
        var x = [Double](repeating: 0, count: count * width)
        OpenBLAS.required.multiply(
          map.elements, transposed: false, lda: d, centered, transposed: true, ldb: d, into: &x, ldc: width,
          m: count, n: width, k: d, beta: 0)
        x.withUnsafeBufferPointer { x in
          for first in stride(from: 0, to: rows.count, by: 8) {
            let found = losses8(x.baseAddress.unsafelyUnwrapped + first, step: width)
            for lane in 0..<min(8, rows.count - first) {
              losses[rows.lowerBound + first + lane] = found[lane]
            }
          }
        }
      }
    }
    return losses
  }

  private typealias Vector = SIMD8<Double>

  /// Of eight vectors side by side, each row `step` after the one before.
  private func losses8(_ x: UnsafePointer<Double>, step: Int) -> Vector {
    var total = Vector.zero
    subdiagonal.withUnsafeBufferPointer { lower in
      inverses.withUnsafeBufferPointer { inverses in
        for first in stride(from: 0, to: shifts, by: Self.together) {
          var (w0, w1, w2, w3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
          var (q0, q1, q2, q3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
          for k in 0..<count {
            let z = UnsafeRawPointer(x + k * step).loadUnaligned(as: Vector.self)
            let (l, i) = (
              lower.baseAddress.unsafelyUnwrapped + k * shifts + first,
              inverses.baseAddress.unsafelyUnwrapped + k * shifts + first
            )
            w0 = z + w0 * l[0]
            w1 = z + w1 * l[1]
            w2 = z + w2 * l[2]
            w3 = z + w3 * l[3]
            q0 += w0 * w0 * i[0]
            q1 += w1 * w1 * i[1]
            q2 += w2 * w2 * i[2]
            q3 += w3 * w3 * i[3]
          }
          for (index, q) in [q0, q1, q2, q3].enumerated() { total += loss(q, first + index) }
        }
      }
    }
    return total
  }

  /// The integrand at a shift, times its weight.
  private func loss(_ q: Vector, _ shift: Int) -> Vector {
    var result = Vector.zero
    // 1 - a·q is positive; rounding may say otherwise where M is singular and s small, where s weighs little.
    for lane in 0..<8 { result[lane] = -quadrature[shift] * log1p(-min(weight * q[lane], 1 - .ulpOfOne)) }
    return result
  }
}
