import Files

/// What the entries of a leaderboard are called: the end of each source's path, as short as tells it from the
/// others.
///
/// Sources of one path are told apart by their seed, their content or, in the end, the score file. Several
/// trainings are called by their recipe and number, then by their length, batch and seeds.
package enum ScoreTitles {
  static func of(_ rows: [RankedScore]) -> [String] {
    let candidates = rows.map { row in
      row.trainings.map { names(of: $0, path: row.path) } ?? names(of: row.result, path: row.path)
    }
    var levels = [Int](repeating: 0, count: rows.count)
    while true {
      let titles = zip(candidates, levels).map { $0[$1] }
      let counts = Dictionary(titles.map { ($0, 1) }, uniquingKeysWith: +)
      let unclear = levels.indices.filter {
        (counts[titles[$0]] ?? 0) > 1 && levels[$0] + 1 < candidates[$0].count
      }
      guard !unclear.isEmpty else { return titles }
      for index in unclear { levels[index] += 1 }
    }
  }

  /// A run's folder instead of the file that every run has.
  package static func title(_ source: String) -> String { endings(source).first ?? source }

  /// The ends of a path, from the shortest, each without and with the file's extension.
  private static func endings(_ source: String) -> [String] {
    var parts = source.split(separator: "/").map(String.init).filter { $0 != "." }
    guard let last = parts.popLast() else { return [source] }
    let isRun = last == "generator.safetensors" && !parts.isEmpty
    let folders = isRun ? Array(parts.dropLast()) : parts
    // A dot may also be part of a name: gan-0.5.
    let isFile = ["npy", "npz", "safetensors"].contains(last.pathExtension.lowercased())
    let names = isRun ? [parts[parts.count - 1]] : (isFile ? [last.deletingPathExtension] : []) + [last]
    return (0...folders.count).flatMap { count in
      names.map { (folders.suffix(count) + [$0]).joined(separator: "/") }
    }
  }

  private static func names(of result: ScoreResult, path: String) -> [String] {
    let seed = result.seed.map { "\(result.source), seed \($0)" }
    let content = "\(result.source), \(result.sha256.prefix(12))"
    return endings(result.source) + [result.source, seed, content, "\(content), \(path)"].compactMap { $0 }
  }

  private static func names(of trainings: TrainingsResult, path: String) -> [String] {
    let recipe = trainings.recipe
    let count = "\(trainings.seeds.count) trainings"
    let seeds = trainings.seeds.map(String.init).joined(separator: ", ")
    let whole = "\(recipe.recipe), \(recipe.length), batch \(recipe.batchSize), seeds \(seeds)"
    return [
      "\(recipe.recipe), \(count)", "\(recipe.recipe), \(count), \(recipe.length)", whole,
      "\(whole), \(path)",
    ]
  }
}
