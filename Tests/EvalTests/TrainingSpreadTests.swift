import Eval
import Foundation
import Testing

/// Means over trainings: closed forms, and SciPy (Tests/Fixtures/make_spread_fixtures.py).
@Suite struct TrainingSpreadTests {
  private struct Fixtures: Decodable {
    struct Bound: Decodable {
      let probability: Double
      let degrees: Int
      let bound: Double
    }
    struct Spread: Decodable {
      let values: [Double]
      let mean, deviation, error, low, high: Double
    }
    let bounds: [Bound]
    let spreads: [Spread]

    static func read() throws -> Fixtures {
      let url = try #require(Bundle.module.url(forResource: "Fixtures/spread", withExtension: "json"))
      return try JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: url))
    }
  }

  private func isNear(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(1e-300, abs(b))
  }

  @Test func boundsAreSciPys() throws {
    for known in try Fixtures.read().bounds {
      let bound = StudentT.bound(probability: known.probability, degreesOfFreedom: known.degrees)
      #expect(isNear(bound, known.bound, 1e-11), "\(known)")
      let back = StudentT.probability(within: bound, degreesOfFreedom: known.degrees)
      #expect(isNear(back, known.probability), "\(known)")
    }
  }

  /// ν = 1 is Cauchy's distribution, ν = 2 has the closed form t / √(t² + 2).
  @Test(arguments: [0.1, 1, 3, 40]) func oneAndTwoDegreesHaveClosedForms(_ t: Double) {
    #expect(isNear(StudentT.probability(within: t, degreesOfFreedom: 1), 2 * atan(t) / .pi))
    #expect(isNear(StudentT.probability(within: t, degreesOfFreedom: 2), t / (t * t + 2).squareRoot()))
  }

  @Test func manyDegreesAreNearlyNormal() {
    let bound = StudentT.bound(probability: 0.95, degreesOfFreedom: 1_000_000)
    #expect(abs(bound - 1.959963984540054) < 1e-5 && bound > 1.959963984540054)
  }

  /// 1, 2, 3, 4: mean 5/2, variance 5/3.
  @Test func figuresByHand() {
    let spread = TrainingSpread([1, 2, 3, 4], samplingErrors: [0.5, 0.5, 1, 1])
    let error = (5.0 / 12).squareRoot()
    #expect(spread.count == 4 && spread.mean == 2.5)
    #expect(isNear(spread.standardDeviation, (5.0 / 3).squareRoot()) && isNear(spread.standardError, error))
    #expect(isNear(spread.interval[0], 2.5 - 3.182446305284263 * error))
    #expect(isNear(spread.interval[1], 2.5 + 3.182446305284263 * error))
    #expect(spread.samplingError == 0.75)
    // 5/3 less the mean square of the errors, 5/8.
    #expect(spread.trainingDeviation.map { isNear($0, (5.0 / 3 - 5.0 / 8).squareRoot()) } == true)
  }

  @Test func figuresAreSciPys() throws {
    for known in try Fixtures.read().spreads {
      let spread = TrainingSpread(known.values)
      #expect(isNear(spread.mean, known.mean, 1e-11), "\(known)")
      #expect(isNear(spread.standardDeviation, known.deviation, 1e-11), "\(known)")
      #expect(isNear(spread.standardError, known.error, 1e-11), "\(known)")
      #expect(isNear(spread.interval[0], known.low, 1e-10), "\(known)")
      #expect(isNear(spread.interval[1], known.high, 1e-10), "\(known)")
      #expect(spread.samplingError == nil && spread.trainingDeviation == nil)
    }
  }

  /// Values that scatter no more than drawing them explains say nothing of the trainings.
  @Test func whatTheDrawingExplainsIsNotTheTrainings() {
    #expect(TrainingSpread([1, 1.1], samplingErrors: [1, 1]).trainingDeviation == 0)
    let equal = TrainingSpread([3, 3, 3], samplingErrors: [0, 0, 0])
    #expect(equal.standardDeviation == 0 && equal.interval == [3, 3] && equal.trainingDeviation == 0)
  }

  /// The interval covers the mean of what trainings and drawings make 95 times in a hundred, for three
  /// trainings as for eight, whichever of the two is the larger part.
  @Test(arguments: [(3, 1.0, 0.2), (3, 0.1, 1.0), (8, 0.5, 0.5)])
  func theIntervalCoversTheMean(_ count: Int, _ between: Double, _ within: Double) {
    var state: UInt64 = 12345
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    let rounds = 4000
    let covered = (0..<rounds).count { _ in
      let spread = TrainingSpread((0..<count).map { _ in 5 + between * normal() + within * normal() })
      return spread.interval[0] <= 5 && spread.interval[1] >= 5
    }
    // Four standard errors of a share of 0.95.
    #expect(abs(Double(covered) / Double(rounds) - 0.95) < 0.0138, "\(covered)")
  }
}
