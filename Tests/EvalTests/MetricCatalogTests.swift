import Datasets
import Eval
import Kernels
import Testing

/// Every metric of the catalogue tells real images from noise, in the direction that it says.
@Suite struct MetricCatalogTests {
  private static var panel: JudgePanel {
    JudgePanel(
      TinyWorld.judges, heldOut: TinyWorld.images(200, seed: 1),
      training: TinyWorld.images(200, seed: 2, split: .train))
  }

  private static let scored = Result {
    let judged = panel
    let statistics = try judged.statistics(count: 160)
    let fresh = TinyWorld.images(160, seed: 3)
    let score = try judged.score(fresh.pixels, labels: fresh.labels.map(Int.init), statistics, nil)
    return (score, statistics)
  }

  private func value(_ metric: Metric) throws -> MetricValue {
    let (score, statistics) = try Self.scored.get()
    return metric.value(
      of: try #require(score.judges["sharp"]), try #require(statistics.judges["sharp"]))
  }

  @Test func namesAreDifferent() {
    #expect(Set(MetricCatalog.all.map(\.name)).count == MetricCatalog.all.count)
    #expect(Set(MetricCatalog.all.map(\.title)).count == MetricCatalog.all.count)
    #expect(Set(MetricCatalog.perLabel.map(\.name)).count == MetricCatalog.perLabel.count)
    #expect(MetricCatalog.ranking.map(\.rankName) == ["frechet", "kernel"])
  }

  @Test(arguments: MetricCatalog.all.map(\.name)) func everyMetricHasAValueInItsDomain(_ name: String) throws
  {
    let metric = try #require(MetricCatalog.all.first { $0.name == name })
    let found = try value(metric)
    let own = try #require(found.value)
    switch metric.domain {
    case .number: #expect(own.isFinite)
    case .notNegative: #expect(own >= 0)
    case .share: #expect((0...1).contains(own))
    }
    #expect((found.standardError != nil) == (metric.errorName != nil))
    #expect((found.floor != nil) == metric.hasFloor)
  }

  @Test(arguments: MetricCatalog.all.filter { $0.direction != .neither }.map(\.name))
  func realImagesAreBetterThanNoise(_ name: String) throws {
    let metric = try #require(MetricCatalog.all.first { $0.name == name })
    let found = try value(metric)
    let (floor, ceiling) = (try #require(found.floor), try #require(found.ceiling))
    #expect(metric.direction == .lowerIsBetter ? floor < ceiling : floor > ceiling, "\(floor), \(ceiling)")
  }

  @Test func anIntervalIsTwoErrorsWide() throws {
    let found = try value(.frechetDistance)
    let interval = try #require(found.interval)
    let error = try #require(found.standardError)
    #expect((interval.upper - interval.lower - 3.92 * error).magnitude < 1e-12)
  }

  @Test func momentsOfOthersAreThoseOfTheFeatures() throws {
    let features = MetricFixtures.features(count: 50, dimension: 4, seed: 3, shift: 0)
    let own = FeatureMoments(features)
    var rebuilt = FeatureMoments(mean: own.mean, covariance: own.covariance, count: 50)
    #expect(try FrechetDistance.between(own, rebuilt).magnitude < 1e-12)
    rebuilt.merge(own)
    #expect(rebuilt.count == 100 && zip(rebuilt.mean, own.mean).allSatisfy { ($0 - $1).magnitude < 1e-12 })
  }
}
