import Kernels

/// How far the features of one set lie from each other: each one's distance to its k-th nearest, and its sums
/// of the polynomial kernel. One pass over all pairs, O(N·k) memory.
public struct Neighborhoods: Codable, Equatable, Sendable {
  /// Neighbours counted, as of precision, recall, density and coverage: 5, the choice of Naeem et al. 2020
  /// (§4).
  public static let standardK = 5

  /// The neighbour whose distance is the radius: the k-th nearest.
  public let k: Int
  /// s of the kernel, `PolynomialKernel`.
  public let kernelScale: Double
  /// r²: the squared distance of each feature to its k-th nearest other one, `[N]`.
  public let squaredRadii: [Double]
  /// Σⱼ k(xᵢ, xⱼ) over the other features, `[N]`.
  public let kernelSums: [Double]

  /// Goes through all pairs once, on all threads; the result does not depend on their number.
  ///
  /// - Parameters:
  ///   - features: `[N, d]` with N above k.
  ///   - k: the neighbour whose distance is the radius, counted from 1.
  ///   - kernelScale: nil for d.
  ///   - progress: called after each of the `steps(count:dimension:)`.
  public init(
    _ features: Matrix, k: Int = standardK, kernelScale: Double? = nil, progress: () -> Void = {}
  ) {
    precondition(features.rows > k, "Neighborhoods: \(k) neighbours among \(features.rows) features")
    self.k = k
    let scale = kernelScale ?? Double(features.columns)
    self.kernelScale = scale
    let kernel = PolynomialKernel(features, features, scale: scale)
    let width = PairwiseDistances.columnsPerBlock
    let blocks = (features.rows + width - 1) / width
    // Of each feature and each block of others; nobody else writes there.
    var sums = [Double](repeating: 0, count: features.rows * blocks)
    var nearest = [Double](repeating: .infinity, count: features.rows * blocks * k)
    sums.withUnsafeMutableBufferPointer { sums in
      nearest.withUnsafeMutableBufferPointer { nearest in
        let (sums, nearest) = (sums, nearest)
        PairwiseDistances.forEachBlock(within: features, progress: progress) { block in
          var smallest = SmallestValues(k)
          for row in block.rows {
            let place = row * blocks + block.columns.lowerBound / width
            sums[place] = kernel.sum(block, row: row, leavingOut: row)
            smallest.removeAll()
            smallest.add(block[row: row], block.columns, leavingOut: row)
            for rank in 0..<k { nearest[place * k + rank] = smallest[rank] }
          }
        }
      }
    }
    kernelSums = (0..<features.rows).map { row in
      sums[row * blocks..<(row + 1) * blocks].reduce(0, +)
    }
    squaredRadii = (0..<features.rows).map { row in
      nearest[row * blocks * k..<(row + 1) * blocks * k].sorted()[k - 1]
    }
  }

  /// How often the progress is told.
  static func steps(count: Int, dimension: Int) -> Int {
    PairwiseDistances.steps(within: count, dimension: dimension)
  }
}

/// The k smallest of the values seen.
struct SmallestValues {
  private var values: [Double]

  init(_ k: Int) { values = [Double](repeating: .infinity, count: k) }

  subscript(rank: Int) -> Double { values[rank] }

  mutating func removeAll() { for rank in values.indices { values[rank] = .infinity } }

  /// The k-th smallest.
  private var greatest: Double { values[values.count - 1] }

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
