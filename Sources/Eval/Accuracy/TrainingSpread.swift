/// A figure of several trainings that differ in their seed alone: its mean, and how it varies.
///
/// Each training i of n has the value xᵢ, measured with a sampling error σᵢ (that of drawing its images
/// again):
///
///     x̄ = Σ xᵢ / n        s² = Σ (xᵢ - x̄)² / (n - 1)        SE = s / √n        x̄ ± t · SE
///
/// with t of ``StudentT`` for 95 % and n - 1 degrees of freedom. The values scatter for two reasons, the seed
/// of the training and the drawing of the images: s² estimates τ² + Σ σᵢ² / n, where τ is the deviation of
/// the trainings themselves. So s, SE and the interval hold both parts already; to add σ to them would be to
/// count it twice. τ is estimated by what is left, √max(0, s² - Σ σᵢ² / n) (a random-effects model by the
/// method of moments: W. G. Cochran, "The combination of estimates from different experiments", Biometrics
/// 10, 1954).
///
/// Speaks of the seeds of one recipe: not of other lengths, data or networks, and not of the real images,
/// which are the same for all trainings.
public struct TrainingSpread: Codable, Equatable, Sendable {
  /// Trainings, n.
  public let count: Int
  /// x̄
  public let mean: Double
  /// s, of the values over the trainings.
  public let standardDeviation: Double
  /// SE, of the mean.
  public let standardError: Double
  /// 95 %, lower end first.
  public let interval: [Double]
  /// The mean of the σᵢ; nil of a figure that has no such error.
  public let samplingError: Double?
  /// τ; nil where the sampling error is not known.
  public let trainingDeviation: Double?

  /// Computes mean, deviation, interval and, where the errors are known, τ.
  ///
  /// - Parameters:
  ///   - values: one a training.
  ///   - samplingErrors: of each of them.
  /// - Precondition: two values or more, and as many errors.
  public init(_ values: [Double], samplingErrors: [Double]? = nil) {
    precondition(values.count >= 2, "TrainingSpread: \(values.count) trainings")
    precondition(
      samplingErrors.map { $0.count == values.count } ?? true,
      "TrainingSpread: \(samplingErrors?.count ?? 0) errors of \(values.count) trainings")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    count = values.count
    self.mean = mean
    standardDeviation = variance.squareRoot()
    standardError = (variance / n).squareRoot()
    let margin =
      StudentT.bound(probability: 0.95, degreesOfFreedom: values.count - 1) * standardError
    interval = [mean - margin, mean + margin]
    samplingError = samplingErrors.map { $0.reduce(0, +) / n }
    trainingDeviation = samplingErrors.map { errors in
      max(0, variance - errors.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
    }
  }

  /// Whether no figure is beyond all numbers.
  package var isFinite: Bool {
    let parts = [samplingError, trainingDeviation].compactMap { $0 }
    return ([mean, standardDeviation, standardError] + interval + parts).allSatisfy(\.isFinite)
  }
}
