import Eval
import Foundation
import Kernels
import Testing

/// The metrics of logits and pixels against public packages and plain loops.
@Suite struct ImageMetricTests {
  @Test func theClassDistributionIsItsFormulas() throws {
    let expected = try MetricFixtures.read().distribution
    let logits = Matrix(
      rows: expected.count, columns: 10,
      (0..<expected.count * 10).map { 8 * MetricFixtures.number($0 / 10, $0 % 10, 3) })
    let found = ClassDistribution(logits: logits)
    #expect((found.inceptionScore - expected.inceptionScore).magnitude < 1e-12)
    #expect((found.meanConfidence - expected.meanConfidence).magnitude < 1e-12)
    #expect((found.entropy - expected.entropy).magnitude < 1e-12)
    #expect(found.histogram == expected.histogram)
  }

  @Test func certainLogitsReachTheEndsOfTheInceptionScore() {
    func score(_ labels: [Int]) -> ClassDistribution {
      ClassDistribution(
        logits: Matrix(
          rows: labels.count, columns: 4,
          labels.flatMap { label in (0..<4).map { $0 == label ? 900.0 : -900 } }))
    }
    #expect((score([0, 1, 2, 3]).inceptionScore - 4).magnitude < 1e-12)
    #expect(score([0, 1, 2, 3]).entropy == 1)
    #expect((score([2, 2]).inceptionScore - 1).magnitude < 1e-12)
    #expect(score([2, 2]).entropy == 0)
  }

  private func image(_ seed: Int) -> [UInt8] {
    (0..<784).map { $0 % 28 < 20 ? UInt8(255 * MetricFixtures.number($0 / 28, $0 % 28, seed)) : 0 }
  }

  @Test func structuralSimilarityIsThatOfScikitImage() throws {
    let expected = try MetricFixtures.read().similarity
    let (a, b) = (image(4), image(5))
    let between = zip(a, b).map { $0 / 2 + $1 / 2 }
    for (other, value) in zip([a, b, between], expected) {
      let found = StructuralSimilarity.between(a, other, height: 28, width: 28)
      #expect((found - value).magnitude < 1e-9, "\(found) for \(value)")
    }
    // Equal members are alike; fewer than two are no pair.
    let twice = StructuralSimilarity.amongPairs(
      of: a + a, members: [0, 1], height: 28, width: 28, pairs: 3, key: Key(seed: 1))
    #expect(twice.map { ($0 - 1).magnitude < 1e-12 } == true)
    #expect(
      StructuralSimilarity.amongPairs(of: a, members: [0], height: 28, width: 28, key: Key(seed: 1)) == nil)
  }

  // MARK: - Memorisation

  private func images(_ count: Int, seed: Int, size: Int) -> [UInt8] {
    (0..<count * size).map { UInt8(255 * MetricFixtures.number($0 / size, $0 % size, seed)) }
  }

  @Test func nearestImagesAreThoseOfAPlainLoop() {
    let size = 49
    let (queries, base) = (images(600, seed: 1, size: size), images(4200, seed: 2, size: size))
    let found = NearestImages(of: queries[...], in: base, size: size)
    for query in stride(from: 0, to: 600, by: 13) {
      var (index, least) = (0, Int.max)
      for image in 0..<4200 {
        let distance = (0..<size).reduce(0) {
          let difference = Int(queries[query * size + $1]) - Int(base[image * size + $1])
          return $0 + difference * difference
        }
        if distance < least { (index, least) = (image, distance) }
      }
      #expect(found.indices[query] == index && found.squaredDistances[query] == least)
    }
  }

  @Test func distancesOfTheDarkestAndTheBrightestImagesAreExact() {
    let size = NearestImages.valuesPerProduct
    let (black, white) = ([UInt8](repeating: 0, count: size), [UInt8](repeating: 255, count: size))
    let found = NearestImages(of: (black + white)[...], in: white, size: size)
    #expect(found.squaredDistances == [size * 255 * 255, 0])
  }

  /// RGB images have more values than one product holds exactly.
  @Test func distancesOfLargeImagesAreExact() {
    let size = 28 * 28 * 3
    let (some, others) = (images(9, seed: 5, size: size), images(30, seed: 6, size: size))
    let found = NearestImages(of: some[...], in: others, size: size)
    for query in 0..<9 {
      let distances = (0..<30).map { image in
        (0..<size).reduce(0) {
          let difference = Int(some[query * size + $1]) - Int(others[image * size + $1])
          return $0 + difference * difference
        }
      }
      #expect(found.squaredDistances[query] == distances.min())
      #expect(found.indices[query] == distances.firstIndex(of: distances.min() ?? 0))
    }
    let (black, white) = ([UInt8](repeating: 0, count: size), [UInt8](repeating: 255, count: size))
    #expect(NearestImages(of: black[...], in: white, size: size).squaredDistances == [size * 255 * 255])
  }

  @Test func anImageIsNotItsOwnNeighborButItsTwinIs() {
    let size = 16
    let some = images(40, seed: 3, size: size)
    let all = some + some[0..<size]
    let found = NearestImages(of: all[...], in: all, size: size, own: 0)
    #expect(found.indices[0] == 40 && found.indices[40] == 0)
    #expect(found.squaredDistances[0] == 0 && found.squaredDistances[1] > 0)
    // Of equals, the first.
    #expect(NearestImages(of: some[0..<size], in: all, size: size).indices == [0])
  }

  @Test func copiesAreFoundAndFreshImagesAreNot() {
    let size = 64
    let training = images(800, seed: 1, size: size)
    let own = NearestImages(of: training[...], in: training, size: size, own: 0)
    func figures(_ generated: [UInt8], _ heldOut: [UInt8]) -> Memorization {
      func side(_ x: [UInt8]) -> (NearestImages, [Int]) {
        (NearestImages(of: x[...], in: training, size: size), [Int](repeating: 0, count: x.count / size))
      }
      return Memorization(generated: side(generated), heldOut: side(heldOut), training: own, size: size)
    }
    let heldOut = images(300, seed: 2, size: size)
    let copies = figures(Array(training[0..<200 * size]), heldOut)
    #expect(copies.generated.exactDuplicates == 200 && copies.generated.authenticity == 0)
    #expect(copies.copyingStatistic.map { $0 < -10 } == true)
    let shifted = figures(training[0..<200 * size].map { $0 > 250 ? $0 - 3 : $0 + 3 }, heldOut)
    #expect(shifted.generated.exactDuplicates == 0 && shifted.generated.nearDuplicates == 200)
    let fresh = figures(images(300, seed: 4, size: size), heldOut)
    #expect(fresh.generated.nearDuplicates == 0)
    #expect(fresh.copyingStatistic.map { $0.magnitude < 4 } == true)
    #expect((fresh.generated.authenticity - fresh.heldOut.authenticity).magnitude < 0.15)
  }

  @Test func theRankSumIsThatOfSciPy() throws {
    for item in try MetricFixtures.read().ranks {
      let x = (0..<item.count).map { Int(MetricFixtures.number($0, 0, 6) * Double(item.top)) }
      let y = (0..<item.against).map { Int(MetricFixtures.number($0, 0, 7) * Double(item.top) * 0.9) }
      let z = try #require(CopyingTest.standardizedRankSum(of: x, against: y))
      #expect((z - item.z).magnitude < 1e-9, "\(z) for \(item.z)")
    }
    #expect(CopyingTest.standardizedRankSum(of: [1, 1], against: [1]) == nil)
    let few = (distances: [1, 2], cells: [0, 0])
    #expect(CopyingTest.statistic(generated: few, heldOut: few) == nil)
  }
}
