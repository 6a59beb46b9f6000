import Eval
import Files
import FoundationEssentials
import Glibc
import Kernels

/// What is known of the features of some images: themselves, or no more than their mean and covariance.
///
/// | file | content |
/// |---|---|
/// | `.npy` | features `[N, d]` |
/// | `.npz` | one array of features `[N, d]`, of any name |
/// | `.npz` | `mu` `[d]` and `sigma` `[d, d]`, as pytorch-fid and clean-fid write them, and `n`, where it is there |
struct FeatureSet {
  enum Content {
    case features(Matrix)
    /// With the number of features, where the file says it.
    case moments(FeatureMoments, count: Int?)
  }

  let path: String
  let content: Content

  /// - Throws: ``FileError`` for everything that the table does not list, and for numbers that are none.
  init(contentsOf path: String) throws(FileError) {
    self.path = path
    switch try ArrayFile(path, expected: "features in a .npy or .npz file") {
    case .array(let file): content = .features(try Self.features(NPYArray(file)))
    case .archive(let archive): content = try Self.content(of: archive)
    }
  }

  private init(_ path: String, _ content: Content) { (self.path, self.content) = (path, content) }

  var dimension: Int {
    switch content {
    case .features(let features): features.columns
    case .moments(let moments, _): moments.dimension
    }
  }

  /// The number of features, where it is known.
  var count: Int? {
    switch content {
    case .features(let features): features.rows
    case .moments(_, let count): count
    }
  }

  var features: Matrix? { if case .features(let features) = content { features } else { nil } }

  var moments: FeatureMoments {
    switch content {
    case .features(let features): FeatureMoments(features)
    case .moments(let moments, _): moments
    }
  }

  // MARK: - Size

  /// The largest number: of the features, or of their mean and deviations.
  var largest: Double {
    func largest(_ values: [Double]) -> Double { values.reduce(0) { max($0, $1.magnitude) } }
    switch content {
    case .features(let features): return largest(features.elements)
    case .moments(let moments, _):
      let variance = (0..<moments.dimension).map { moments.covariance[$0, $0] }
      return max(largest(moments.mean), largest(variance).squareRoot())
    }
  }

  /// The same features, each number multiplied by 2 to the `exponent`.
  func scaled(exponent: Int) -> FeatureSet {
    guard exponent != 0 else { return self }
    func scaled(_ matrix: Matrix, _ exponent: Int) -> Matrix {
      Matrix(rows: matrix.rows, columns: matrix.columns, matrix.elements.map { scalbn($0, exponent) })
    }
    switch content {
    case .features(let features): return FeatureSet(path, .features(scaled(features, exponent)))
    case .moments(let moments, let count):
      let own = FeatureMoments(
        mean: moments.mean.map { scalbn($0, exponent) }, covariance: scaled(moments.covariance, 2 * exponent))
      return FeatureSet(path, .moments(own, count: count))
    }
  }

  // MARK: - Reading

  private static func content(of archive: NPZArchive) throws(FileError) -> Content {
    if archive.names.contains("mu"), archive.names.contains("sigma") { return try moments(in: archive) }
    guard archive.names.count == 1, let name = archive.names.first else {
      let listed = archive.names.prefix(10).joined(separator: ", ") + (archive.names.count > 10 ? ", …" : "")
      throw .malformed(
        path: archive.path, expected: "one array of features, or the arrays mu and sigma",
        found: listed.isEmpty ? "no arrays" : listed)
    }
    return .features(try features(archive.array(name)))
  }

  private static func features(_ array: NPYArray) throws(FileError) -> Matrix {
    guard array.shape.count == 2, array.shape[1] > 0, array.shape[0] >= FeatureReference.fewest else {
      throw .malformed(
        path: array.path, expected: "an array [N, d] of at least \(FeatureReference.fewest) features",
        found: "the shape \(array.shape)")
    }
    return Matrix(rows: array.shape[0], columns: array.shape[1], try finite(array, "features"))
  }

  private static func finite(_ array: NPYArray, _ what: String) throws(FileError) -> [Double] {
    let values = try array.doubles()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .malformed(
        path: array.path, expected: "finite \(what)",
        found: "\(values[index]) in row \(index / max(1, array.shape.last ?? 1))")
    }
    return values
  }

  private static func moments(in archive: NPZArchive) throws(FileError) -> Content {
    let (mean, covariance) = (try archive.array("mu"), try archive.array("sigma"))
    guard mean.shape.count == 1, mean.count > 0 else {
      throw .malformed(path: mean.path, expected: "a mean [d]", found: "the shape \(mean.shape)")
    }
    let dimension = mean.count
    guard covariance.shape == [dimension, dimension] else {
      throw .malformed(
        path: covariance.path,
        expected: "a covariance [\(dimension), \(dimension)], as mu has \(dimension) numbers",
        found: "the shape \(covariance.shape)")
    }
    let matrix = Matrix(rows: dimension, columns: dimension, try finite(covariance, "covariances"))
    let means = try finite(mean, "means")
    try checkIsCovariance(matrix, path: covariance.path)
    return .moments(FeatureMoments(mean: means, covariance: matrix), count: try count(in: archive))
  }

  /// Rounding may leave a covariance a little less than symmetric and semidefinite; more would be something
  /// else.
  private static func checkIsCovariance(_ matrix: Matrix, path: String) throws(FileError) {
    func refusal(_ found: String) -> FileError {
      .malformed(path: path, expected: "a covariance: symmetric, of no negative variance", found: found)
    }
    let largest = matrix.elements.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return }
    let unit = Matrix(
      rows: matrix.rows, columns: matrix.columns,
      matrix.elements.map { scalbn($0, -Int(largest.exponent)) })
    let tolerance = 1e-4
    for row in 0..<unit.rows {
      if unit[row, row] < -tolerance { throw refusal("the variance \(matrix[row, row]) in row \(row)") }
      for column in 0..<row where (unit[row, column] - unit[column, row]).magnitude > tolerance {
        throw refusal(
          "\(matrix[row, column]) in row \(row), column \(column), and \(matrix[column, row]) in row \(column)"
        )
      }
    }
    // What the factor leaves out is what a negative eigenvalue takes away: on the diagonal, or beside one
    // that is used up. The latter shows in what is left of a few vectors of random signs.
    let factor = unit.semidefiniteFactor()
    let kept = factor.elements.reduce(0) { $0 + $1 * $1 }
    var largestRest = (kept - unit.trace).magnitude
    let key = Key(seed: 1)
    for vector in 0..<4 {
      let signs = (0..<unit.rows).map { key.word(vector * unit.rows + $0) % 2 == 0 ? 1.0 : -1.0 }
      let whole = unit.times(signs)
      let ofFactor = factor.transposed().times(factor.times(signs))
      largestRest = zip(whole, ofFactor).reduce(largestRest) { max($0, ($1.0 - $1.1).magnitude) }
    }
    guard largestRest <= tolerance * max(1, unit.trace.magnitude) else {
      throw refusal("one with negative eigenvalues")
    }
  }

  private static func count(in archive: NPZArchive) throws(FileError) -> Int? {
    guard archive.names.contains("n") else { return nil }
    let array = try archive.array("n")
    let values = array.element.isFloatingPoint ? try array.doubles() : try array.integers().map(Double.init)
    guard values.count == 1, let count = Int(exactly: values[0]), count >= 2 else {
      throw .malformed(
        path: array.path, expected: "the number of features, 2 or more",
        found: values.count == 1 ? "\(values[0])" : "\(values.count) numbers")
    }
    return count
  }
}

extension Matrix {
  /// The product with a column.
  fileprivate func times(_ column: [Double]) -> [Double] {
    (0..<rows).map { row in
      (0..<columns).reduce(0) { $0 + elements[row * columns + $1] * column[$1] }
    }
  }
}
