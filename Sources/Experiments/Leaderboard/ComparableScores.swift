import Files

/// The scores that compare with each other: by one judge, on the same real images, of as many images each.
///
/// Judges are the same where their weights are, so files of different sets of judges may stand side by side.
/// A score without the judge that ranks is left out and named: by another judge it would have a distance on
/// another scale.
struct ComparableScores {
  let judge: ScoreFile.JudgeIdentity
  let reference: ScoreFile.Reference
  let ranker: String
  let count: Int
  let rows: [RankedScore]
  let leftOut: [Leaderboard.LeftOut]

  /// - Parameter ranker: the judge that ranks; the best that there is where it is nil, or the only one.
  /// - Throws: `FileError` where there is nothing to rank, or scores that do not compare.
  init(
    _ files: [(path: String, file: ScoreFile)], in folder: String, ranker: String?
  ) throws(FileError) {
    let all = files.flatMap { path, file in RankedScore.rows(path, file) }
    guard let first = files.first, !all.isEmpty else {
      throw .malformed(path: folder, expected: "scores (\(ScoreFile.schema))", found: "none")
    }
    let judges = try Self.judges(files)
    let only = judges.count == 1 ? judges.keys.first : nil
    guard let ranking = ranker ?? RankingJudge.best(of: Set(judges.keys)) ?? only, judges[ranking] != nil
    else {
      throw .malformed(
        path: folder,
        expected: "a judge called \(ranker ?? RankingJudge.byAgreement.joined(separator: " or "))",
        found: judges.keys.sorted().joined(separator: ", "))
    }
    let able = all.filter { $0.result.judges[ranking] != nil }
    guard let count = Self.mostFrequent(able.map(\.result.count)) else {
      throw .malformed(path: folder, expected: "scores by the judge \(ranking)", found: "none")
    }
    (reference, self.ranker, self.count) = (first.file.reference, ranking, count)
    let ranked = able.filter { $0.result.count == count }
    rows = ranked
    leftOut = all.compactMap { row in
      let lacks = row.result.judges[ranking] == nil ? ranking : nil
      guard lacks != nil || row.result.count != count else { return nil }
      return Leaderboard.LeftOut(
        source: row.result.source, count: row.result.count, file: row.path, lacksJudge: lacks)
    }
    // Of those that are ranked: the judges of a file that is left out have no part in the board.
    let kept = files.filter { path, _ in ranked.contains { $0.path == path } }.map(\.file.judge)
    judge = ScoreFile.JudgeIdentity(
      version: kept.max { $0.sha256.count < $1.sha256.count }?.version ?? first.file.judge.version,
      sha256: kept.reduce(into: [:]) { $0.merge($1.sha256) { $1 } })
  }

  /// The weights of all judges, which must be the same wherever they have scored.
  ///
  /// The same judges under another version are refused, too: then something other than their weights changed.
  private static func judges(
    _ files: [(path: String, file: ScoreFile)]
  ) throws(FileError) -> [String: String] {
    var known: [String: (sha256: String, path: String)] = [:]
    var versions: [[String]: (version: String, path: String)] = [:]
    let reference = files.first.map { (path: $0.path, value: $0.file.reference) }
    for (path, file) in files {
      let (own, version) = (file.judge.sha256, file.judge.version)
      let other =
        reference.flatMap { $0.value == file.reference ? nil : $0.path }
        ?? own.sorted { $0.key < $1.key }.compactMap { name, sha256 in
          known[name].flatMap { $0.sha256 == sha256 ? nil : $0.path }
        }.first
        ?? versions[file.judgeNames].flatMap { $0.version == version ? nil : $0.path }
      if let other, let former = files.first(where: { $0.path == other })?.file {
        throw .malformed(
          path: path,
          expected: "scores by \(former.judge.version) on \(former.reference.count) images, as in \(other)",
          found: "\(version) on \(file.reference.count), or other weights or data")
      }
      for (name, sha256) in own where known[name] == nil { known[name] = (sha256, path) }
      if versions[file.judgeNames] == nil { versions[file.judgeNames] = (version, path) }
    }
    return known.mapValues(\.sha256)
  }

  /// The larger of two as frequent ones; nil of none.
  private static func mostFrequent(_ counts: [Int]) -> Int? {
    Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +).max { ($0.value, $0.key) < ($1.value, $1.key) }?
      .key
  }
}
