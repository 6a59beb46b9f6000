import Eval
import Experiments
import Files
import Foundation
import TestSupport
import Testing

/// Who ranks, who is left out, and what the other judges say of the order.
@Suite struct LeaderboardTests {
  typealias Entry = ScoreFileBench.Entry
  private let bench: ScoreFileBench

  init() throws { bench = try ScoreFileBench() }

  /// Errors of 0.1 are intervals of 0.4.
  private func entry(_ source: String, _ distances: [String: Double]) -> Entry {
    Entry(source, distances.mapValues { ($0, 0.1) })
  }

  // MARK: - The judge that ranks

  @Test func theBestJudgeThereIsRanks() throws {
    let both = try bench.file([entry("a", ["conv": 1, "dense": 2]), entry("b", ["conv": 2, "dense": 1])])
    #expect(RankingJudge.standard == RankingJudge.byAgreement.first)
    #expect(try Leaderboard([both], in: "x").ranker == "conv")
    #expect(try Leaderboard([both], in: "x").entries.map(\.source) == ["a", "b"])
    let chosen = try Leaderboard([both], in: "x", ranker: "dense")
    #expect(chosen.ranker == "dense" && chosen.entries.map(\.source) == ["b", "a"])
    #expect(chosen.judgeNames == ["dense", "conv"])
    let dense = try bench.file([entry("a", ["dense": 2, "other": 3])])
    #expect(try Leaderboard([dense], in: "x").ranker == "dense")
    let unknown = try bench.file([entry("a", ["one": 2, "two": 3])])
    let error = #expect(throws: FileError.self) { _ = try Leaderboard([unknown], in: "x") }
    #expect(error.map { "\($0)".contains("conv or dense") && "\($0)".contains("one, two") } == true)
    #expect(throws: FileError.self) { _ = try Leaderboard([both], in: "x", ranker: "third") }
  }

  /// Its distances have another scale, so it cannot stand in for the judge that ranks.
  @Test func aScoreWithoutTheRankingJudgeIsLeftOutAndNamed() throws {
    let old = try bench.file(
      [entry("old", ["conv": 0.5, "dense": 0.5]), entry("older", ["conv": 4, "dense": 1])], name: "old.json")
    let new = try bench.file(
      [
        entry("new", ["conv": 1, "dense": 2, "third": 3]),
        entry("newer", ["conv": 2, "dense": 1, "third": 1]),
      ],
      name: "new.json", version: "test-2")
    for files in [[old, new], [new, old]] {
      let board = try Leaderboard(files, in: "x", ranker: "third")
      #expect(board.entries.map(\.source) == ["newer", "new"])
      #expect(board.leftOut.map(\.source) == ["old", "older"])
      #expect(
        board.leftOut.allSatisfy { $0.lacksJudge == "third" && $0.file == "old.json" && $0.count == 20 })
      #expect(board.judge.version == "test-2" && board.judgeNames == ["third", "conv", "dense"])
      // By a judge that all have, all are ranked; the third has no say of the old ones.
      let all = try Leaderboard(files, in: "x", ranker: "conv")
      #expect(all.entries.map(\.source) == ["old", "new", "newer", "older"] && all.leftOut.isEmpty)
      #expect(all.entries[0].ranks == ["conv": 1, "dense": 1] && all.entries[1].ranks["third"] == 2)
      #expect(all.trust.pairs == 6 && all.trust.opinions["third"]?.undecided == 5)
      #expect(all.trust.opinions["third"]?.agreement == -1)
    }
  }

  @Test func judgesOfOtherWeightsAreRefused() throws {
    let one = try bench.file([entry("a", ["conv": 1, "dense": 2])], name: "one.json")
    for other in [
      try bench.file([entry("b", ["conv": 1, "dense": 2])], name: "b.json", weights: ["dense": "other"]),
      try bench.file([entry("b", ["conv": 1])], name: "b.json", weights: ["conv": "other"]),
      try bench.file([entry("b", ["conv": 1, "dense": 2])], name: "b.json", version: "test-2"),
    ] {
      let error = #expect(throws: FileError.self) { _ = try Leaderboard([one, other], in: "x") }
      #expect(error?.path == "b.json" && error.map { "\($0)".contains("one.json") } == true)
    }
  }

  @Test func countsAreThoseOfScoresThatCanBeRanked() throws {
    let third = ["conv": 1.0, "third": 1.0]
    let files = [
      try bench.file([entry("a", ["conv": 1]), entry("b", ["conv": 2])], name: "old.json"),
      try bench.file(
        [
          Entry("c", third.mapValues { ($0, 0.1) }, count: 40),
          Entry("d", third.mapValues { ($0, 0.1) }, count: 40),
        ],
        name: "new.json"),
      try bench.file([entry("e", third)], name: "odd.json"),
    ]
    let board = try Leaderboard(files, in: "x", ranker: "third")
    #expect(board.count == 40 && board.entries.count == 2)
    #expect(board.leftOut.map(\.source) == ["a", "b", "e"])
    #expect(board.leftOut.map(\.lacksJudge) == ["third", "third", nil])
  }

  // MARK: - What the others say

  private func disputed() throws -> Leaderboard {
    try Leaderboard(
      [
        try bench.file([
          entry("a", ["conv": 1, "dense": 5, "third": 1]), entry("b", ["conv": 2, "dense": 6, "third": 2]),
          entry("c", ["conv": 3, "dense": 1, "third": 2.2]),
          entry("d", ["conv": 3.1, "dense": 9, "third": 0]),
        ])
      ], in: "x")
  }

  @Test func disputesAndTrustByHand() throws {
    let board = try disputed()
    #expect(
      board.entries.map(\.rank) == [1, 2, 3, 3] && board.entries.map(\.isTied) == [false, false, true, true])
    #expect(board.entries.map { $0.ranks["dense"] } == [2, 3, 1, 4])
    #expect(board.entries.map { $0.ranks["third"] } == [2, 3, 3, 1])
    // conv: c and d are not told apart, the other five pairs are.
    #expect(board.trust.pairs == 6 && board.trust.toldApart == 5)
    #expect(
      board.disputes.map { "\($0.before)\($0.behind) \($0.judges.joined(separator: "+"))" } == [
        "ac dense", "ad third", "bc dense", "bd third",
      ])
    #expect(board.trust.disputed == 4 && board.trust.agreed == 1)
    func pairs(_ judge: String) throws -> [Int] {
      let opinion = try #require(board.trust.opinions[judge])
      return [opinion.alike, opinion.reversed, opinion.undecided]
    }
    #expect(try pairs("dense") == [3, 2, 0] && pairs("third") == [2, 2, 1])
    // dense: ab, ad, bd, cd alike of six; third: ab, ac, bc.
    #expect(abs(board.agreement - 1 / 3) < 1e-15)
    #expect(board.trust.opinions["dense"]?.agreement == board.agreement)
    #expect(board.trust.opinions["third"]?.agreement == 0)
  }

  @Test func theErrorsDecideWhatIsADispute() throws {
    func disputes(_ error: Double) throws -> Int {
      try Leaderboard(
        [
          try bench.file([
            Entry("a", ["conv": (1, 0.1), "dense": (5, error)]),
            Entry("b", ["conv": (2, 0.1), "dense": (4, error)]),
          ])
        ], in: "x"
      ).disputes.count
    }
    // Intervals of 1.96 errors on either side overlap from 1 / 3.92 on.
    #expect(try disputes(0.255) == 1 && disputes(0.256) == 0)
  }

  @Test func manyEntriesAreCompared() throws {
    let count = 300
    let entries = (0..<count).map { index in
      entry("\(index)", ["conv": Double(index), "dense": Double(count - index)])
    }
    let board = try Leaderboard([try bench.file(entries)], in: "x")
    #expect(board.disputes.count == count * (count - 1) / 2 && board.trust.toldApart == board.disputes.count)
    #expect(board.agreement == -1)
  }

  @Test func theJSONSaysIt() throws {
    let text = try JSON.text(try disputed())
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["schema"] as? String == "assay/leaderboard/1")
    let trust = try #require(json["trust"] as? [String: Any])
    #expect(Set(trust.keys) == ["pairs", "told_apart", "agreed", "disputed", "opinions"])
    let disputes = try #require(json["disputes"] as? [[String: Any]])
    #expect(
      disputes.first?["before"] as? String == "a" && disputes.first?["judges"] as? [String] == ["dense"])
    let entry = try #require((json["entries"] as? [[String: Any]])?.first)
    #expect(
      Set(entry.keys) == ["rank", "is_tied", "source", "value", "interval", "result", "ranks"],
      "\(entry.keys)")
  }

  // MARK: - Several trainings

  /// 1, 2, 4 with a seed each: mean 7/3, variance 7/3.
  private func trained(_ name: String = "seeds.json", seeds: [Int] = [1, 2, 3]) throws -> (
    path: String, file: ScoreFile
  ) {
    try bench.file(
      [
        Entry("s/1", ["conv": (1, 0.1), "dense": (1, 0.1)], accuracy: 0.5),
        Entry("s/2", ["conv": (2, 0.2), "dense": (2, 0.1)], accuracy: 0.6),
        Entry("s/3", ["conv": (4, 0.3), "dense": (2, 0.1)], accuracy: 1),
      ], name: name, trainings: ScoreFileBench.trainings(seeds))
  }

  @Test func trainingsAreOneEntryOfBothErrors() throws {
    let single = try bench.file([
      entry("one", ["conv": 2, "dense": 2]), entry("far", ["conv": 90, "dense": 0]),
    ])
    let board = try Leaderboard([single, try trained()], in: "x")
    #expect(board.entries.map(\.source) == ["one", "gan, 3 trainings", "far"])
    let entry = board.entries[1]
    let error = (7.0 / 9).squareRoot()
    #expect(abs(entry.value - 7 / 3) < 1e-14)
    // t of two degrees.
    #expect(abs(entry.interval[0] - (7 / 3 - 4.302652729749464 * error)) < 1e-12)
    #expect(abs(entry.interval[1] - (7 / 3 + 4.302652729749464 * error)) < 1e-12)
    #expect(entry.isTied && entry.rank == 1 && board.entries[2].rank == 3)
    // What the file says of them is nonsense, and not relied upon.
    let spread = try #require(entry.figure(.frechetDistance, by: "conv")?.spread)
    #expect(abs(spread.standardDeviation - (7.0 / 3).squareRoot()) < 1e-14)
    #expect(abs((spread.samplingError ?? 0) - 0.2) < 1e-15)
    #expect(abs((spread.trainingDeviation ?? 0) - (7.0 / 3 - 0.14 / 3).squareRoot()) < 1e-14)
    #expect(entry.result.source == "s/1" && entry.results.count == 3)
    #expect(entry.trainings?.seeds == [1, 2, 3] && board.entries[0].trainings == nil)
    let accuracy = try #require(entry.trainings?.labelAccuracy?["conv"])
    #expect(abs(accuracy.mean - 0.7) < 1e-15)
    // √(p(1 - p) / 20) of each.
    let errors = [0.5, 0.6, 1].map { ($0 * (1 - $0) / 20).squareRoot() }
    #expect(abs((accuracy.samplingError ?? 0) - errors.reduce(0, +) / 3) < 1e-15)
    #expect(entry.figure(.precision, by: "conv")?.spread?.samplingError == nil)
  }

  @Test func trainingsOfOneNameAreToldApart() throws {
    let other = try bench.file(
      [
        Entry("t/1", ["conv": (7, 0.1), "dense": (1, 0.1)]),
        Entry("t/2", ["conv": (8, 0.1), "dense": (1, 0.1)]),
      ],
      name: "b.json", trainings: ScoreFileBench.trainings([1, 2], length: "9 epochs"))
    let longer = try ["c.json", "d.json"].map { name in
      try bench.file(
        [
          Entry("u/1", ["conv": (7, 0.1), "dense": (1, 0.1)]),
          Entry("u/2", ["conv": (8, 0.1), "dense": (1, 0.1)]),
        ], name: name, trainings: ScoreFileBench.trainings([1, 2]))
    }
    let names = try Leaderboard([try trained(), other] + longer, in: "x").entries.map(\.source)
    #expect(Set(names).count == 4 && names.contains("gan, 3 trainings"))
    #expect(names.contains("gan, 2 trainings, 9 epochs"))
  }

  /// What no `eval score --seeds` writes.
  @Test func trainingsThatCannotBeAreNamed() throws {
    func entries(_ change: (inout [Entry]) -> Void) -> [Entry] {
      var entries = [Entry("a", ["conv": (1, 0.1)]), Entry("b", ["conv": (2, 0.1)])]
      change(&entries)
      return entries
    }
    let cases: [(entries: [Entry], seeds: [Int], field: String)] = [
      (entries { _ in }, [1], "trainings.seeds"), (entries { _ in }, [1, 1], "trainings.seeds"),
      (entries { _ in }, [1, 2, 3], "trainings.seeds"), (entries { $0.removeLast() }, [1], "results"),
      (entries { $0[1].sha256 = "a" }, [1, 2], "results"), (entries { $0[1].count = 30 }, [1, 2], "results"),
      (entries { $0[1].distances["conv"] = (1e300, 0) }, [1, 2], "results"),
    ]
    for (entries, seeds, field) in cases {
      let error = #expect(throws: FileError.self, "\(seeds) \(entries)") {
        _ = try bench.file(entries, trainings: ScoreFileBench.trainings(seeds))
      }
      #expect(error.map { "\($0)".contains("\(field):") } == true, "\(String(describing: error))")
    }
  }

  @Test func theFolderHoldsTrainingsAsOneFile() throws {
    try withTemporaryFolder { folder in
      let file = try trained().file
      try LeaderboardFolder.add(trainings: file, to: folder)
      // Again, in another order: the same thing.
      let turned = ScoreFile(
        judge: file.judge, reference: file.reference, results: file.results.reversed(),
        trainings: file.trainings)
      try LeaderboardFolder.add(trainings: turned, to: folder)
      let read = try LeaderboardFolder.read([folder])
      #expect(read.count == 1 && read[0].file.results.count == 3)
      #expect(try Leaderboard(read, in: folder).entries.map(\.source) == ["gan, 3 trainings"])
    }
  }
}
