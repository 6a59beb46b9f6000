import Eval
import Files
import Foundation

/// Scores of many generators in the order of a distance.
///
/// The rank is one more than the number of entries that are better beyond doubt: whose 95 % interval lies below. Scores
/// compare only with scores of as many images: the count that most have is ranked (of two as frequent ones the larger), the
/// others are left out and named.
struct Leaderboard: Encodable {
  enum Distance: String, CaseIterable, Encodable { case frechet, kernel }

  struct Entry: Encodable {
    let rank: Int
    /// Whether another entry's interval overlaps with this one's.
    let isTied: Bool
    let source: String
    let value: Double
    let interval: [Double]
    let result: ScoreResult
  }

  /// A score of another number of images.
  struct LeftOut: Encodable {
    let source: String
    let count: Int
    let file: String
  }

  let schema = "assay/leaderboard/1"
  let judge: ScoreFile.JudgeIdentity
  let reference: ScoreFile.Reference
  /// Images of each entry.
  let count: Int
  let by: Distance
  let ranker: String
  let entries: [Entry]
  /// How alike two judges rank, from -1 to 1: Kendall's τ.
  let agreement: Double
  let leftOut: [LeftOut]

  /// - Parameter files: checked (``ScoreFileCheck``).
  /// - Throws: ``FileError`` where there is nothing to rank, or scores that do not compare.
  init(_ files: [(path: String, file: ScoreFile)], in folder: String, by distance: Distance, ranker: String)
    throws
  {
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
    by = distance
    self.ranker = ranker
    let kept = all.filter { $0.result.count == count }
    leftOut = all.filter { $0.result.count != count }.map {
      LeftOut(source: $0.result.source, count: $0.result.count, file: $0.path)
    }
    func figures(_ judge: String) -> [ScoreResult.Distance] {
      kept.compactMap { $0.result.judges[judge] }.map {
        distance == .frechet ? $0.frechetDistance : $0.kernelDistance
      }
    }
    let own = figures(ranker)
    entries = Self.ranked(kept, own)
    let other = judge.sha256.keys.sorted().first { $0 != ranker } ?? ranker
    agreement = RankCorrelation.kendall(own.map(\.value), figures(other).map(\.value))
  }

  /// The larger of two as frequent ones; nil of none.
  private static func mostFrequent(_ counts: [Int]) -> Int? {
    Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +).max { ($0.value, $0.key) < ($1.value, $1.key) }?
      .key
  }

  private static func ranked(
    _ results: [(path: String, result: ScoreResult)], _ figures: [ScoreResult.Distance]
  ) -> [Entry] {
    let intervals = figures.map { interval(of: $0) }
    let titles = ScoreTitles.of(results)
    return results.indices.map { index in
      let own = intervals[index]
      return Entry(
        rank: 1 + intervals.count { $0.upper < own.lower },
        isTied: intervals.indices.contains {
          $0 != index && intervals[$0].lower <= own.upper && own.lower <= intervals[$0].upper
        },
        source: titles[index], value: figures[index].value, interval: [own.lower, own.upper],
        result: results[index].result)
    }.sorted { ($0.value, $0.source) < ($1.value, $1.source) }
  }

  /// 95 %, as if the distance were normal.
  static func interval(of distance: ScoreResult.Distance) -> (lower: Double, upper: Double) {
    (distance.value - 1.96 * distance.standardError, distance.value + 1.96 * distance.standardError)
  }
}
