import Classifier
import Datasets
import Eval
import Files
import Foundation

/// The two reference classifiers as judges of images, with the real images they know.
final class Scorer {
  let panel: JudgePanel
  private let cache: RealCache
  /// What was read or computed before, by the number of images.
  private var statistics: [Int: RealStatistics] = [:]
  private var neighbors: RealNeighbors?
  /// All test images, however many of them are compared with.
  private let testImages: KnownImages

  /// - Parameter cache: the folder to keep what is known of the real images in.
  init(data: DataOptions, limit: Int?, cache: String?) throws {
    let (heldOut, training) = (try data.load(.test), try data.load(.train))
    self.cache = RealCache(cache)
    testImages = KnownImages(heldOut)
    let real = limit.map { heldOut.prefix($0) } ?? heldOut
    guard real.count >= FeatureReference.fewest else {
      throw FileError.malformed(
        path: data.data ?? data.dataset, expected: "\(FeatureReference.fewest) test images or more",
        found: "\(real.count)")
    }
    panel = JudgePanel(try Self.judges(for: heldOut), heldOut: real, training: training)
  }

  /// The reference classifiers; one judge alone can be fooled.
  static func judges(for images: LabeledImages) throws -> [Judge] {
    try [ClassifierArchitecture.conv, .dense].map { architecture in
      let classifier = try ClassifierArgument.load(architecture.rawValue, for: images)
      return Judge(classifier, sha256: classifier.weightsSHA256)
    }
  }

  var labelNames: [String] { panel.heldOut.labelNames }
  var size: Int { panel.heldOut.height }

  /// Steps of ``score(_:sha256:seed:trainsClassifier:progress:)``.
  static let steps = 4

  /// - Parameters:
  ///   - sha256: of where the images came from.
  ///   - progress: called before each of the steps, with what it is.
  func score(
    _ images: SampleImages, sha256: String, seed: UInt64?, trainsClassifier: Bool,
    progress: (String) -> Void = { _ in }
  ) throws -> (ScoreResult, PanelScore) {
    guard images.count >= FeatureReference.fewest else {
      throw FileError.malformed(
        path: images.source, expected: "\(FeatureReference.fewest) images or more",
        found: (["\(images.count)"] + images.notes).joined(separator: "; "))
    }
    progress("statistics of the real images")
    let statistics = try statistics[images.count] ?? cache.statistics(panel, count: images.count)
    progress("neighbours of the real images")
    let neighbors = try neighbors ?? cache.neighbors(panel)
    (self.statistics[images.count], self.neighbors) = (statistics, neighbors)
    progress("comparison")
    let score = try panel.score(images.pixels, labels: images.labels, statistics, neighbors)
    progress(trainsClassifier ? "training on the images" : "report")
    let accuracyScore = try images.labels.flatMap { labels in
      trainsClassifier
        ? try ClassificationAccuracyScore(images.pixels, labels: labels, panel: panel) : nil
    }
    return (result(images, sha256: sha256, seed: seed, score, statistics, accuracyScore), score)
  }

  private func result(
    _ images: SampleImages, sha256: String, seed: UInt64?, _ score: PanelScore, _ statistics: RealStatistics,
    _ accuracyScore: ClassificationAccuracyScore?
  ) -> ScoreResult {
    let names = panel.judges.map(\.name)
    var judges: [String: ScoreResult.OfJudge] = [:]
    var accuracies: [String: ScoreResult.Accuracy] = [:]
    for name in names {
      guard let own = score.judges[name], let real = statistics.judges[name] else { continue }
      judges[name] = .init(own, real)
      accuracies[name] = own.labelAccuracy.map { accuracy in
        .init(
          value: accuracy.value, interval: [accuracy.interval.lowerBound, accuracy.interval.upperBound],
          correct: accuracy.correct, real: real.labelAccuracy)
      }
    }
    let verdicts = Verdicts.of(
      score, statistics, judges: names, labelNames: labelNames, clamped: images.range.clampedShare)
    let withheld = Verdicts.withheld(imageCount: images.count, labelCount: labelNames.count)
    let equal = testImages.count(in: images.pixels)
    let known = [
      KnownImages.note(equal, of: images.count, "test"),
      score.memorization.flatMap {
        KnownImages.note($0.figures.generated.exactDuplicates, of: images.count, "training")
      },
    ]
    return ScoreResult(
      source: images.source, sha256: sha256, count: images.count, seed: seed,
      notes: images.notes + known.compactMap { $0 },
      labelAccuracy: images.labels == nil ? nil : accuracies,
      classHistogram: names.first.flatMap { judges[$0]?.classHistogram } ?? [], judges: judges,
      agreement: score.agreement, realAgreement: statistics.agreement,
      similarityPerLabel: score.similarityPerLabel, realSimilarityPerLabel: statistics.similarityPerLabel,
      memorization: score.memorization.map {
        .init(
          generated: $0.figures.generated, heldOut: $0.figures.heldOut,
          copyingStatistic: $0.figures.copyingStatistic)
      },
      testDuplicates: equal, classificationAccuracyScore: accuracyScore, verdicts: verdicts,
      withheld: withheld)
  }

  var identity: ScoreFile.JudgeIdentity {
    .init(
      version: ReferenceWeights.version,
      sha256: Dictionary(uniqueKeysWithValues: panel.judges.map { ($0.name, $0.sha256) }))
  }

  var reference: ScoreFile.Reference {
    let real = panel.heldOut
    return .init(dataset: real.name, split: real.split.rawValue, count: real.count, sha256: real.sha256)
  }
}

extension ScoreResult.OfJudge {
  init(_ own: JudgeScore, _ known: RealStatistics.OfJudge) {
    let (floor, ceiling) = (known.floor, known.ceiling)
    self.init(
      frechetDistance: .init(
        value: own.features.frechetDistance, standardError: own.features.frechetError,
        floor: floor.features.frechetDistance,
        ceiling: ceiling.features.frechetDistance),
      kernelDistance: .init(
        value: own.features.kernelDistance, standardError: own.features.kernelError,
        floor: floor.features.kernelDistance,
        ceiling: ceiling.features.kernelDistance),
      expectedFrechetDistance: known.expectedBias, frechetDistancePerLabel: own.frechetPerLabel,
      precision: own.features.neighbors.precision, recall: own.features.neighbors.recall,
      density: own.features.neighbors.density,
      coverage: own.features.neighbors.coverage, vendi: own.features.vendi, vendiPerLabel: own.vendiPerLabel,
      inceptionScore: own.inceptionScore, meanConfidence: own.meanConfidence, classHistogram: own.histogram,
      classEntropy: own.entropy,
      real: .init(
        precision: floor.features.neighbors.precision, recall: floor.features.neighbors.recall,
        density: floor.features.neighbors.density,
        coverage: floor.features.neighbors.coverage, vendi: floor.features.vendi,
        vendiPerLabel: floor.vendiPerLabel,
        inceptionScore: known.inceptionScore))
  }
}
