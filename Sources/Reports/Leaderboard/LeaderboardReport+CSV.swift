import Eval
import Experiments
import Files

extension LeaderboardReport {
  /// Numbers alone, to be computed with; the interval of a distance is 1.96 of its errors on either side. Of
  /// several trainings the figures are means, the errors those of the means, and the last columns hold the
  /// rest.
  public var csv: String {
    let judges = board.judge.sha256.keys.sorted()
    let metrics = MetricCatalog.shown(in: .leaderboardCSV)
    let accuracy = ["label_accuracy", "label_accuracy_low", "label_accuracy_high"]
    let isMixed = board.entries.contains { $0.trainings != nil }
    let names =
      metrics.filter(\.isOfEveryJudge).flatMap(\.csvNames) + accuracy
      + metrics.filter { !$0.isOfEveryJudge }.flatMap(\.csvNames)
    var csv = CSV(
      ["rank", "tied", "generator", "count", "seed"]
        + judges.flatMap { judge in names.map { "\(judge)_\($0)" } } + ["verdicts"]
        + judges.map { "\($0)_rank" } + ["disputed"]
        + (isMixed ? SpreadColumns.names(judges, metrics) : []))
    for entry in board.entries {
      var fields = [
        "\(entry.rank)", "\(entry.isTied)", entry.source, "\(entry.result.count)",
        entry.result.seed.map { "\($0)" } ?? "",
      ]
      for judge in judges {
        let accuracy = entry.labelAccuracy(by: judge)
        func values(_ isOfEveryJudge: Bool) -> [Double?] {
          metrics.filter { $0.isOfEveryJudge == isOfEveryJudge }.flatMap { metric in
            let own = entry.figure(metric, by: judge)
            return [own?.value] + (metric.errorName == nil ? [] : [own?.standardError])
          }
        }
        let all =
          values(true) + [accuracy?.value, accuracy?.interval.lowerBound, accuracy?.interval.upperBound]
          + values(false)
        fields += all.map { $0.map { "\($0)" } ?? "" }
      }
      fields.append(entry.verdicts.joined(separator: "; "))
      fields += judges.map { entry.ranks[$0].map { "\($0)" } ?? "" }
      fields.append(disputes(with: entry))
      csv.add(fields + (isMixed ? SpreadColumns.values(entry.trainings, judges, metrics) : []))
    }
    return csv.text
  }

  /// Which entries others would put on the other side of this one: `gan (dense); acgan (conv, dense)`.
  private func disputes(with entry: Leaderboard.Entry) -> String {
    (rivals[entry.source] ?? []).map { "\($0.source) (\($0.judges.joined(separator: ", ")))" }
      .joined(separator: "; ")
  }
}
