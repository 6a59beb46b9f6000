import Glibc
import Kernels

/// How many different features there are, counted softly (Friedman and Dieng 2023):
///
///     VS = exp(-Σ λ log λ),   λ the eigenvalues of K / N,   K the cosines between all features
///
/// 1 where all point the same way, N where all are orthogonal, and at most d. The eigenvalues other than 0
/// are those of ZᵀZ / N, too, for the features Z `[N, d]` of length 1; the smaller of the two matrices is
/// taken. A feature of length 0 has no direction and is left out.
public enum VendiScore {
  /// The score of features `[N, d]`.
  ///
  /// - Returns: nil where no feature has a direction.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public static func of(_ features: Matrix) throws(Matrix.NoConvergence) -> Double? {
    try of(similarities: similarities(features))
  }

  /// From ``similarities(_:progress:)``.
  static func of(similarities: Matrix?) throws(Matrix.NoConvergence) -> Double? {
    guard let similarities else { return nil }
    return exp(try similarities.symmetricEigenvalues().reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 })
  }

  /// The smaller one of ZZᵀ / N and ZᵀZ / N; nil where no feature has a direction.
  ///
  /// - Parameter progress: called after each of the ``steps(count:dimension:)``.
  static func similarities(_ features: Matrix, progress: () -> Void = {}) -> Matrix? {
    let columns = features.columns
    let isZero = (0..<features.rows).map { row in
      features.elements[row * columns..<(row + 1) * columns].allSatisfy { $0 == 0 }
    }
    let count = isZero.count { !$0 }
    guard count > 0 else {
      for _ in 0..<steps(count: features.rows, dimension: columns) { progress() }
      return nil
    }
    var similarities: Matrix
    if features.rows < columns {
      var directions = Matrix(rows: features.rows, columns: columns)
      directions.elements.withUnsafeMutableBufferPointer {
        write(features, 0..<features.rows, to: $0.baseAddress.unsafelyUnwrapped)
      }
      similarities = directions.transposed().gram()
      progress()
    } else {
      similarities = Matrix.gram(rows: features.rows, columns: columns, progress: progress) {
        write(features, $0, to: $1)
      }
    }
    for i in similarities.elements.indices { similarities.elements[i] /= Double(count) }
    return similarities
  }

  /// How often the progress is told.
  static func steps(count: Int, dimension: Int) -> Int {
    count < dimension ? 1 : Matrix.gramSteps(rows: count, columns: dimension)
  }

  /// The directions of some rows; zeros where there is none.
  private static func write(
    _ features: Matrix, _ rows: Range<Int>, to target: UnsafeMutablePointer<Double>
  ) {
    let columns = features.columns
    features.elements.withUnsafeBufferPointer { elements in
      for row in rows {
        let x = UnsafeBufferPointer(rebasing: elements[row * columns..<(row + 1) * columns])
        let to = target + (row - rows.lowerBound) * columns
        // A direction does not depend on its length; squares beyond all numbers would.
        let scale = PowerOfTwo.scale(of: x)
        let length = x.reduce(0) { $0 + ($1 * scale) * ($1 * scale) }.squareRoot()
        for column in 0..<columns { to[column] = length > 0 ? x[column] * scale / length : 0 }
      }
    }
  }
}
