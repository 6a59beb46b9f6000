import Eval
import Foundation
import Kernels
import Testing

/// The standard error of a Fréchet distance by leaving out one feature at a time.
@Suite struct LeaveOneOutTests {
  private func jackknife(_ distances: [Double]) -> Double {
    let n = Double(distances.count)
    let mean = distances.reduce(0, +) / n
    return (distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * (n - 1) / n).squareRoot()
  }

  private func leavingOut(_ left: Int, of x: Matrix) -> Matrix {
    var elements = x.elements
    elements.removeSubrange(left * x.columns..<(left + 1) * x.columns)
    return Matrix(rows: x.rows - 1, columns: x.columns, elements)
  }

  /// Count, numbers, rank: more features than numbers and fewer, as many, and numbers that depend on each
  /// other.
  static let sets: [(count: Int, dimension: Int, rank: Int?)] = [
    (60, 6, nil), (300, 9, nil), (12, 40, nil), (24, 24, nil), (25, 24, nil), (50, 24, 7), (7, 3, 1),
  ]

  /// The closed form is what N distances of one feature less each give.
  @Test(arguments: sets.indices) func itIsTheJackknifeOfAllDistances(index: Int) throws {
    let (count, dimension, rank) = Self.sets[index]
    let real = MetricFixtures.features(count: 40, dimension: dimension, seed: 1, shift: 0, rank: rank)
    let x = MetricFixtures.features(count: count, dimension: dimension, seed: 2, shift: 0.1, rank: rank)
    let reference = FrechetDistance.Reference(FeatureMoments(real))
    let distances = try (0..<count).map { try reference.distance(to: FeatureMoments(leavingOut($0, of: x))) }
    let found = try reference.distanceLeavingOutEach(of: x)
    let (expected, value) = (jackknife(distances), try reference.distance(to: FeatureMoments(x)))
    #expect((found.standardError / expected - 1).magnitude < 1e-5, "\(found.standardError) for \(expected)")
    #expect((found.value / value - 1).magnitude < 1e-12, "\(found.value) for \(value)")
  }

  /// The spread over fresh Gaussian samples, within 10 %; so is the jackknife of parts, with more noise.
  @Test func itIsTheSpreadOverFreshSamples() throws {
    let (count, dimension, rounds) = (400, 8, 400)
    func sample(_ key: Key, shift: Double, growth: Double) -> Matrix {
      let elements = (0..<count * dimension).map {
        key.gaussian($0) * growth / Double(1 + $0 % dimension) + shift
      }
      return Matrix(rows: count, columns: dimension, elements)
    }
    let reference = FrechetDistance.Reference(FeatureMoments(sample(Key(seed: 1), shift: 0, growth: 1)))
    var (distances, errors, ofParts): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<rounds {
      let x = sample(Key(seed: 100 + UInt64(round)), shift: 0.2, growth: 1.3)
      let found = try reference.distanceLeavingOutEach(of: x)
      distances.append(found.value)
      errors.append(found.standardError)
      ofParts.append(try reference.distance(to: x).standardError)
    }
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    func deviation(_ x: [Double]) -> Double {
      (x.reduce(0) { $0 + ($1 - mean(x)) * ($1 - mean(x)) } / Double(x.count - 1)).squareRoot()
    }
    let spread = deviation(distances)
    #expect((mean(errors) / spread - 1).magnitude < 0.1, "\(mean(errors)) for \(spread)")
    #expect((mean(ofParts) / mean(errors) - 1).magnitude < 0.1, "\(mean(ofParts)) for \(mean(errors))")
    #expect(deviation(errors) < deviation(ofParts) / 1.3)
  }

  @Test func equalFeaturesHaveNoError() throws {
    let point = Matrix(rows: 10, columns: 3, (0..<30).map { Double($0 % 3) })
    let found = try FrechetDistance.Reference(FeatureMoments(point)).distanceLeavingOutEach(of: point)
    #expect(found.value == 0 && found.standardError == 0)
  }

  /// Features of any network have the figures of a judge's, step by step, on any number of threads.
  @Test(arguments: [(90, 70, 5), (1100, 1030, 9), (20, 30, 40)])
  func allFiguresAtOnceAreThoseOfOneAfterAnother(real: Int, generated: Int, dimension: Int) throws {
    let (x, y) = (
      MetricFixtures.features(count: real, dimension: dimension, seed: 1, shift: 0),
      MetricFixtures.features(count: generated, dimension: dimension, seed: 2, shift: 0.1)
    )
    let reference = FeatureReference(x)
    let expected = try reference.figures(of: y)
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    var bits: [[Double]] = []
    for number in 1...3 {
      Parallel.threads = number
      var steps = 0
      let found = try FeatureEvidence(real: x, generated: y) { steps += 1 }
      #expect(steps == FeatureEvidence.steps(real: real, generated: generated, dimension: dimension))
      let (figures, bias) = (found.figures, try found.reference.expectedBias(count: generated))
      #expect(figures.neighbors == expected.neighbors && figures.count == generated)
      #expect(figures.kernelDistance == expected.kernelDistance)
      #expect(figures.kernelError == expected.kernelError)
      #expect((figures.frechetDistance / expected.frechetDistance - 1).magnitude < 1e-12)
      #expect(try (bias / reference.expectedBias(count: generated) - 1).magnitude < 1e-12)
      let vendi = try #require(figures.vendi)
      #expect(vendi == expected.vendi)
      bits.append([figures.frechetDistance, figures.frechetError, vendi, bias])
    }
    #expect(bits[0] == bits[1] && bits[1] == bits[2])
  }
}
