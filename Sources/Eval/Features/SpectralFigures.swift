import Kernels

/// The figures of two sets of features that follow from decompositions of matrices `[d, d]`: the Fréchet
/// distance with its error and expected bias, and both Vendi scores.
///
/// LAPACK decomposes on one thread, so decompositions run side by side; all else is on all threads.
struct SpectralFigures {
  let distance: (value: Double, standardError: Double)
  /// ``FrechetDistance/expectedBias(_:count:)`` of the real features, but for the counts.
  let biasFactor: Double
  let vendi, realVendi: Double?
  /// Of the real features.
  let reference: FrechetDistance.Reference

  /// - Parameters:
  ///   - real: `[n, d]`
  ///   - generated: `[m, d]`, at least three.
  ///   - progress: called after each of the ``steps(real:generated:dimension:)``.
  init(real: Matrix, generated: Matrix, progress: () -> Void) throws(Matrix.NoConvergence) {
    let moments = FeatureMoments(real, progress: progress)
    let ownMoments = FeatureMoments(generated, progress: progress)
    let similarities = VendiScore.similarities(real, progress: progress)
    let ownSimilarities = VendiScore.similarities(generated, progress: progress)

    let (reference, own) = Parallel.both(
      { FrechetDistance.Reference(moments) }, { FrechetDistance.Reference(ownMoments) })
    self.reference = reference
    progress()
    let product = reference.product(with: own)
    // The first takes as long as the three others.
    let (form, others) = try Parallel.both(
      { () throws(Matrix.NoConvergence) in Bidiagonalization(product) },
      { () throws(Matrix.NoConvergence) in
        (
          eigen: try moments.covariance.symmetricEigenvectors(),
          realVendi: try VendiScore.of(similarities: similarities),
          vendi: try VendiScore.of(similarities: ownSimilarities)
        )
      })
    (realVendi, vendi) = (others.realVendi, others.vendi)
    progress()
    let eigen = others.eigen

    biasFactor = FrechetDistance.biasFactor(real, moments, eigen.values, eigen.vectors, progress: progress)
    distance = (
      reference.distance(to: own, singularValues: try form.singularValues()),
      reference.standardError(of: generated, own, form, progress: progress)
    )
  }

  static func steps(real: Int, generated: Int, dimension: Int) -> Int {
    let sets = [real, generated].reduce(0) {
      $0 + FeatureMoments.steps(count: $1, dimension: dimension)
        + VendiScore.steps(count: $1, dimension: dimension)
    }
    return sets + 2 + FeatureMoments.steps(count: real, dimension: dimension)
      + FrechetDistance.Reference.errorSteps(count: generated, dimension: dimension)
  }
}

extension FeatureEvidence {
  /// Every figure of two sets of features of any network, on all threads.
  ///
  /// - Parameters:
  ///   - real: `[n, d]`, at least ``FeatureReference/fewest``.
  ///   - generated: `[m, d]`, likewise.
  ///   - kernelScale: of the kernel distance; nil for d, as in the literature.
  ///   - progress: called after each of the ``steps(real:generated:dimension:)``.
  public init(
    real: Matrix, generated: Matrix, kernelScale: Double? = nil, progress: () -> Void = {}
  ) throws(Matrix.NoConvergence) {
    let neighborhoods = Neighborhoods(real, kernelScale: kernelScale, progress: progress)
    let own = Neighborhoods(generated, kernelScale: kernelScale, progress: progress)
    let comparison = Comparison(
      real: real, neighborhoods, generated: generated, own, progress: progress)
    let spectral = try SpectralFigures(real: real, generated: generated, progress: progress)
    self.init(
      generated, FeatureReference(real, neighborhoods, spectral),
      figures: FeatureFigures(comparison, distance: spectral.distance, vendi: spectral.vendi))
  }

  /// How often the progress is told.
  public static func steps(real: Int, generated: Int, dimension: Int) -> Int {
    [real, generated].reduce(0) { $0 + Neighborhoods.steps(count: $1, dimension: dimension) }
      + Comparison.steps(real: real, generated: generated, dimension: dimension)
      + SpectralFigures.steps(real: real, generated: generated, dimension: dimension)
  }
}
