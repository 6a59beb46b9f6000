import Glibc

/// The beta distribution with the shapes `a` and `b`, both above 0.
public struct BetaDistribution: Sendable {
  /// The first shape: the density is proportional to x^(a - 1)·(1 - x)^(b - 1).
  public let a: Double
  /// The second shape.
  public let b: Double

  /// The distribution with these shapes.
  ///
  /// - Precondition: both are finite and above 0.
  public init(a: Double, b: Double) {
    precondition(a > 0 && b > 0 && a.isFinite && b.isFinite, "BetaDistribution: the shapes \(a) and \(b)")
    self.a = a
    self.b = b
  }

  /// P(X ≤ x), the regularized incomplete beta function I_x(a, b).
  ///
  /// By its continued fraction (DLMF 8.17.22), which converges fast for x < (a + 1) / (a + b + 2); elsewhere
  /// by I_x(a, b) = 1 - I_{1-x}(b, a) (DLMF 8.17.4).
  public func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    guard x < (a + 1) / (a + b + 2) else { return 1 - BetaDistribution(a: b, b: a).fraction(1 - x) }
    return fraction(x)
  }

  /// The x with P(X ≤ x) = `probability`.
  public func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "BetaDistribution.quantile: a probability of \(probability)")
    return crossing(of: probability, in: 0...1, cumulative)
  }

  /// x^a (1 - x)^b / (a B(a, b)) · 1 / (1 + d₁ / (1 + d₂ / (1 + …))), evaluated from the front (Lentz's
  /// algorithm as modified by Thompson and Barnett, Journal of Computational Physics 64 (1986), 490–509).
  private func fraction(_ x: Double) -> Double {
    let front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    // Stands in for a zero that would be divided by.
    let tiny = 1e-300
    var numerator = 1.0
    var denominator = 0.0
    var value = 1.0
    // The number of terms grows with the root of the larger shape.
    for term in 0..<100_000 {
      let m = Double(term / 2)
      let d =
        term == 0
        ? 1
        : term % 2 == 0
          ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
          : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      denominator = 1 + d * denominator
      denominator = 1 / (denominator.magnitude < tiny ? tiny : denominator)
      numerator = 1 + d / numerator
      numerator = numerator.magnitude < tiny ? tiny : numerator
      let factor = numerator * denominator
      value *= factor
      if term > 0, (factor - 1).magnitude < 1e-15 { break }
    }
    return front * (value - 1)
  }
}

/// Where a function that does not fall crosses `target`, to the last bit: by bisection, which needs no
/// derivative and cannot leave the range.
func crossing(of target: Double, in range: ClosedRange<Double>, _ f: (Double) -> Double) -> Double {
  var (low, high) = (range.lowerBound, range.upperBound)
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return high }
    if f(middle) < target { low = middle } else { high = middle }
  }
}
