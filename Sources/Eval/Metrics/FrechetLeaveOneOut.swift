import Kernels

/// The distance to a sample with its standard error, by the jackknife that leaves out one feature at a time
/// (Efron and Stein 1981):
///
///     SE² = (N - 1)/N · Σ (FD without xᵢ - their mean)²
///
/// All N distances follow from one decomposition. Without xᵢ, for d = xᵢ - μ₂, the sample has the mean
/// μ₂ - d/(N - 1) and the covariance c·(Σ₂ - a·ddᵀ), c = (N - 1)/(N - 2), a = N/(N - 1)², so that
///
///     FD without xᵢ = ‖μ₁ - μ₂ + d/(N - 1)‖² + Tr Σ₁ + c·(Tr Σ₂ - a·‖d‖²) - 2c^½·Tr (A - a·zzᵀ)^½
///
/// with A = R₁Σ₂R₁ᵀ, z = R₁d, Σ₁ = R₁ᵀR₁; the last trace is that of `RankOneDowndates`.
///
/// The error of drawing the sample again; the reference is held as it is. Like every jackknife it says too
/// much where the distance is mostly ``FrechetDistance/expectedBias(_:count:)``. The jackknife of 20 parts
/// (``FrechetDistance/standardError(_:parts:)``) estimates the same from 20 distances and is itself
/// off by a sixth or so; that is the judges', of few numbers a feature.
extension FrechetDistance.Reference {
  /// Steps of ``distanceLeavingOutEach(of:progress:)``.
  public static func leavingOutSteps(count: Int, dimension: Int) -> Int {
    2 + FeatureMoments.steps(count: count, dimension: dimension)
      + errorSteps(count: count, dimension: dimension)
  }

  /// The distance to a sample, with its standard error.
  ///
  /// - Parameters:
  ///   - features: `[N, d]`, the sample.
  ///   - progress: called after each of the ``leavingOutSteps(count:dimension:)``.
  /// - Precondition: at least three features.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func distanceLeavingOutEach(
    of features: Matrix, progress: () -> Void = {}
  ) throws(Matrix.NoConvergence) -> (value: Double, standardError: Double) {
    let other = FrechetDistance.Reference(FeatureMoments(features, progress: progress))
    progress()
    let form = Bidiagonalization(product(with: other))
    let value = distance(to: other, singularValues: try form.singularValues())
    progress()
    return (value, standardError(of: features, other, form, progress: progress))
  }

  /// - Parameters:
  ///   - other: of these features.
  ///   - form: of the ``product(with:)``.
  ///   - progress: called after each of the ``errorSteps(count:dimension:)``.
  func standardError(
    of features: Matrix, _ other: FrechetDistance.Reference, _ form: Bidiagonalization,
    progress: () -> Void = {}
  ) -> Double {
    precondition(features.rows >= 3, "FrechetDistance: the jackknife of \(features.rows) features")
    let n = Double(features.rows)
    let (growth, weight) = ((n - 1) / (n - 2), n / ((n - 1) * (n - 1)))
    let losses = RankOneDowndates(form, weight: weight).losses(
      of: features, mean: other.moments.mean, coordinates: form.leftCoordinates(of: factor),
      progress: progress)
    let shift = zip(moments.mean, other.moments.mean).map { $0 - $1 }
    // But for what all distances have in common, which would cost digits.
    var changes = losses.map { 2 * growth.squareRoot() * $0 }
    changes.withUnsafeMutableBufferPointer { changes in
      let changes = changes
      Parallel.forEach(count: features.rows, chunkSize: 256) { rows in
        for row in rows {
          var (along, length) = (0.0, 0.0)
          for column in 0..<shift.count {
            let d = features[row, column] - other.moments.mean[column]
            along += d * shift[column]
            length += d * d
          }
          changes[row] += 2 * along / (n - 1) + length / ((n - 1) * (n - 1)) - growth * weight * length
        }
      }
    }
    let scale = PowerOfTwo.scale(of: changes)
    let scaled = changes.map { $0 * scale }
    let mean = scaled.reduce(0, +) / n
    let squares = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares * (n - 1) / n).squareRoot() / scale
  }

  static func errorSteps(count: Int, dimension: Int) -> Int {
    RankOneDowndates.steps(vectors: count, dimension: dimension)
  }
}
