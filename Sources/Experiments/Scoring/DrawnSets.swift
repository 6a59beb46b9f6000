import Cluster
import Eval
import Files

/// Many sets of images drawn with one generator, each scored for itself: how a million images are judged.
///
/// A distance of N images is biased by an amount that depends on N, and its floor is of real images, of which
/// there are not more. So each set has the usual size, bounds and verdicts; over K of them the mean of a
/// figure has its K-th part of the variance. The memory is that of one set.
public struct DrawnSets: Codable, Sendable {
  /// The generator, as in the results.
  public let source: String
  /// Sets, K.
  public let sets: Int
  /// Images in each.
  public let count: Int
  /// The first set's seed; the others follow it.
  public let seed: UInt64
  /// Mean and deviation over the sets.
  public let spread: ScoreSpread
  /// Images of all sets together that show their label, by the judges' names; nil for images without labels.
  public let labelAccuracy: [String: Proportion]?
  /// In how many sets each verdict was given, by its name.
  public let verdicts: [String: Int]

  /// - Precondition: two results or more, of one generator, in the order of their seeds.
  init(_ results: [ScoreResult]) {
    let first = results[0]
    (source, sets, count, seed) = (first.source, results.count, first.count, first.seed ?? 0)
    spread = ScoreSpread(results)
    labelAccuracy = first.labelAccuracy.map { accuracies in
      accuracies.mapValues { _ in 0 }.reduce(into: [:]) { pooled, entry in
        let correct = results.reduce(0) { $0 + ($1.labelAccuracy?[entry.key]?.correct ?? 0) }
        pooled[entry.key] = Proportion(correct: correct, count: results.count * first.count)
      }
    }
    verdicts = results.flatMap(\.verdicts).reduce(into: [:]) { $0[$1.name.rawValue, default: 0] += 1 }
  }
}

extension Scorer {
  /// Scores `sets` sets of a generator's images, a set a piece of the work.
  ///
  /// - Returns: the first set's score and what all say together; nil of a part of the work.
  func score(
    _ sets: Int, of source: ScoredSource, _ settings: ScoreSettings, _ division: Division, observer: Observer
  ) throws -> (first: ScoreResult, all: DrawnSets)? {
    guard case .drawn(let samples, _, let size) = source else {
      preconditionFailure("Scorer: sets of images that are not drawn")
    }
    let title = "sets of \(source.name.lastPathComponent) \(source.sha256.prefix(12))"
    let results = try division.map(
      title, count: sets, size: 1, missing: nil,
      fits: { result in
        guard let result, result.count == settings.count else { return false }
        return result.labelAccuracy?.values.allSatisfy { (0...result.count).contains($0.correct) } ?? true
      }
    ) { range -> [ScoreResult?] in
      try range.map { set in
        try observer.progress(WorkProgress(title, set, of: sets, unit: "sets"))
        let seed = settings.seed &+ UInt64(set)
        let images = try samples.images(count: settings.count, size: size, seed: seed)
        return try score(ScoredImages(images, sha256: source.sha256, seed: seed))
      }
    }
    let known = results.compactMap { $0 }
    guard !division.isPart else { return nil }
    return (known[0], DrawnSets(known))
  }
}
