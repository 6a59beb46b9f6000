import Kernels
import Synchronization

/// What all pairs of a generated and a real feature tell, gathered in one pass.
///
/// A feature lies in the ball of another one if it is nearer than that one's k-th nearest neighbour of its
/// own set, or equal to it.
public struct Comparison: Sendable {
  /// Real features, n.
  public let realCount: Int
  /// Generated features, m.
  public let generatedCount: Int
  /// Numbers of a feature.
  public let dimension: Int
  /// Generated features in the ball of at least one real one.
  public let generatedInside: Int
  /// Real features in the ball of at least one generated one.
  public let realInside: Int
  /// Real features whose ball holds at least one generated one.
  public let realOccupied: Int
  /// Pairs of a generated feature in the ball of a real one.
  public let pairsInside: Int
  /// Σᵢ k(xᵢ, y) over the real features x for each generated y, `[generated]`.
  public let kernelSums: [Double]
  /// The neighbourhoods of the real features, as they were given.
  public let real: Neighborhoods
  /// The neighbourhoods of the generated features, as they were given.
  public let generated: Neighborhoods

  /// Goes through all pairs once, on all threads; the result does not depend on their number.
  ///
  /// - Parameters:
  ///   - real: `[n, d]`.
  ///   - realNeighborhoods: those of the real features.
  ///   - generated: `[m, d]`.
  ///   - generatedNeighborhoods: those of the generated features, of the same k and kernel.
  ///   - progress: called after each of the `steps(real:generated:dimension:)`.
  public init(
    real: Matrix, _ realNeighborhoods: Neighborhoods, generated: Matrix,
    _ generatedNeighborhoods: Neighborhoods, progress: () -> Void = {}
  ) {
    precondition(
      realNeighborhoods.k == generatedNeighborhoods.k
        && realNeighborhoods.kernelScale == generatedNeighborhoods.kernelScale,
      "Comparison: neighbourhoods of two kinds")
    self.real = realNeighborhoods
    self.generated = generatedNeighborhoods
    realCount = real.rows
    generatedCount = generated.rows
    dimension = generated.columns
    let kernel = PolynomialKernel(generated, real, scale: realNeighborhoods.kernelScale)
    let realRadii = realNeighborhoods.squaredRadii
    let generatedRadii = generatedNeighborhoods.squaredRadii
    let total = Collected(Tally(real: real.rows))
    var sums = [Double](repeating: 0, count: generated.rows)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums
      PairwiseDistances.forEachRows(of: generated, to: real, progress: progress) { rows, blocks in
        var tally = Tally(real: real.rows)
        var isInside = [Bool](repeating: false, count: rows.count)
        var kernels = [Double](repeating: 0, count: rows.count)
        blocks { block in
          for row in rows {
            let index = row - rows.lowerBound
            kernels[index] += kernel.sum(block, row: row)
            let pairs = tally.add(
              block[row: row], block.columns, radii: realRadii, ownRadius: generatedRadii[row])
            if pairs > 0 { isInside[index] = true }
          }
        }
        for row in rows { sums[row] = kernels[row - rows.lowerBound] }
        tally.generatedInside = isInside.count { $0 }
        total.merge(tally)
      }
    }
    kernelSums = sums
    let tally = total.value
    generatedInside = tally.generatedInside
    pairsInside = tally.pairs
    realInside = tally.inside.count { $0 != 0 }
    realOccupied = tally.occupied.count { $0 != 0 }
  }

  /// How often the progress is told.
  static func steps(real: Int, generated: Int, dimension: Int) -> Int {
    PairwiseDistances.steps(rows: generated, columns: real, dimension: dimension)
  }
}

/// What some rows of pairs add to a ``Comparison``.
private struct Tally {
  var generatedInside = 0
  var pairs = 0
  /// 1 for each real feature in a generated one's ball, and for each whose ball holds a generated one.
  var inside, occupied: [UInt8]

  init(real: Int) {
    inside = [UInt8](repeating: 0, count: real)
    occupied = inside
  }

  /// - Returns: in how many real balls of these columns the generated feature lies.
  mutating func add(
    _ distances: UnsafePointer<Double>, _ columns: Range<Int>, radii: [Double], ownRadius: Double
  ) -> Int {
    var found = 0
    radii.withUnsafeBufferPointer { radii in
      inside.withUnsafeMutableBufferPointer { inside in
        occupied.withUnsafeMutableBufferPointer { occupied in
          for column in columns {
            let distance = distances[column - columns.lowerBound]
            let isEqual = distance == 0
            let isOccupied = distance < radii[column] || isEqual
            let isInside = distance < ownRadius || isEqual
            found += isOccupied ? 1 : 0
            occupied[column] |= isOccupied ? 1 : 0
            inside[column] |= isInside ? 1 : 0
          }
        }
      }
    }
    pairs += found
    return found
  }
}

/// A tally that several threads add to; sums of integers and unions, so the order does not matter.
private final class Collected: Sendable {
  private let tally: Mutex<Tally>

  init(_ tally: Tally) { self.tally = Mutex(tally) }

  var value: Tally { tally.withLock { $0 } }

  func merge(_ other: Tally) {
    tally.withLock { tally in
      tally.generatedInside += other.generatedInside
      tally.pairs += other.pairs
      for column in tally.inside.indices {
        tally.inside[column] |= other.inside[column]
        tally.occupied[column] |= other.occupied[column]
      }
    }
  }
}
