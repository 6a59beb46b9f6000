import Classifier
import Cluster
import Datasets
import Eval
import Files
import FoundationEssentials

/// Judges of images, with the real images that they compare with: scores one set of images after the other.
public final class Scorer {
  /// The judges, with the real images as they see them.
  public let panel: JudgePanel
  /// As score files name the judges.
  public let version: String
  private let cache: RealCache?
  /// What was read or computed before, by the number of images.
  private var statistics: [Int: RealStatistics] = [:]
  private var neighbors: RealNeighbors?
  /// All test images, however many of them are compared with.
  private let testImages: KnownImages

  /// A scorer for images like the held-out ones. The judges look at those at once; what else has to be known
  /// of the real images is found with the first set of each size.
  ///
  /// - Parameters:
  ///   - judges: classifiers of images and labels like these, with different names; ``ReferenceJudges`` has
  ///     three.
  ///   - heldOut: real images that nothing was trained on.
  ///   - training: what generators learn from.
  ///   - limit: compares with the first held-out images alone.
  ///   - version: of the judges.
  ///   - cache: where what is known of the real images is kept; nil computes it for this scorer.
  ///   - path: where the held-out images came from, for errors.
  /// - Throws: `FileError.malformed` for fewer held-out images than `Eval/FeatureReference/fewest`, and for
  ///   images of less than 11×11.
  public init(
    judges: [Judge], heldOut: LabeledImages, training: LabeledImages, limit: Int? = nil,
    version: String = ReferenceWeights.version, cache: RealCache? = nil, path: String? = nil
  ) throws(FileError) {
    precondition(
      !judges.isEmpty, "Scorer: no judges of \(heldOut.shape)")
    let real = limit.map { heldOut.prefix($0) } ?? heldOut
    guard real.count >= FeatureReference.fewest else {
      throw .malformed(
        path: path ?? heldOut.name, expected: "\(FeatureReference.fewest) test images or more",
        found: "\(real.count)")
    }
    guard min(real.height, real.width) >= StructuralSimilarity.window else {
      throw .malformed(
        path: path ?? heldOut.name,
        expected: "images of \(StructuralSimilarity.window)×\(StructuralSimilarity.window) or more",
        found: "\(real.height)×\(real.width)")
    }
    self.cache = cache
    self.version = version
    testImages = KnownImages(heldOut)
    panel = JudgePanel(judges, heldOut: real, training: training)
  }

  /// The names of the real images' labels; labels of images to be scored are places among them.
  public var labelNames: [String] { panel.heldOut.labelNames }
  private var size: Int { panel.heldOut.height }

  /// Steps of ``score(_:trainsClassifier:progress:)``, and one for the images.
  private static let steps = 5

  /// Scores one after the other.
  ///
  /// - Parameters:
  ///   - items: generators and images, in the order of the results.
  ///   - settings: how generators draw, and how images are read.
  ///   - division: who draws and looks at which images.
  ///   - observer: hears of each step of each item.
  ///   - each: gets each score at once; what it throws ends the scoring.
  /// - Throws: `FileError` for what is no generator or no images, `NotFinite` for a score that is no number;
  ///   of a part of the work, `Cluster/PartDone`.
  public func score(
    _ items: [ScoreItem], _ settings: ScoreSettings = .init(), division: Division = .alone,
    observer: Observer = .init(), each: (Scored) throws -> Void = { _ in }
  ) throws -> ScoreFile {
    let total = Self.steps * items.count
    var (done, results, sets): (Int, [ScoreResult], [DrawnSets]) = (0, [], [])
    func begin(_ step: String, of item: Int) throws {
      let detail = items.count == 1 ? step : "\(item + 1) of \(items.count): \(step)"
      try observer.progress(WorkProgress("scoring", done, of: total, unit: "steps", detail: detail))
      done += 1
    }
    for (index, item) in items.enumerated() {
      try begin("images", of: index)
      let source = try item.source(
        settings, labelNames: labelNames, size: size, channels: panel.heldOut.channels)
      if index == 0 { try division.begin(inputs: inputs, items: source.count, unit: "images") }
      try check(source)
      if settings.sets > 1, source.isDrawn {
        guard let (first, all) = try score(settings.sets, of: source, settings, division, observer: observer)
        else { continue }
        results.append(first)
        sets.append(all)
        continue
      }
      let (pixels, seen) = try look(at: source, division)
      guard !division.isPart else { continue }
      let images = source.images(pixels)
      let (result, score) = try self.score(images, seen, trainsClassifier: settings.trainsClassifier) {
        try begin($0, of: index)
      }
      try JSON.check(result)
      results.append(result)
      try each(Scored(item: item, result: result, images: images.images, panelScore: score))
    }
    try division.endPart()
    if total > 0 { try observer.progress(WorkProgress("scoring", total, of: total, unit: "steps")) }
    return file(results, sets: sets.isEmpty ? nil : sets)
  }

  /// Scores one set of images.
  ///
  /// - Parameters:
  ///   - images: of the real images' size and channels.
  ///   - trainsClassifier: whether the dense classifier is also trained on the images, where they have
  ///     labels.
  ///   - progress: hears of each step before it is taken; throws to stop.
  /// - Throws: `FileError` for images that are too few or of another shape.
  public func score(
    _ images: SampleImages, trainsClassifier: Bool = false, progress: (String) throws -> Void = { _ in }
  ) throws -> ScoreResult {
    try score(ScoredImages(images), trainsClassifier: trainsClassifier, progress: progress)
  }

  func score(
    _ scored: ScoredImages, trainsClassifier: Bool = false, progress: (String) throws -> Void = { _ in }
  ) throws -> ScoreResult {
    let images = scored.images
    try check(.read(scored))
    let result = try score(
      scored, panel.look(at: images.pixels), trainsClassifier: trainsClassifier, progress: progress
    ).result
    try JSON.check(result)
    return result
  }

  /// Finds what has to be known of the real images for sets of `count`, which else is found with the first
  /// of them.
  public func prepare(count: Int, progress: (String) throws -> Void = { _ in }) throws {
    _ = try known(count: count, progress: progress)
  }

  private func known(
    count: Int, progress: (String) throws -> Void
  ) throws -> (RealStatistics, RealNeighbors) {
    try progress("statistics of the real images")
    let statistics =
      try statistics[count] ?? cache?.statistics(panel, count: count) ?? panel.statistics(count: count)
    try progress("neighbours of the real images")
    let neighbors = try neighbors ?? cache?.neighbors(panel) ?? panel.neighbors()
    (self.statistics[count], self.neighbors) = (statistics, neighbors)
    return (statistics, neighbors)
  }

  private func check(_ source: ScoredSource) throws(FileError) {
    let real = panel.heldOut
    let (expected, found) = ([real.height, real.width, real.channels], source.shape)
    guard expected == found else {
      func text(_ shape: [Int]) -> String {
        "\(shape[2] == 1 ? "grey" : "RGB") images of \(shape[0])×\(shape[1])"
      }
      throw .malformed(path: source.name, expected: text(expected), found: text(found))
    }
    guard source.count >= FeatureReference.fewest else {
      throw .malformed(
        path: source.name, expected: "\(FeatureReference.fewest) images or more",
        found: (["\(source.count)"] + source.notes).joined(separator: "; "))
    }
  }

  private func score(
    _ scored: ScoredImages, _ seen: SeenImages, trainsClassifier: Bool, progress: (String) throws -> Void
  ) throws -> (result: ScoreResult, score: PanelScore) {
    let images = scored.images
    let (statistics, neighbors) = try known(count: images.count, progress: progress)
    try progress("comparison")
    let score = try panel.score(images.pixels, seen, labels: images.labels, statistics, neighbors)
    try progress(trainsClassifier ? "training on the images" : "report")
    let accuracyScore = try images.labels.flatMap { labels in
      trainsClassifier
        ? try ClassificationAccuracyScore(images.pixels, labels: labels, panel: panel) : nil
    }
    let equal = testImages.count(in: images.pixels)
    let notes = [
      KnownImages.note(equal, of: images.count, "test"),
      score.memorization.flatMap {
        KnownImages.note($0.figures.generated.exactDuplicates, of: images.count, "training")
      },
    ]
    let result = ScoreResult(
      scored, score, statistics, judgeNames: panel.judges.map(\.name), labelNames: labelNames,
      notes: notes.compactMap { $0 }, testDuplicates: equal, accuracyScore: accuracyScore)
    return (result, score)
  }

  /// The results with what they are by.
  public func file(_ results: [ScoreResult], sets: [DrawnSets]? = nil) -> ScoreFile {
    let real = panel.heldOut
    return ScoreFile(
      judge: .init(
        version: version, sha256: Dictionary(uniqueKeysWithValues: panel.judges.map { ($0.name, $0.sha256) })),
      reference: .init(
        dataset: real.name, split: real.split.rawValue, count: real.count, sha256: real.sha256),
      results: results, sets: sets)
  }
}

/// A score, with the images themselves.
public struct Scored {
  /// What was asked to be scored.
  public let item: ScoreItem
  /// Its score, as files have it.
  public let result: ScoreResult
  /// The images as the judges saw them.
  public let images: SampleImages
  /// What the judges said, with the training image nearest to each.
  public let panelScore: PanelScore
}
