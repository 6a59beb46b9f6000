import Kernels

/// Every figure that features alone give, of generated ones against real ones.
public struct FeatureFigures: Codable, Equatable, Sendable {
  /// Generated features.
  public let count: Int
  /// Numbers of a feature.
  public let dimension: Int
  /// ``FrechetDistance`` to the real features.
  public let frechetDistance: Double
  /// Its standard error, that of drawing the generated features again.
  public let frechetError: Double
  /// ``KernelDistance`` to the real features; may be below 0.
  public let kernelDistance: Double
  /// Its standard error, that of drawing the generated features again.
  public let kernelError: Double
  /// Precision, recall, density and coverage.
  public let neighbors: PrecisionRecall
  /// ``VendiScore`` of the generated features; nil where none of them has a direction.
  public let vendi: Double?

  init(
    _ comparison: Comparison, distance: (value: Double, standardError: Double), vendi: Double?
  ) {
    count = comparison.generatedCount
    dimension = comparison.dimension
    (frechetDistance, frechetError) = (distance.value, distance.standardError)
    let kernel = KernelDistance(comparison)
    (kernelDistance, kernelError) = (kernel.value, kernel.standardError)
    neighbors = PrecisionRecall(comparison)
    self.vendi = vendi
  }
}

/// Real features, ready to be compared with.
public struct FeatureReference: Sendable {
  /// The real features, `[N, d]`.
  public let features: Matrix
  /// Distances and kernel sums among the real features.
  public let neighborhoods: Neighborhoods
  /// The real features' moments, factored for distances to many other sets.
  public let frechet: FrechetDistance.Reference
  /// What was computed with the figures already.
  private let known: (biasFactor: Double, vendi: Double?)?

  /// Fewer features than this have no fifth neighbour.
  public static let fewest = Neighborhoods.standardK + 1

  /// Computes what every comparison with these features needs.
  ///
  /// - Parameters:
  ///   - features: `[N, d]`, at least ``fewest``.
  ///   - neighborhoods: of these features, where they are known already: they are the longest computation.
  ///   - kernelScale: of the kernel distance; nil for d, as in the literature.
  public init(_ features: Matrix, neighborhoods: Neighborhoods? = nil, kernelScale: Double? = nil) {
    self.features = features
    self.neighborhoods = neighborhoods ?? Neighborhoods(features, kernelScale: kernelScale)
    frechet = .init(FeatureMoments(features))
    known = nil
  }

  init(_ features: Matrix, _ neighborhoods: Neighborhoods, _ spectral: SpectralFigures) {
    (self.features, self.neighborhoods) = (features, neighborhoods)
    frechet = spectral.reference
    known = (spectral.biasFactor, spectral.realVendi)
  }

  /// The Fréchet distance to features `[N, d]`, with its standard error.
  ///
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func distance(
    to other: Matrix
  ) throws(Matrix.NoConvergence) -> (value: Double, standardError: Double) {
    try frechet.distance(to: other)
  }

  /// Every figure of generated features against these.
  ///
  /// - Parameter generated: `[N, d]`, at least ``fewest``.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func figures(of generated: Matrix) throws(Matrix.NoConvergence) -> FeatureFigures {
    let own = Neighborhoods(generated, kernelScale: neighborhoods.kernelScale)
    return FeatureFigures(
      Comparison(real: features, neighborhoods, generated: generated, own),
      distance: try frechet.distance(to: generated), vendi: try VendiScore.of(generated))
  }

  /// What two real samples, this one and another of `count`, are apart in expectation.
  ///
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func expectedBias(count: Int) throws(Matrix.NoConvergence) -> Double {
    guard let known else { return try FrechetDistance.expectedBias(features, count: count) }
    return known.biasFactor * (1 / Double(features.rows) + 1 / Double(count))
  }

  /// ``VendiScore`` of the real features.
  func vendi() throws(Matrix.NoConvergence) -> Double? {
    if let known { return known.vendi }
    return try VendiScore.of(features)
  }
}
