import Foundation
import Kernels
import Testing

/// Distributions and exact intervals against SciPy; see Tests/Fixtures/make_certificate_fixtures.py.
@Suite struct DistributionTests {
  struct Beta: Decodable, Sendable { let a, b, x, cumulative: Double }
  struct Normal: Decodable, Sendable { let probability, quantile: Double }
  struct Proportion: Decodable, Sendable {
    let successes, trials: Int
    let confidence, lower, upper: Double
  }

  private struct File: Decodable {
    let beta: [Beta]
    let normal: [Normal]
    let proportions: [Proportion]
  }

  private static let file: File? = {
    let url = Bundle.module.url(forResource: "distributions", withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(File.self, from: $0)
    }
  }()

  @Test func theBetaDistributionAgreesWithSciPy() throws {
    let cases = try #require(Self.file).beta
    #expect(cases.count == 64)
    for c in cases {
      let beta = BetaDistribution(a: c.a, b: c.b)
      #expect((beta.cumulative(c.x) - c.cumulative).magnitude <= 1e-10, "\(c)")
      #expect((beta.cumulative(c.x) - c.cumulative).magnitude <= 1e-9 * c.cumulative + 1e-300, "\(c)")
      // Where the distribution is flat, many x have the same probability.
      guard c.cumulative > 1e-12, c.cumulative < 0.999_999 else { continue }
      #expect((beta.quantile(c.cumulative) - c.x).magnitude <= 1e-10, "\(c)")
    }
  }

  @Test func theNormalQuantileAgreesWithSciPy() throws {
    let cases = try #require(Self.file).normal
    #expect(cases.count == 9)
    for c in cases {
      #expect((NormalDistribution.quantile(c.probability) - c.quantile).magnitude <= 1e-10, "\(c)")
      #expect((NormalDistribution.cumulative(c.quantile) - c.probability).magnitude <= 1e-12)
    }
    #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
  }

  @Test func clopperPearsonAgreesWithSciPy() throws {
    let cases = try #require(Self.file).proportions
    #expect(cases.count == 12)
    for c in cases {
      let lower = ClopperPearson.lowerBound(
        successes: c.successes, trials: c.trials, confidence: c.confidence)
      let upper = ClopperPearson.upperBound(
        successes: c.successes, trials: c.trials, confidence: c.confidence)
      #expect((lower - c.lower).magnitude <= 1e-10, "\(c): \(lower)")
      #expect((upper - c.upper).magnitude <= 1e-10, "\(c): \(upper)")
    }
  }

  /// Without a failure the bound is the root of the equation pⁿ = 1 - confidence.
  @Test(arguments: [1, 10, 1000, 100_000])
  func allSuccessesHaveAClosedForm(trials: Int) {
    let bound = ClopperPearson.lowerBound(successes: trials, trials: trials, confidence: 0.999)
    #expect((bound - pow(0.001, 1 / Double(trials))).magnitude <= 1e-12)
  }
}
