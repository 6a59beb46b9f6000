import Glibc

/// The standard normal distribution.
public enum NormalDistribution {
  /// Φ(x) = P(X ≤ x).
  public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// Φ⁻¹(`probability`); -∞ at 0 and ∞ at 1.
  public static func quantile(_ probability: Double) -> Double {
    precondition(
      (0...1).contains(probability), "NormalDistribution.quantile: a probability of \(probability)")
    guard probability > 0, probability < 1 else { return probability == 0 ? -.infinity : .infinity }
    // The upper half has few digits left of 1 - p; the lower half has them all.
    guard probability <= 0.5 else { return -quantile(1 - probability) }
    // Φ(-39) is below the smallest number.
    return probability == 0.5 ? 0 : crossing(of: probability, in: -39...0, cumulative)
  }
}
