import Kernels

/// The Fréchet distance between the Gaussians that have the moments of two sets of features (Dowson and
/// Landau 1982; as a judge of generators: Heusel et al. 2017).
///
///     FD = ‖μ₁ - μ₂‖² + Tr Σ₁ + Tr Σ₂ - 2 Tr (Σ₁Σ₂)^½,   Tr (Σ₁Σ₂)^½ = Σ singular values of R₁R₂ᵀ,   Σᵢ =
///     RᵢᵀRᵢ
///
/// The square root of an eigenvalue of the product Σ₁Σ₂ loses half of the digits where it should be 0, as it
/// is wherever features are fewer than their numbers or depend on each other. The singular values of the
/// factors' product lose none, so nothing has to be added to the diagonals. A difference of rounding below 0
/// is left as it is.
///
/// Compares only within one network. Biased upward by about ``expectedBias(_:count:)``.
public enum FrechetDistance {
  /// - Precondition: at least two features each, of the same number of numbers.
  public static func between(_ a: FeatureMoments, _ b: FeatureMoments) throws(Matrix.NoConvergence) -> Double
  {
    try Reference(a).distance(to: b)
  }

  /// One side, factored once for many distances.
  public struct Reference: Sendable {
    public let moments: FeatureMoments
    private let factor: Matrix
    private let trace: Double

    public init(_ moments: FeatureMoments) {
      self.moments = moments
      let covariance = moments.covariance
      factor = covariance.semidefiniteFactor()
      trace = covariance.trace
    }

    public func distance(to other: FeatureMoments) throws(Matrix.NoConvergence) -> Double {
      try distance(to: Reference(other))
    }

    public func distance(to other: Reference) throws(Matrix.NoConvergence) -> Double {
      precondition(
        moments.dimension == other.moments.dimension,
        "FrechetDistance: \(moments.dimension) and \(other.moments.dimension) numbers")
      let shift = zip(moments.mean, other.moments.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let product = factor.transposed().transposedProduct(other.factor.transposed())
      let overlap = try product.singularValues().reduce(0, +)
      return shift + trace + other.trace - 2 * overlap
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
  public static func expectedBias(_ features: Matrix, count: Int) throws(Matrix.NoConvergence) -> Double {
    let moments = FeatureMoments(features)
    let (values, vectors) = try moments.covariance.symmetricEigenvectors()
    let centered = features.centered(on: moments.mean)
    var squares = centered.transposed().transposedProduct(vectors.transposed())
    for i in squares.elements.indices { squares.elements[i] *= squares.elements[i] }
    let fourth = squares.gram()
    let noise = Double(values.count) * .ulpOfOne * (values.last ?? 0)
    var sum = moments.covariance.trace
    for (i, a) in values.enumerated() {
      for (j, b) in values.enumerated() where a + b > noise {
        let fourthMoment = fourth[i, j] / Double(features.rows)
        sum += (fourthMoment - (i == j ? a * a : 0)) / (2 * (a + b))
      }
    }
    return sum * (1 / Double(features.rows) + 1 / Double(count))
  }

  /// The standard error of the distance from `reference` to a sample, from the sample's parts: the
  /// delete-one-group jackknife (Efron and Stein 1981), for G parts of about the same size
  ///
  ///     SE² = (G - 1)/G · Σ (FD without part g - their mean)²
  ///
  /// The error of drawing the sample again; the reference is held as it is.
  ///
  /// - Parameter progress: called after each of the G distances.
  public static func standardError(
    _ reference: Reference, parts: [FeatureMoments], progress: () -> Void = {}
  ) throws(Matrix.NoConvergence) -> Double {
    precondition(parts.count >= 2, "FrechetDistance: the jackknife of \(parts.count) parts")
    var distances: [Double] = []
    for left in parts.indices {
      var rest = FeatureMoments(dimension: reference.moments.dimension)
      for (index, part) in parts.enumerated() where index != left { rest.merge(part) }
      distances.append(try reference.distance(to: rest))
      progress()
    }
    let scale = PowerOfTwo.scale(of: distances)
    let scaled = distances.map { $0 * scale }
    let mean = scaled.reduce(0, +) / Double(parts.count)
    let squares = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares * Double(parts.count - 1) / Double(parts.count)).squareRoot() / scale
  }
}

extension FrechetDistance.Reference {
  /// Steps of ``distance(to:progress:)`` to so many features.
  public static func steps(count: Int) -> Int { 1 + FeatureMoments.partCount(of: count) }

  /// The distance to features `[N, d]`, with its standard error.
  ///
  /// - Parameter progress: called after each of the ``steps(count:)``.
  public func distance(
    to features: Matrix, progress: () -> Void = {}
  ) throws(Matrix.NoConvergence) -> (value: Double, standardError: Double) {
    let parts = FeatureMoments.parts(of: features)
    var all = FeatureMoments(dimension: features.columns)
    for part in parts { all.merge(part) }
    let value = try distance(to: all)
    progress()
    return (value, try FrechetDistance.standardError(self, parts: parts, progress: progress))
  }
}
