/// A share of something that images have more or less of, such as pixels: the sum over images of yᵢ by that
/// of xᵢ, with the error of drawing the images again.
///
///     R = Σ yᵢ / Σ xᵢ        SE² = n / (n - 1) · Σ (yᵢ - R xᵢ)² / (Σ xᵢ)²
///
/// The pixels of an image are no independent trials, so it is the images that are counted (W. G. Cochran,
/// *Sampling Techniques*, 3rd edition 1977, §6.3).
public struct RatioEstimate: Codable, Equatable, Sendable {
  /// R; 0 where there is nothing to have a share of.
  public let value: Double
  /// SE; 0 for a single image.
  public let standardError: Double

  /// Computes both figures from one part and one whole an image.
  ///
  /// - Parameters:
  ///   - parts: yᵢ, one an image.
  ///   - wholes: xᵢ, not negative.
  public init(_ parts: [Double], of wholes: [Double]) {
    precondition(parts.count == wholes.count, "RatioEstimate: \(parts.count) parts of \(wholes.count) wholes")
    let (whole, n) = (wholes.reduce(0, +), Double(parts.count))
    let ratio = whole > 0 ? parts.reduce(0, +) / whole : 0
    let squares = zip(parts, wholes).reduce(0) { $0 + ($1.0 - ratio * $1.1) * ($1.0 - ratio * $1.1) }
    value = ratio
    standardError = n > 1 && whole > 0 ? (n / (n - 1) * squares).squareRoot() / whole : 0
  }
}
