import Autograd
import Classifier
import Datasets
import Eval
import Experiments
import Foundation
import Kernels
import Network
import Testing

/// A score in one call, with judges and real images of one's own: the library as others import it.
@Suite struct ScoreTests {
  private static let heldOut = Stripes.images(120, seed: 1)
  private static let training = Stripes.images(160, seed: 2, split: .train)
  private static var judges: [Judge] { Stripes.judges }

  private func tensor(_ images: LabeledImages) -> Tensor {
    Tensor(images.pixels.map { Float($0) / 255 }, shape: [images.count, 12, 12, 1])
  }

  @Test func oneCallSaysEverything() throws {
    let fresh = Stripes.images(100, seed: 3)
    var steps: [String] = []
    let score = try Score.of(
      images: tensor(fresh), labels: fresh.labels.map(Int.init), heldOut: Self.heldOut,
      training: Self.training, judges: Self.judges,
      observer: Observer(progress: { steps.append($0.detail) }))
    #expect(score.count == 100 && Set(score.judges.keys) == ["sharp", "soft"] && steps.count == 4)
    for judge in score.judges.values {
      let distance = try #require(judge[.frechetDistance])
      let (value, error) = (try #require(distance.value), try #require(distance.standardError))
      let (floor, ceiling) = (try #require(distance.floor), try #require(distance.ceiling))
      #expect(value < ceiling && floor < ceiling && error > 0)
      #expect(judge[.precision]?.value != nil && judge[perLabel: .vendi]?.count == 2)
      #expect(judge.metrics.keys.sorted() == MetricCatalog.all.map(\.name).sorted())
    }
    #expect(score.labelAccuracy?["sharp"]?.value == 1)
    #expect(score.memorization?.generated.exactDuplicates == 0)
    #expect(!score.verdicts.contains { $0.name == .collapsed || $0.name == .labelsIgnored })
  }

  @Test func whatIsAmissIsSaid() throws {
    let fresh = Stripes.images(200, seed: 3)
    let above = (0..<200).filter { $0 % 2 == 0 }
    let images = LabeledImages(
      name: "above", split: .test, height: 12, width: 12, pixels: above.flatMap { fresh.image(at: $0) },
      labels: above.map { UInt8($0 % 4 / 2) }, labelNames: fresh.labelNames)
    let score = try Score.of(
      images: tensor(images), labels: images.labels.map(Int.init), heldOut: Self.heldOut,
      training: Self.training, judges: Self.judges)
    let names = score.verdicts.map(\.name)
    #expect(names.contains(.collapsed) && names.contains(.labelsIgnored), "\(names)")
    let copies = try Score.of(
      images: tensor(Self.training), heldOut: Self.heldOut, training: Self.training, judges: Self.judges)
    #expect(copies.verdicts.contains { $0.name == .memorizes } && copies.labelAccuracy == nil)
  }

  @Test func pixelsBeyondTheRangeAreClampedAndSaid() throws {
    let bright = Tensor(
      tensor(Stripes.images(60, seed: 3)).elements.map { $0 * 2 }, shape: [60, 12, 12, 1])
    let score = try Score.of(
      images: bright, heldOut: Self.heldOut, training: Self.training, judges: Self.judges)
    let verdict = score.verdicts.first { $0.name == .wrongContrast }
    #expect(verdict?.detail.contains("lay outside the range") == true)
  }

  @Test func whatCannotBeScoredIsRefused() {
    func error(_ images: Tensor) -> String {
      do {
        _ = try Score.of(
          images: images, heldOut: Self.heldOut, training: Self.training, judges: Self.judges)
        return ""
      } catch { return "\(error)" }
    }
    #expect(error(Tensor([Float](repeating: .nan, count: 2880), shape: [20, 12, 12, 1])).contains("numbers"))
    #expect(
      error(Tensor([Float](repeating: 0, count: 288), shape: [2, 12, 12, 1])).contains("6 images or more"))
    #expect(
      error(Tensor([Float](repeating: 0, count: 500), shape: [20, 5, 5, 1])).contains(
        "found grey images of 5×5"))
  }

  @Test func realImagesThatAreTooFewOrTooSmallAreRefused() {
    func small(_ count: Int, side: Int) -> LabeledImages {
      LabeledImages(
        name: "small", split: .test, height: side, width: side,
        pixels: [UInt8](repeating: 0, count: count * side * side),
        labels: [UInt8](repeating: 0, count: count),
        labelNames: ["above", "below"])
    }
    for images in [small(3, side: 12), small(20, side: 8)] {
      #expect(throws: (any Error).self) {
        _ = try Scorer(judges: Self.judges, heldOut: images, training: Self.training)
      }
    }
  }

  @Test func theReferenceJudgesRefuseOtherImages() {
    #expect(throws: (any Error).self) { _ = try ReferenceJudges.all(for: Self.heldOut) }
  }

  @Test func anObserverCancels() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try Score.of(
        images: tensor(Self.heldOut), heldOut: Self.heldOut, training: Self.training, judges: Self.judges,
        observer: Observer(progress: { _ in throw Stop() }))
    }
  }

  /// What a file has not kept is nil, everything else is as it was.
  @Test func aFileReadsBackAsItWasWritten() throws {
    let scorer = try Scorer(
      judges: Self.judges, heldOut: Self.heldOut, training: Self.training, version: "stripes/1")
    let fresh = Stripes.images(80, seed: 4)
    let result = try scorer.score(
      SampleImages(
        source: "fresh", height: 12, width: 12, pixels: fresh.pixels,
        range: PixelValues(expected: 0...255, found: 0...255, clampedCount: 0, count: fresh.pixels.count)))
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = .sortedKeys
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try encoder.encode(scorer.file([result]))
    let read = try decoder.decode(ScoreFile.self, from: data)
    #expect(try encoder.encode(read) == data)
    let (own, back) = (try #require(result.judges["soft"]), try #require(read.results[0].judges["soft"]))
    #expect(read.judge.version == "stripes/1" && read.results[0].labelAccuracy == nil)
    #expect(own[.kernelDistance] == back[.kernelDistance])
    #expect(
      own[.coverage]?.value == back[.coverage]?.value && own[.coverage]?.floor == back[.coverage]?.floor)
    #expect(own[.coverage]?.ceiling != nil && back[.coverage]?.ceiling == nil)
  }
}

extension ScoreTests {
  /// The same distances rank the other way round by a metric of which more is better.
  @Test func aLeaderboardRanksInTheMetricsDirection() throws {
    let scorer = try Scorer(judges: Self.judges, heldOut: Self.heldOut, training: Self.training)
    let fresh = Stripes.images(100, seed: 5)
    let results = try [0, 90, 180].map { (grey: UInt8) in
      let pixels = fresh.pixels.map { max($0, grey) }
      return try scorer.score(
        SampleImages(
          source: "grey-\(grey).npy", height: 12, width: 12, pixels: pixels,
          range: PixelValues(
            expected: 0...255, found: Double(grey)...255, clampedCount: 0, count: pixels.count)))
    }
    func order(_ metric: Metric) throws -> [String] {
      try Leaderboard(
        [(path: "a.json", file: scorer.file(results))], in: "board", by: metric, ranker: "sharp"
      ).entries.map { "\($0.rank) \($0.source)" }
    }
    #expect(try order(.frechetDistance) == ["1 grey-0", "2 grey-90", "3 grey-180"])
    let reversed = Metric(
      name: Metric.frechetDistance.name, errorName: "e", rankName: "likeness", title: "likeness",
      direction: .higherIsBetter, domain: .number, digits: .decimals(1), places: [], .images { _ in nil })
    #expect(try order(reversed) == ["1 grey-180", "2 grey-90", "3 grey-0"])
  }
}
