import Kernels

/// The Fréchet distance between the Gaussians that have the moments of two sets of features (Dowson and
/// Landau 1982; as a judge of generators: Heusel et al. 2017).
///
///     FD = ‖μ₁ - μ₂‖² + Tr Σ₁ + Tr Σ₂ - 2 Tr (Σ₁Σ₂)^½
///     Tr (Σ₁Σ₂)^½ = Σ singular values of R₁R₂ᵀ,   Σᵢ = RᵢᵀRᵢ
///
/// The square root of an eigenvalue of the product Σ₁Σ₂ loses half of the digits where it should be 0, as it
/// is wherever features are fewer than their numbers or depend on each other. The singular values of the
/// factors' product lose none, so nothing has to be added to the diagonals. A difference of rounding below 0
/// is left as it is.
///
/// Compares only within one network. Biased upward by about ``expectedBias(_:count:)``.
public enum FrechetDistance {
  /// The distance between two sets of features, from their moments.
  ///
  /// - Precondition: at least two features each, of the same number of numbers.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public static func between(_ a: FeatureMoments, _ b: FeatureMoments) throws(Matrix.NoConvergence) -> Double
  {
    try Reference(a).distance(to: b)
  }

  /// One side, factored once for many distances.
  public struct Reference: Sendable {
    /// What it was made from.
    public let moments: FeatureMoments
    /// R `[rank, d]`
    let factor: Matrix
    /// Tr Σ
    let trace: Double

    /// Factors the covariance.
    ///
    /// - Precondition: the moments are of at least two features.
    public init(_ moments: FeatureMoments) {
      self.moments = moments
      let covariance = moments.covariance
      factor = covariance.semidefiniteFactor()
      trace = covariance.trace
    }

    /// The distance to a set of features with these moments.
    ///
    /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
    public func distance(to other: FeatureMoments) throws(Matrix.NoConvergence) -> Double {
      try distance(to: Reference(other))
    }

    /// The distance to a side that is factored, too.
    ///
    /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
    public func distance(to other: Reference) throws(Matrix.NoConvergence) -> Double {
      distance(to: other, singularValues: try product(with: other).singularValues())
    }

    /// R₁R₂ᵀ, of which the distance wants the ``distance(to:singularValues:)``.
    func product(with other: Reference) -> Matrix {
      precondition(
        moments.dimension == other.moments.dimension,
        "FrechetDistance: \(moments.dimension) and \(other.moments.dimension) numbers")
      return factor.product(transposing: other.factor)
    }

    func distance(to other: Reference, singularValues: [Double]) -> Double {
      let shift = zip(moments.mean, other.moments.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return shift + trace + other.trace - 2 * singularValues.reduce(0, +)
    }
  }

  // MARK: - Samples

  /// What two samples of the same distribution are apart for being samples: the second-order expansion of
  /// E[FD],
  ///
  ///     (1/n + 1/m)·(Tr Σ + ½ Σᵢⱼ κᵢⱼ / (λᵢ + λⱼ)),   κᵢⱼ = E[yᵢ²yⱼ²] - δᵢⱼλᵢ²
  ///
  /// with the features y in the eigenvectors of Σ and its eigenvalues λ. For Gaussian features κᵢⱼ = λᵢλⱼ(1 +
  /// δᵢⱼ); features of a network have heavier tails, for which that is up to a third too little.
  ///
  /// - Parameters:
  ///   - features: `[n, d]`; their distribution stands for the common one.
  ///   - count: m, the size of the other sample.
  /// - Precondition: at least two features.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public static func expectedBias(_ features: Matrix, count: Int) throws(Matrix.NoConvergence) -> Double {
    let moments = FeatureMoments(features)
    let eigen = try moments.covariance.symmetricEigenvectors()
    return biasFactor(features, moments, eigen.values, eigen.vectors)
      * (1 / Double(features.rows) + 1 / Double(count))
  }

  /// The second parenthesis of ``expectedBias(_:count:)``.
  ///
  /// - Parameters:
  ///   - moments: of these features.
  ///   - values: the eigenvalues of their covariance, ascending; row i of `vectors` is the eigenvector of
  ///     value i.
  ///   - progress: called after each of the `FeatureMoments.steps`.
  static func biasFactor(
    _ features: Matrix, _ moments: FeatureMoments, _ values: [Double], _ vectors: Matrix,
    progress: () -> Void = {}
  ) -> Double {
    let fourth = Matrix.gram(rows: features.rows, columns: values.count, progress: progress) {
      rows, squares in
      features.write(rows, less: moments.mean, inBasis: vectors, to: squares)
      for i in 0..<rows.count * values.count { squares[i] *= squares[i] }
    }
    let noise = Double(values.count) * .ulpOfOne * (values.last ?? 0)
    var sum = moments.covariance.trace
    for (i, a) in values.enumerated() {
      for (j, b) in values.enumerated() where a + b > noise {
        let fourthMoment = fourth[i, j] / Double(features.rows)
        sum += (fourthMoment - (i == j ? a * a : 0)) / (2 * (a + b))
      }
    }
    return sum
  }

  /// The standard error of the distance from `reference` to a sample, from the sample's parts: the
  /// delete-one-group jackknife (Efron and Stein 1981), for G parts of about the same size
  ///
  ///     SE² = (G - 1)/G · Σ (FD without part g - their mean)²
  ///
  /// The error of drawing the sample again; the reference is held as it is.
  ///
  /// - Precondition: there are at least two parts.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public static func standardError(
    _ reference: Reference, parts: [FeatureMoments]
  ) throws(Matrix.NoConvergence) -> Double {
    precondition(parts.count >= 2, "FrechetDistance: the jackknife of \(parts.count) parts")
    var distances: [Double] = []
    for left in parts.indices {
      var rest = FeatureMoments(dimension: reference.moments.dimension)
      for (index, part) in parts.enumerated() where index != left { rest.merge(part) }
      distances.append(try reference.distance(to: rest))
    }
    let scale = PowerOfTwo.scale(of: distances)
    let scaled = distances.map { $0 * scale }
    let mean = scaled.reduce(0, +) / Double(parts.count)
    let squares = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares * Double(parts.count - 1) / Double(parts.count)).squareRoot() / scale
  }
}

extension FrechetDistance.Reference {
  /// The distance to features `[N, d]`, with its standard error by the jackknife of parts.
  ///
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func distance(
    to features: Matrix
  ) throws(Matrix.NoConvergence) -> (value: Double, standardError: Double) {
    let parts = FeatureMoments.parts(of: features)
    var all = FeatureMoments(dimension: features.columns)
    for part in parts { all.merge(part) }
    return (try distance(to: all), try FrechetDistance.standardError(self, parts: parts))
  }
}
