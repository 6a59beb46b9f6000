import Foundation
import Kernels

/// How far the features of one set lie from each other: each one's distance to its k-th nearest, and its sums
/// of the polynomial kernel. One pass over all pairs, O(N·k) memory.
public struct Neighborhoods: Codable, Equatable, Sendable {
  /// Neighbours counted, as of precision, recall, density and coverage: 5, the choice of Naeem et al. 2020
  /// (§4).
  public static let standardK = 5

  public let k: Int
  /// s of the kernel, ``PolynomialKernel``.
  public let kernelScale: Double
  /// r²: the squared distance of each feature to its k-th nearest other one, `[N]`.
  public let squaredRadii: [Double]
  /// Σⱼ k(xᵢ, xⱼ) over the other features, `[N]`.
  public let kernelSums: [Double]

  /// - Parameters:
  ///   - features: `[N, d]` with N above k.
  ///   - kernelScale: nil for d.
  public init(_ features: Matrix, k: Int = standardK, kernelScale: Double? = nil) {
    precondition(features.rows > k, "Neighborhoods: \(k) neighbours among \(features.rows) features")
    self.k = k
    let scale = kernelScale ?? Double(features.columns)
    self.kernelScale = scale
    let kernel = PolynomialKernel(features, features, scale: scale)
    var radii = [Double](repeating: 0, count: features.rows)
    var sums = radii
    radii.withUnsafeMutableBufferPointer { radii in
      sums.withUnsafeMutableBufferPointer { sums in
        let (radii, sums) = (radii, sums)
        PairwiseDistances.forEachRows(of: features, to: features) { rows, blocks in
          var nearest = [SmallestValues](repeating: SmallestValues(k), count: rows.count)
          var kernels = [Double](repeating: 0, count: rows.count)
          blocks { block in
            for row in rows {
              let index = row - rows.lowerBound
              kernels[index] += kernel.sum(block, row: row, leavingOut: row)
              nearest[index].add(block[row: row], block.columns, leavingOut: row)
            }
          }
          for row in rows {
            radii[row] = nearest[row - rows.lowerBound].greatest
            sums[row] = kernels[row - rows.lowerBound]
          }
        }
      }
    }
    squaredRadii = radii
    kernelSums = sums
  }
}

/// The k smallest of the values seen.
struct SmallestValues {
  private var values: [Double]

  init(_ k: Int) { values = [Double](repeating: .infinity, count: k) }

  /// The k-th smallest.
  var greatest: Double { values[values.count - 1] }

  /// - Parameter leavingOut: a column that is not looked at.
  @inline(__always)
  mutating func add(_ row: UnsafePointer<Double>, _ columns: Range<Int>, leavingOut: Int) {
    var bound = greatest
    for column in columns where row[column - columns.lowerBound] < bound && column != leavingOut {
      insert(row[column - columns.lowerBound])
      bound = greatest
    }
  }

  private mutating func insert(_ value: Double) {
    var place = values.count - 1
    while place > 0, values[place - 1] > value {
      values[place] = values[place - 1]
      place -= 1
    }
    values[place] = value
  }
}
