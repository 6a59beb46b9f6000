import Foundation
import Kernels

/// How many different features there are, counted softly (Friedman and Dieng 2023):
///
///     VS = exp(-Σ λ log λ),   λ the eigenvalues of K / N,   K the cosines between all features
///
/// 1 where all point the same way, N where all are orthogonal, and at most d. The eigenvalues other than 0
/// are those of ZᵀZ / N for the features Z `[N, d]` of length 1, which costs N·d² instead of N³. A feature of
/// length 0 has no direction and is left out.
public enum VendiScore {
  /// - Returns: nil where no feature has a direction.
  public static func of(_ features: Matrix) throws(Matrix.NoConvergence) -> Double? {
    var directions: [Double] = []
    directions.reserveCapacity(features.elements.count)
    for row in 0..<features.rows {
      var x = Array(features.elements[row * features.columns..<(row + 1) * features.columns])
      // A direction does not depend on its length; squares beyond all numbers would.
      let scale = PowerOfTwo.scale(of: x)
      if scale != 1 { for index in x.indices { x[index] *= scale } }
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 { directions += x.map { $0 / length } }
    }
    let count = directions.count / max(1, features.columns)
    guard count > 0 else { return nil }
    var cosines = Matrix(rows: count, columns: features.columns, directions).gram()
    for i in cosines.elements.indices { cosines.elements[i] /= Double(count) }
    let entropy = try cosines.symmetricEigenvalues().reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    return exp(entropy)
  }
}
