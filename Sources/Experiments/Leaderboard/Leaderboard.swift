import Eval
import Files
import Foundation

/// Scores of many generators in the order of a metric that has an error.
///
/// The rank is one more than the number of entries that are better beyond doubt: whose 95 % interval lies on
/// the better side. Scores compare only with scores of as many images: the count that most have is ranked (of
/// two as frequent ones the larger), the others are left out and named.
public struct Leaderboard: Encodable, Sendable {
  public struct Entry: Encodable, Sendable {
    public let rank: Int
    /// Whether another entry's interval overlaps with this one's.
    public let isTied: Bool
    public let source: String
    public let value: Double
    public let interval: [Double]
    public let result: ScoreResult
  }

  /// A score of another number of images.
  public struct LeftOut: Encodable, Sendable {
    public let source: String
    public let count: Int
    public let file: String
  }

  public let schema = "assay/leaderboard/1"
  public let judge: ScoreFile.JudgeIdentity
  public let reference: ScoreFile.Reference
  /// Images of each entry.
  public let count: Int
  /// The metric that ranks, as `rankName` says it.
  public let by: String
  public let ranker: String
  public let entries: [Entry]
  /// How alike two judges rank, from -1 to 1: Kendall's τ.
  public let agreement: Double
  public let leftOut: [LeftOut]

  /// - Parameter files: checked (``LeaderboardFolder``).
  /// - Parameter metric: one of ``Eval/MetricCatalog/ranking``.
  /// - Parameter ranker: the judge whose values rank.
  /// - Throws: `FileError` where there is nothing to rank, or scores that do not compare.
  public init(
    _ files: [(path: String, file: ScoreFile)], in folder: String, by metric: Metric = .frechetDistance,
    ranker: String
  ) throws(FileError) {
    precondition(metric.rankName != nil, "Leaderboard: nothing is ranked by \(metric.name)")
    let all = files.flatMap { path, file in file.results.map { (path: path, result: $0) } }
    guard let first = files.first, let count = Self.mostFrequent(all.map(\.result.count)) else {
      throw FileError.malformed(path: folder, expected: "scores (\(ScoreFile.schema))", found: "none")
    }
    for (path, file) in files {
      guard file.judge == first.file.judge, file.reference == first.file.reference else {
        throw FileError.malformed(
          path: path,
          expected: "scores by \(first.file.judge.version) on \(first.file.reference.count) images, as in "
            + first.path, found: "\(file.judge.version) on \(file.reference.count), or other weights or data")
      }
    }
    judge = first.file.judge
    guard judge.sha256.keys.contains(ranker) else {
      throw FileError.malformed(
        path: folder, expected: "a judge called \(ranker)",
        found: judge.sha256.keys.sorted().joined(separator: ", "))
    }
    reference = first.file.reference
    self.count = count
    by = metric.rankName ?? metric.name
    self.ranker = ranker
    let kept = all.filter { $0.result.count == count }
    leftOut = all.filter { $0.result.count != count }.map {
      LeftOut(source: $0.result.source, count: $0.result.count, file: $0.path)
    }
    func values(_ judge: String) -> [MetricValue] { kept.compactMap { $0.result.judges[judge]?[metric] } }
    let own = values(ranker)
    entries = Self.ranked(kept, own, lowerIsBetter: metric.direction != .higherIsBetter)
    let other = judge.sha256.keys.sorted().first { $0 != ranker } ?? ranker
    agreement = RankCorrelation.kendall(own.compactMap(\.value), values(other).compactMap(\.value))
  }

  /// The metric that ranks.
  public var metric: Metric? { MetricCatalog.ranking.first { $0.rankName == by } }

  /// The larger of two as frequent ones; nil of none.
  private static func mostFrequent(_ counts: [Int]) -> Int? {
    Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +).max { ($0.value, $0.key) < ($1.value, $1.key) }?
      .key
  }

  private static func ranked(
    _ results: [(path: String, result: ScoreResult)], _ values: [MetricValue], lowerIsBetter: Bool
  ) -> [Entry] {
    let titles = ScoreTitles.of(results)
    let scored = values.enumerated().compactMap { index, value in
      value.interval.flatMap { interval in value.value.map { (index, value: $0, interval) } }
    }
    return scored.map { index, value, own in
      let better = scored.count { lowerIsBetter ? $0.2.upper < own.lower : $0.2.lower > own.upper }
      return Entry(
        rank: 1 + better,
        isTied: scored.contains { $0.0 != index && $0.2.lower <= own.upper && own.lower <= $0.2.upper },
        source: titles[index], value: value, interval: [own.lower, own.upper],
        result: results[index].result)
    }.sorted {
      $0.value == $1.value ? $0.source < $1.source : ($0.value < $1.value) == lowerIsBetter
    }
  }
}
