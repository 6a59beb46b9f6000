import Foundation
import Kernels
import Testing

/// What public packages say of the inputs below; Tests/Fixtures/make_metric_fixtures.py wrote it.
struct MetricFixtures: Decodable {
  struct Features: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let real, generated, dimension: Int
    let shift: Double
    let rank: Int?
    let frechet, kernel, precision, recall, density, coverage, vendi: Double
    var description: String { name }

    var realFeatures: Matrix {
      MetricFixtures.features(count: real, dimension: dimension, seed: 1, shift: 0, rank: rank)
    }
    var generatedFeatures: Matrix {
      MetricFixtures.features(count: generated, dimension: dimension, seed: 2, shift: shift, rank: rank)
    }
  }

  struct Distribution: Decodable {
    let count: Int
    let inceptionScore, meanConfidence, entropy: Double
    let histogram: [Int]
  }

  struct Ranks: Decodable {
    let count, against, top: Int
    let z: Double
  }

  let features: [Features]
  let distribution: Distribution
  let similarity: [Double]
  let ranks: [Ranks]

  static func read() throws -> MetricFixtures {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
    return try JSONDecoder().decode(MetricFixtures.self, from: Data(contentsOf: url))
  }

  /// In [0, 1); as `number` of the script.
  static func number(_ row: Int, _ column: Int, _ seed: Int) -> Double {
    var h = UInt32(truncatingIfNeeded: (row &* 73_856_093) ^ (column &* 19_349_663) ^ (seed &* 83_492_791))
    h = h &* 2_654_435_761 &+ 12345
    h ^= h >> 15
    h = h &* 2_246_822_519
    h ^= h >> 13
    return Double(h) / 4_294_967_296
  }

  /// Like activations: many zeros, columns of unequal size; of a lower rank where asked for.
  static func features(count: Int, dimension: Int, seed: Int, shift: Double, rank: Int? = nil) -> Matrix {
    let inner = rank ?? dimension
    let x = Matrix(
      rows: count, columns: inner,
      (0..<count * inner).map { index in
        let (row, column) = (index / inner, index % inner)
        return max(0, number(row, column, seed) + shift - 0.25) * Double(1 + column % 5)
      })
    guard rank != nil else { return x }
    let mix = Matrix(
      rows: inner, columns: dimension,
      (0..<inner * dimension).map { number($0 / dimension, $0 % dimension, seed + 1000) })
    return x.product(transposing: mix.transposed())
  }
}
