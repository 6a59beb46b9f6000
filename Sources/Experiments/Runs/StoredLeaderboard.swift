import Eval
import Files

/// The ranks of a leaderboard, read again from its JSON: without the whole scores, and so without what is
/// made of them.
package struct StoredLeaderboard: StoredResult, Sendable {
  package static let schema = "assay/leaderboard/1"

  package struct Entry: Decodable, Sendable {
    package struct Result: Decodable, Sendable {
      package let verdicts: [Verdict]
    }

    package let rank: Int
    package let isTied: Bool
    package let source: String
    package let value: Double
    package let interval: [Double]
    package let result: Result
  }

  /// The metric that ranks, as `--by` calls it, and the judge.
  package let by, ranker: String
  /// Images of each entry.
  package let count: Int
  package let entries: [Entry]

  package func check(_ require: FieldCheck) throws(FileError) {
    let names = MetricCatalog.ranking.compactMap(\.rankName)
    try require(names.contains(by), "by", "that is \(names.joined(separator: ", "))", found: by)
    try require(!entries.isEmpty, "entries", "with one or more", found: "none")
    for (index, entry) in entries.enumerated() {
      let ends = entry.interval
      try require(entry.value.isFinite, "entries[\(index)].value", "of a finite number", found: entry.value)
      try require(
        ends.count == 2 && ends.allSatisfy(\.isFinite) && ends[0] <= ends[1], "entries[\(index)].interval",
        "of two numbers, the lower one first", found: ends)
    }
  }

  /// As sentences call the metric.
  package var metric: String { MetricCatalog.ranking.first { $0.rankName == by }?.title ?? by }
}
