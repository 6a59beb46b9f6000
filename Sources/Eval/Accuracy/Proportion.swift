/// How many of a number of trials succeeded: an accuracy with what is needed to trust it.
///
/// With k successes in n trials, p̂ = k / n and z = Φ⁻¹(0.975), the interval is Wilson's score interval, the
/// set of all p for which |p̂ - p| ≤ z √(p (1 - p) / n):
///
///     (p̂ + z² / 2n  ±  z √(p̂ (1 - p̂) / n + z² / 4n²)) / (1 + z² / n)
///
/// Unlike p̂ ± z √(p̂ (1 - p̂) / n) it stays within 0...1 and has a width at k = 0 and k = n.
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
/// the American Statistical Association 22 (1927), 209–212.
///
/// Speaks of independent trials: not of what another seed, another training or other data would give. Two
/// classifiers on the same images are not compared by laying their intervals side by side.
public struct Proportion: Hashable, Sendable {
  /// Successes, k.
  public let correct: Int
  /// Trials, n.
  public let count: Int

  /// So many successes in so many trials.
  ///
  /// - Precondition: `count` is at least 1 and `correct` in `0...count`.
  public init(correct: Int, count: Int) {
    precondition(count > 0, "a proportion needs at least one trial, not \(count)")
    precondition((0...count).contains(correct), "\(correct) of \(count) is not a proportion")
    self.correct = correct
    self.count = count
  }

  /// How many of the flags are set.
  ///
  /// - Precondition: there is at least one.
  public init(right: some Collection<Bool>) { self.init(correct: right.count { $0 }, count: right.count) }

  /// p̂, in 0...1.
  public var value: Double { Double(correct) / Double(count) }

  /// The Wilson 95 % interval; contains ``value`` and lies in 0...1.
  public var interval: ClosedRange<Double> {
    let z = 1.959963984540054
    let n = Double(count)
    let center = value + z * z / (2 * n)
    let halfWidth = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // Exact at the ends, where rounding would miss 0 and 1 by a hair.
    let lower = correct == 0 ? 0 : (center - halfWidth) / scale
    let upper = correct == count ? 1 : (center + halfWidth) / scale
    return lower...upper
  }
}

/// As `value`, `interval` (`[low, high]`), `correct` and `count`; read from the last two.
extension Proportion: Codable {
  private enum CodingKeys: String, CodingKey { case value, interval, correct, count }

  /// Reads `correct` and `count`; `value` and `interval` follow from them and are not looked at.
  ///
  /// - Throws: `DecodingError` where a field is missing, or the two are no proportion.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let correct = try container.decode(Int.self, forKey: .correct)
    let count = try container.decode(Int.self, forKey: .count)
    guard count > 0, (0...count).contains(correct) else {
      throw DecodingError.dataCorruptedError(
        forKey: .correct, in: container, debugDescription: "\(correct) of \(count) is not a proportion")
    }
    self.init(correct: correct, count: count)
  }

  /// Writes all four fields.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode([interval.lowerBound, interval.upperBound], forKey: .interval)
    try container.encode(correct, forKey: .correct)
    try container.encode(count, forKey: .count)
  }
}
