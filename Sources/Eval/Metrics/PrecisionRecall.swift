/// How generated and real features lie within each other's neighbourhoods of k = 5.
///
/// Precision and recall as of Kynkäänniemi et al. 2019 (§3), density and coverage as of Naeem et al. 2020
/// (§4). A ball is open, as in the code of Naeem et al.; an equal feature is in it even where the radius is
/// 0. Where both sets are of one distribution, density is 1 and coverage
/// ``expectedCoverage(real:generated:k:)``; precision and recall have no such value and want real against
/// real beside them.
public struct PrecisionRecall: Codable, Equatable, Sendable {
  /// The share of generated features near a real one: are the images good?
  public let precision: Double
  /// The share of real features near a generated one: are all kinds of images there?
  public let recall: Double
  /// Real balls that a generated feature lies in, divided by k; above 1 where the images are more typical
  /// than real ones.
  public let density: Double
  /// The share of real features with a generated one in their ball.
  public let coverage: Double

  /// Turns the counts of the comparison into shares.
  public init(_ comparison: Comparison) {
    let (n, m) = (Double(comparison.realCount), Double(comparison.generatedCount))
    precision = Double(comparison.generatedInside) / m
    recall = Double(comparison.realInside) / n
    density = Double(comparison.pairsInside) / (m * Double(comparison.real.k))
    coverage = Double(comparison.realOccupied) / n
  }

  /// 1 - Π (n-q)/(n+m-q) over q in 1...k: exact for any continuous distribution.
  public static func expectedCoverage(real n: Int, generated m: Int, k: Int = Neighborhoods.standardK)
    -> Double
  {
    1 - (1...k).reduce(1.0) { $0 * Double(n - $1) / Double(n + m - $1) }
  }
}
