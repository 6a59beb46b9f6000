import Datasets
import Eval
import Kernels
import Testing

/// Judges, what they know of real images, and what they say of others.
@Suite struct JudgePanelTests {
  private static var panel: JudgePanel {
    JudgePanel(
      TinyWorld.judges, heldOut: TinyWorld.images(200, seed: 1),
      training: TinyWorld.images(240, seed: 2, split: .train))
  }
  private static let noise = (0..<120 * 144).map { UInt8(Key(seed: 9).word($0) % 256) }

  private func score(_ pixels: [UInt8], labels: [Int]? = nil) throws -> (PanelScore, RealStatistics) {
    let statistics = try Self.panel.statistics(count: pixels.count / 144)
    return (try Self.panel.score(pixels, labels: labels, statistics, nil), statistics)
  }

  // MARK: - RealStatistics

  @Test func realImagesLieFarBelowNoise() throws {
    let statistics = try Self.panel.statistics(count: 120)
    #expect(Set(statistics.judges.keys) == ["sharp", "soft"])
    for known in statistics.judges.values {
      #expect(known.floor.count == 120 && known.ceiling.count == 120)
      #expect(known.floor.features.frechetDistance < known.ceiling.features.frechetDistance / 10)
      #expect(known.labelAccuracy.value == 1 && known.floor.labelAccuracy?.value == 1)
      #expect(known.ceiling.correct == nil && known.expectedBias > 0)
    }
    #expect(statistics.agreement == 1)
    #expect(statistics.brightness > 0.15 && statistics.brightness < 0.4)
  }

  @Test func theFloorFollowsFromTheCountAlone() throws {
    let (some, same, more) = (
      try Self.panel.statistics(count: 80), try Self.panel.statistics(count: 80),
      try Self.panel.statistics(count: 160)
    )
    let judge = "sharp"
    #expect(some.judges[judge]?.floor == same.judges[judge]?.floor)
    #expect(try #require(more.judges[judge]?.expectedBias) < #require(some.judges[judge]?.expectedBias))
  }

  @Test func aBalancedSampleTakesLabelsInTurnAndBeginsAnew() {
    let images = TinyWorld.images(8, seed: 3)
    let (pixels, labels) = images.balancedSample(10)
    #expect(labels == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1])
    #expect(pixels.count == 10 * 144 && Array(pixels.suffix(288)) == Array(pixels.prefix(288)))
  }

  // MARK: - JudgePanel

  @Test func freshImagesAreNearAndNoiseIsFar() throws {
    let fresh = TinyWorld.images(120, seed: 4)
    let (real, statistics) = try score(fresh.pixels, labels: fresh.labels.map(Int.init))
    let (noisy, _) = try score(Self.noise)
    for judge in TinyWorld.judges.map(\.name) {
      let (own, other) = (try #require(real.judges[judge]), try #require(noisy.judges[judge]))
      let known = try #require(statistics.judges[judge])
      #expect(own.features.frechetDistance < known.ceiling.features.frechetDistance / 10)
      #expect(other.features.frechetDistance > known.ceiling.features.frechetDistance / 2)
      #expect(own.correct == 120 && other.correct == nil)
      #expect(own.histogram == [30, 30, 30, 30])
    }
    #expect(real.agreement == 1 && real.memorization == nil)
  }

  @Test func copiesAreFoundWhereNeighboursAreKnown() throws {
    let statistics = try Self.panel.statistics(count: 60)
    let copies = Self.panel.training.prefix(60)
    let score = try Self.panel.score(copies.pixels, labels: nil, statistics, Self.panel.neighbors())
    let found = try #require(score.memorization)
    #expect(found.figures.generated.exactDuplicates == 60 && found.figures.heldOut.exactDuplicates == 0)
    #expect(found.nearest.indices == Array(0..<60))
  }

  @Test func evidenceForVerdictsIsThatOfThePanel() throws {
    let dropped = (0..<200).filter { $0 % 4 != 3 }
    let fresh = TinyWorld.images(200, seed: 5)
    let (score, statistics) = try score(
      dropped.flatMap { fresh.image(at: $0) }, labels: dropped.map { $0 % 4 })
    let evidence = try #require(
      VerdictEvidence(
        score, statistics, judges: ["sharp", "soft"], labelNames: TinyWorld.labelNames, clampedShare: 0))
    #expect(evidence.count == 150 && evidence.judges.map(\.name) == ["sharp", "soft"])
    #expect(evidence.judges[0].shares.counts == [50, 50, 50, 0] && evidence.labelCounts == [50, 50, 50, 0])
    #expect(evidence.judges[0].labelAccuracy?.real == Proportion(correct: 200, count: 200))
    #expect(evidence.repeats.own.count == 150 && evidence.repeats.real.count == 200)
    #expect(VerdictCatalog.verdicts(on: evidence).map(\.name).contains(.collapsed))
    #expect(
      VerdictEvidence(score, statistics, judges: [], labelNames: TinyWorld.labelNames, clampedShare: 0) == nil
    )
  }

  // MARK: - JudgeReference

  @Test func aReferenceIsNearestToItself() throws {
    let images = TinyWorld.images(120, seed: 6)
    let view = TinyWorld.judges[0].view(images.pixels)
    let labels = images.labels.map(Int.init)
    let reference = JudgeReference(view, labels: labels)
    let own = try reference.score(view, labels: labels)
    #expect(own.features.frechetDistance.magnitude < 1e-9)
    #expect(own.features.neighbors.precision == 1 && own.features.neighbors.coverage == 1)
    #expect(try #require(own.frechetPerLabel).allSatisfy { ($0 ?? 1).magnitude < 1e-9 })
    let unlabelled = try reference.score(view, labels: nil)
    #expect(
      unlabelled.frechetPerLabel == nil && unlabelled.correct == nil && unlabelled.vendiPerLabel.count == 4)
  }

  @Test func aLabelOfOneImageHasNoDistance() throws {
    let images = TinyWorld.images(41, seed: 7)
    let view = TinyWorld.judges[0].view(images.pixels)
    var labels = images.labels.map { Int($0) % 3 }
    labels[5] = 3
    let score = try JudgeReference(view, labels: labels).score(view, labels: labels)
    #expect(score.frechetPerLabel?[3] == nil && score.frechetPerLabel?[0] != nil)
  }
}
