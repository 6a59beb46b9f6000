import Kernels

/// Count, mean and scatter of feature vectors, gathered in any number of parts.
///
/// For N features x of d numbers each: μ = Σ x / N and S = Σ (x - μ)(x - μ)ᵀ, of which the unbiased
/// covariance is S / (N - 1). A part is centred on its own mean before it is squared, and two parts a, b are
/// merged by
///
///     S = Sₐ + S_b + δδᵀ·NₐN_b / (Nₐ + N_b),   δ = μ_b - μₐ
///
/// (Chan, Golub and LeVeque 1979): sums of raw squares would cancel where the mean is large. Memory is d²,
/// whatever N.
public struct FeatureMoments: Codable, Equatable, Sendable {
  /// Features gathered so far, N.
  public private(set) var count = 0
  /// μ, `[d]`, of the features gathered so far; zeros before the first one.
  public private(set) var mean: [Double]
  /// S, `[d, d]`, not divided by anything.
  public private(set) var scatter: Matrix

  /// The moments of no features yet, of `dimension` numbers each.
  public init(dimension: Int) {
    mean = [Double](repeating: 0, count: dimension)
    scatter = Matrix(rows: dimension, columns: dimension)
  }

  /// The moments of a whole set of features.
  ///
  /// - Parameters:
  ///   - features: `[N, d]`
  ///   - progress: called after each of the `steps(count:dimension:)`.
  public init(_ features: Matrix, progress: () -> Void = {}) {
    self.init(dimension: features.columns)
    add(features, progress: progress)
  }

  /// How often the progress is told.
  static func steps(count: Int, dimension: Int) -> Int { Matrix.gramSteps(rows: count, columns: dimension) }

  /// Numbers of a feature, d.
  public var dimension: Int { mean.count }

  /// S / (N - 1).
  ///
  /// - Precondition: there are at least two features.
  public var covariance: Matrix {
    precondition(count >= 2, "FeatureMoments: the covariance of \(count) features")
    var covariance = scatter
    for i in covariance.elements.indices { covariance.elements[i] /= Double(count - 1) }
    return covariance
  }

  /// Adds features to those that are counted.
  ///
  /// - Parameters:
  ///   - features: `[N, d]`; N may be 0.
  ///   - progress: called after each of the `steps(count:dimension:)`, if there is any feature.
  public mutating func add(_ features: Matrix, progress: () -> Void = {}) {
    precondition(
      features.columns == dimension, "FeatureMoments: \(features.columns) for \(dimension) numbers")
    guard features.rows > 0 else { return }
    var part = FeatureMoments(dimension: dimension)
    part.count = features.rows
    part.mean = features.columnMeans()
    part.scatter = features.scatter(around: part.mean, progress: progress)
    merge(part)
  }

  /// Adds the features that other moments were gathered from.
  ///
  /// - Precondition: both are of features of as many numbers.
  public mutating func merge(_ other: FeatureMoments) {
    precondition(other.dimension == dimension, "FeatureMoments: \(other.dimension) for \(dimension) numbers")
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (n, m) = (Double(count), Double(other.count))
    let difference = zip(other.mean, mean).map { $0 - $1 }
    for i in 0..<dimension {
      let factor = difference[i] * n * m / (n + m)
      for j in 0..<dimension { scatter[i, j] += other.scatter[i, j] + factor * difference[j] }
      mean[i] += difference[i] * m / (n + m)
    }
    count += other.count
  }
}

extension FeatureMoments {
  /// From moments that others computed.
  ///
  /// - Parameters:
  ///   - mean: `[d]`
  ///   - covariance: `[d, d]`, unbiased.
  ///   - count: how many features they are of, 2 or more; it matters only to those who ``merge(_:)`` or
  ///     `add(_:)`.
  public init(mean: [Double], covariance: Matrix, count: Int = 2) {
    precondition(
      count >= 2 && covariance.rows == mean.count && covariance.columns == mean.count,
      "FeatureMoments: a covariance \(covariance.rows)×\(covariance.columns) for \(mean.count) numbers")
    self.count = count
    self.mean = mean
    scatter = covariance
    for i in scatter.elements.indices { scatter.elements[i] *= Double(count - 1) }
  }

  /// Moments of at most 20 parts of about the same size, for a jackknife; the features are dealt out at
  /// random, for in order they could be sorted by label.
  public static func parts(of features: Matrix) -> [FeatureMoments] {
    let count = min(20, features.rows)
    let order = Key(seed: 0).permutation(features.rows)
    return (0..<count).map { part in
      FeatureMoments(features.rows(stride(from: part, to: order.count, by: count).map { order[$0] }))
    }
  }
}

extension Matrix {
  /// The rows at `indices`.
  func rows(_ indices: [Int]) -> Matrix {
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * columns)
    for index in indices { selected += elements[index * columns..<(index + 1) * columns] }
    return Matrix(rows: indices.count, columns: columns, selected)
  }

  /// The mean of each column; rows are added in a fixed order.
  func columnMeans() -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    elements.withUnsafeBufferPointer { x in
      for row in 0..<rows { for column in 0..<columns { sums[column] += x[row * columns + column] } }
    }
    return sums.map { $0 / Double(rows) }
  }

  /// Σ (x - mean)(x - mean)ᵀ over the rows x.
  func scatter(around mean: [Double], progress: () -> Void = {}) -> Matrix {
    Matrix.gram(rows: rows, columns: columns, progress: progress) { center($0, on: mean, into: $1) }
  }
}
