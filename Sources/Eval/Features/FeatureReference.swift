import Kernels

/// Every figure that features alone give, of generated ones against real ones.
public struct FeatureFigures: Codable, Equatable, Sendable {
  public let count: Int
  /// Numbers of a feature.
  public let dimension: Int
  /// ``FrechetDistance``, and its standard error.
  public let frechetDistance, frechetError: Double
  /// ``KernelDistance``, and its standard error.
  public let kernelDistance, kernelError: Double
  public let neighbors: PrecisionRecall
  /// ``VendiScore``
  public let vendi: Double?
}

/// Real features, ready to be compared with.
public struct FeatureReference: Sendable {
  public let features: Matrix
  public let neighborhoods: Neighborhoods
  public let frechet: FrechetDistance.Reference

  /// Fewer features than this have no fifth neighbour.
  public static let fewest = Neighborhoods.standardK + 1

  /// - Parameters:
  ///   - features: `[N, d]`, at least ``fewest``.
  ///   - neighborhoods: of these features, where they are known already: they are the longest computation.
  ///   - kernelScale: of the kernel distance; nil for d, as in the literature.
  public init(_ features: Matrix, neighborhoods: Neighborhoods? = nil, kernelScale: Double? = nil) {
    self.features = features
    self.neighborhoods = neighborhoods ?? Neighborhoods(features, kernelScale: kernelScale)
    frechet = .init(FeatureMoments(features))
  }

  /// The Fréchet distance to features `[N, d]`, with its standard error.
  public func distance(
    to other: Matrix
  ) throws(Matrix.NoConvergence) -> (value: Double, standardError: Double) {
    try frechet.distance(to: other)
  }

  /// Steps of ``figures(of:progress:)``.
  public static func steps(generatedCount: Int) -> Int {
    4 + FrechetDistance.Reference.steps(count: generatedCount)
  }

  /// - Parameters:
  ///   - generated: `[N, d]`, at least ``fewest``.
  ///   - progress: called after each of the ``steps(generatedCount:)``.
  public func figures(
    of generated: Matrix, progress: () -> Void = {}
  ) throws(Matrix.NoConvergence) -> FeatureFigures {
    let own = Neighborhoods(generated, kernelScale: neighborhoods.kernelScale)
    progress()
    let comparison = Comparison(real: features, neighborhoods, generated: generated, own)
    progress()
    let kernel = KernelDistance(comparison)
    progress()
    let distance = try frechet.distance(to: generated, progress: progress)
    defer { progress() }
    return FeatureFigures(
      count: generated.rows, dimension: generated.columns, frechetDistance: distance.value,
      frechetError: distance.standardError, kernelDistance: kernel.value, kernelError: kernel.standardError,
      neighbors: PrecisionRecall(comparison), vendi: try VendiScore.of(generated))
  }

  /// What two real samples, this one and another of `count`, are apart in expectation.
  public func expectedBias(count: Int) throws(Matrix.NoConvergence) -> Double {
    try FrechetDistance.expectedBias(features, count: count)
  }
}
