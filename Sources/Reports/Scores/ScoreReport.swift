import Eval
import Experiments
import Figures
import Files
import Glibc

/// Scores as a table, CSV and JSON.
public struct ScoreReport: ResultReport {
  /// The scores, with the judges and the real images.
  public let file: ScoreFile

  /// The report of scores by the same judges.
  public init(_ file: ScoreFile) { self.file = file }

  private var judgeNames: [String] { file.judgeNames }
  private var metrics: [Metric] { MetricCatalog.shown(in: .scoreTable) }

  /// What a line of the table says of one metric.
  private typealias Cell = (Metric, MetricValue?) -> String

  /// One line a set of images between real images and noise, then what there is to say of each.
  public func table(_ layout: Layout) -> String {
    let titles =
      judgeNames.map { "label acc. \($0)" }
      + cells(titles: \.column)
    var table = TerminalTable(
      [.init("images of"), .init("count", .right)] + titles.map { .init($0, .right) })
    if let first = file.results.first { table.add(realLine(first)) }
    for result in file.results { table.add(line(result)) }
    if let first = file.results.first { table.add(noiseLine(first)) }
    let single = metrics.filter { !$0.isOfEveryJudge }.map(\.title)
    let intro =
      "\(file.judge.version) on \(file.reference.count) \(file.reference.split) images of \(file.reference.dataset); "
      + "\(single.first ?? "none") to \(single.last ?? "none") by \(best ?? "none"). "
      + "Distances ± standard error; lower is better."
    let together =
      (TrainingsReport(file).map { [$0.table(layout)] } ?? [])
      + (file.sets ?? []).map { SetsReport(sets: $0, judges: judgeNames).table(layout) }
    let parts = [intro, layout.fitted(table)] + together + file.results.compactMap(remarks)
    return layout.fitted(parts.joined(separator: "\n\n"))
  }

  /// The judge whose figures stand where there is room for one.
  private var best: String? { RankingJudge.best(of: Set(judgeNames)) ?? judgeNames.first }

  /// Metrics with an error for every judge, then the others by the ``best`` one.
  private func cells(titles: (Metric) -> String) -> [String] {
    metrics.filter(\.isOfEveryJudge).flatMap { metric in judgeNames.map { "\(titles(metric)) \($0)" } }
      + metrics.filter { !$0.isOfEveryJudge }.map(titles)
  }

  private func cells(_ result: ScoreResult, _ cell: Cell) -> [String] {
    let judges = judgeNames.map { result.judges[$0] }
    return metrics.filter(\.isOfEveryJudge).flatMap { metric in judges.map { cell(metric, $0?[metric]) } }
      + metrics.filter { !$0.isOfEveryJudge }.map { metric in
        cell(metric, best.flatMap { result.judges[$0]?[metric] })
      }
  }

  private func line(_ result: ScoreResult) -> [String] {
    [result.source, "\(result.count)"]
      + judgeNames.map { result.labelAccuracy?[$0]?.text ?? "–" }
      + cells(result) { metric, value in
        value?.standardError.map { "\(metric.text(value?.value)) ± \(metric.text($0))" }
          ?? metric.text(value?.value)
      }
  }

  private func realLine(_ result: ScoreResult) -> [String] {
    ["(real images)", "\(result.count)"]
      + judgeNames.map { name in result.labelAccuracy?[name].map { Text.percent($0.real) } ?? "–" }
      + cells(result) { metric, value in metric.text(value?.floor) }
  }

  private func noiseLine(_ result: ScoreResult) -> [String] {
    ["(noise)", "\(result.count)"] + judgeNames.map { _ in "" }
      + cells(result) { metric, value in metric.isOfEveryJudge ? metric.text(value?.ceiling) : "" }
  }

  private func remarks(_ result: ScoreResult) -> String? {
    var lines = result.notes.map { "note: \($0.visible(limit: 1000))" }
    if let memorization = result.memorization {
      let own = memorization.generated
      lines.append(
        "copies of training images: \(own.exactDuplicates) exact, \(own.nearDuplicates) near (held-out images "
          + "\(memorization.heldOut.exactDuplicates), \(memorization.heldOut.nearDuplicates)); authenticity "
          + "\(Text.percent(own.authenticity)) (\(Text.percent(memorization.heldOut.authenticity))); C_T "
          + (memorization.copyingStatistic.map { Text.fixed($0, 1) } ?? "–"))
    }
    if let score = result.classificationAccuracyScore {
      lines.append(
        "classification accuracy score: \(Text.percent(score.value, digits: 2)) "
          + "(real images \(Text.percent(score.real, digits: 2)))")
    }
    lines += result.verdicts.map { "\($0.name.rawValue): \($0.detail)" }
    if result.verdicts.isEmpty {
      lines.append("nothing found amiss")
      let tested = (result.absent ?? []).map { "\($0.detail) (\($0.name.rawValue))" }
      if !tested.isEmpty {
        lines.append(
          "would have been found in \(Text.percent(VerdictRule.power, digits: 0)) of such cases or more: "
            + tested.joined(separator: "; "))
      }
    }
    lines += (result.withheld ?? []).map { "withheld: too few images for \($0.name.rawValue) (\($0.detail))" }
    return ([result.source.visible()] + lines.map { "  \($0)" }).joined(separator: "\n")
  }

  /// A line for each set of images; with several trainings of one recipe a last one for their means.
  public var csv: String {
    let metrics = MetricCatalog.shown(in: .scoreCSV)
    let names = ["label_accuracy"] + metrics.flatMap(\.csvNames)
    var csv = CSV(
      ["source", "count", "seed"] + judgeNames.flatMap { judge in names.map { "\(judge)_\($0)" } }
        + ["verdicts", "withheld"]
        + (file.trainings == nil ? [] : SpreadColumns.names(judgeNames, metrics)))
    for result in file.results {
      var fields = [result.source, "\(result.count)", result.seed.map { "\($0)" } ?? ""]
      for name in judgeNames {
        // Empty where a judge was left out, so that the fields after it stay in their columns.
        let judge = result.judges[name]
        let values = [result.labelAccuracy?[name]?.value] + metrics.flatMap { $0.csvValues(judge?[$0]) }
        fields += values.map { $0.map { "\($0)" } ?? "" }
      }
      csv.add(
        fields
          + [result.verdicts, result.withheld ?? []].map { $0.map(\.name.rawValue).joined(separator: "; ") }
          + (file.trainings == nil ? [] : SpreadColumns.values(nil, judgeNames, metrics)))
    }
    if let together = TrainingsReport(file) { csv.add(together.csvFields(metrics)) }
    return csv.text
  }

  /// The scores as `assay/score/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(file) }

  /// Writes `score.json` and `score.csv`.
  ///
  /// - Throws: `FileError.unwritable`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    try AtomicFile.write(try json() + "\n", to: "\(folder)/score.json")
    try AtomicFile.write(csv, to: "\(folder)/score.csv")
  }
}
