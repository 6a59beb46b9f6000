/// The unbiased squared maximum mean discrepancy of two sets of features with the kernel k(x, y) = (x·y / s +
/// 1)³ (Bińkowski et al. 2018, §4), over all pairs:
///
///     KD = Σ_{i≠j} k(xᵢ, xⱼ) / n(n-1) + Σ_{i≠j} k(yᵢ, yⱼ) / m(m-1) - 2 Σᵢⱼ k(xᵢ, yⱼ) / nm
///
/// Other tools average it over random subsets of 1,000; the whole sample has one value, less variance, and
/// needs no random numbers. There s is the number d of a feature's numbers; the judges use the mean of ‖x‖²
/// over the real features, which makes the distance free of the features' scale. Its expectation is 0 for
/// samples of one distribution, so values below 0 are valid.
public struct KernelDistance: Equatable, Sendable {
  /// KD; at times below 0, as it is unbiased.
  public let value: Double
  /// The error of drawing the generated sample again, the real one held as it is: with the gain
  /// h(y) = Σ k(y, y')/(m-1) - Σ k(x, y)/n of each y, SE² = 4 Var h / m (Hoeffding's projection of a
  /// U-statistic).
  public let standardError: Double

  /// Computes both figures from the kernel sums of the comparison.
  public init(_ comparison: Comparison) {
    let (n, m) = (Double(comparison.realCount), Double(comparison.generatedCount))
    let real = comparison.real.kernelSums.reduce(0, +) / (n * (n - 1))
    let generated = comparison.generated.kernelSums.reduce(0, +) / (m * (m - 1))
    let across = comparison.kernelSums.reduce(0, +) / (n * m)
    value = real + generated - 2 * across
    let gains = zip(comparison.generated.kernelSums, comparison.kernelSums).map { $0 / (m - 1) - $1 / n }
    let scale = PowerOfTwo.scale(of: gains)
    let scaled = gains.map { $0 * scale }
    let mean = scaled.reduce(0, +) / m
    let variance = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m - 1)
    standardError = (4 * variance / m).squareRoot() / scale
  }
}
