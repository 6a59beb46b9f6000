import Glibc

/// Student's distribution: how far the mean of few values may lie from what it estimates.
///
/// With ν degrees of freedom and θ = arctan(t / √ν), the probability of |T| ≤ t is a finite sum:
///
///     ν = 1:        2θ / π
///     ν = 3, 5, …:  2/π (θ + sin θ (cos θ + 2/3 cos³ θ + … + 2·4···(ν-3) / 3·5···(ν-2) cos^(ν-2) θ))
///     ν = 2, 4, …:  sin θ (1 + 1/2 cos² θ + … + 1·3···(ν-3) / 2·4···(ν-2) cos^(ν-2) θ)
///
/// Source: "Student" (W. S. Gosset), "The probable error of a mean", Biometrika 6 (1908); the sums are 26.7.3
/// and 26.7.4 of Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964).
///
/// Knows whole degrees of freedom only.
public enum StudentT {
  /// The probability of a value from -t to t.
  ///
  /// - Precondition: t and the degrees of freedom are above 0.
  public static func probability(within t: Double, degreesOfFreedom: Int) -> Double {
    precondition(t > 0 && degreesOfFreedom > 0, "StudentT: t = \(t) with \(degreesOfFreedom) degrees")
    return probability(angle: atan(t / Double(degreesOfFreedom).squareRoot()), degreesOfFreedom)
  }

  /// The t for which a value lies from -t to t with this probability: 12.706 for 0.95 and one degree of
  /// freedom, 1.96 for very many.
  ///
  /// - Precondition: the probability lies between 0 and 1, and the degrees of freedom are above 0.
  public static func bound(probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(
      probability > 0 && probability < 1 && degreesOfFreedom > 0,
      "StudentT: the probability \(probability) with \(degreesOfFreedom) degrees")
    // Halves the range of θ until no number lies between its ends.
    var (low, high) = (0.0, Double.pi / 2)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if self.probability(angle: middle, degreesOfFreedom) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return tan(low) * Double(degreesOfFreedom).squareRoot()
  }

  private static func probability(angle: Double, _ degreesOfFreedom: Int) -> Double {
    let isOdd = degreesOfFreedom % 2 == 1
    if degreesOfFreedom == 1 { return 2 * angle / .pi }
    var term = isOdd ? cos(angle) : 1
    var sum = term
    let square = cos(angle) * cos(angle)
    for power in stride(from: isOdd ? 3 : 2, through: degreesOfFreedom - 2, by: 2) {
      term *= square * Double(power - 1) / Double(power)
      sum += term
    }
    return isOdd ? 2 / .pi * (angle + sin(angle) * sum) : sin(angle) * sum
  }
}
