import Eval
import Figures
import Files
import Foundation
import Reports

/// Scores as a table, CSV and JSON.
struct ScoreReport {
  let file: ScoreFile

  private var judgeNames: [String] { file.judge.sha256.keys.sorted() }

  /// One line a set of images between real images and noise, then what there is to say of each.
  var table: String {
    var table = TerminalTable(
      [.init("images of"), .init("count", .right)]
        + judgeNames.map { .init("label acc. \($0)", .right) }
        + judgeNames.map { .init("Fréchet \($0)", .right) }
        + judgeNames.map { .init("kernel \($0)", .right) }
        + ["precision", "recall", "density", "coverage", "Vendi", "inception"].map { .init($0, .right) })
    if let first = file.results.first { table.add(realLine(first)) }
    for result in file.results { table.add(line(result)) }
    if let first = file.results.first { table.add(noiseLine(first)) }
    let intro =
      "\(file.judge.version) on \(file.reference.count) \(file.reference.split) images of \(file.reference.dataset); "
      + "precision to inception score by \(judgeNames.first ?? "none"). Distances ± standard error; lower is better."
    return Text.fitted(([intro, table.fitted] + file.results.compactMap(remarks)).joined(separator: "\n\n"))
  }

  private func line(_ result: ScoreResult) -> [String] {
    let judges = judgeNames.map { result.judges[$0] }
    return [result.source, "\(result.count)"]
      + judgeNames.map { name in
        result.labelAccuracy?[name].map {
          "\(Text.percent($0.value)) (\(Text.percents($0.interval[0]...$0.interval[1])))"
        } ?? "–"
      }
      + judges.map { Self.distance($0?.frechetDistance) } + judges.map { Self.distance($0?.kernelDistance) }
      + figures(judges.first ?? nil)
  }

  private func figures(_ judge: ScoreResult.OfJudge?) -> [String] {
    guard let judge else { return [] }
    return [judge.precision, judge.recall, judge.density, judge.coverage].map { Text.fixed($0, 3) }
      + [judge.vendi.map { Text.fixed($0, 2) } ?? "–", Text.fixed(judge.inceptionScore, 2)]
  }

  private func realLine(_ result: ScoreResult) -> [String] {
    let judges = judgeNames.compactMap { result.judges[$0] }
    let real = judges.first?.real
    return ["(real images)", "\(result.count)"]
      + judgeNames.map { name in result.labelAccuracy?[name].map { Text.percent($0.real) } ?? "–" }
      + judges.map { Self.figure($0.frechetDistance.floor) }
      + judges.map { Self.figure($0.kernelDistance.floor) }
      + [real?.precision, real?.recall, real?.density, real?.coverage].map {
        $0.map { Text.fixed($0, 3) } ?? "–"
      }
      + [real?.vendi, real?.inceptionScore].map { $0.map { Text.fixed($0, 2) } ?? "–" }
  }

  private func noiseLine(_ result: ScoreResult) -> [String] {
    let judges = judgeNames.compactMap { result.judges[$0] }
    return ["(noise)", "\(result.count)"] + judgeNames.map { _ in "" }
      + judges.map { Self.figure($0.frechetDistance.ceiling) }
      + judges.map { Self.figure($0.kernelDistance.ceiling) }
      + [String](repeating: "", count: 6)
  }

  private static func distance(_ distance: ScoreResult.Distance?) -> String {
    distance.map { "\(figure($0.value)) ± \(figure($0.standardError))" } ?? "–"
  }

  private static func figure(_ value: Double) -> String {
    String(format: "%.3g", value)
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
    if result.verdicts.isEmpty { lines.append("nothing found amiss") }
    lines += (result.withheld ?? []).map { "withheld: too few images for \($0.name.rawValue) (\($0.detail))" }
    return ([result.source.visible()] + lines.map { "  \($0)" }).joined(separator: "\n")
  }

  var csv: String {
    var csv = CSV(
      ["source", "count", "seed"]
        + judgeNames.flatMap { name in
          [
            "label_accuracy", "frechet_distance", "frechet_error", "kernel_distance", "kernel_error",
            "precision",
            "recall", "density", "coverage", "vendi", "inception_score",
          ].map { "\(name)_\($0)" }
        } + ["verdicts", "withheld"])
    for result in file.results {
      var fields = [result.source, "\(result.count)", result.seed.map { "\($0)" } ?? ""]
      for name in judgeNames {
        guard let judge = result.judges[name] else { continue }
        let values: [Double?] = [
          result.labelAccuracy?[name]?.value, judge.frechetDistance.value,
          judge.frechetDistance.standardError,
          judge.kernelDistance.value, judge.kernelDistance.standardError, judge.precision, judge.recall,
          judge.density, judge.coverage, judge.vendi, judge.inceptionScore,
        ]
        fields += values.map { $0.map { "\($0)" } ?? "" }
      }
      csv.add(
        fields
          + [result.verdicts, result.withheld ?? []].map { $0.map(\.name.rawValue).joined(separator: "; ") })
    }
    return csv.text
  }

  func write(to folder: String) throws {
    try AtomicFile.write(try JSON.text(file) + "\n", to: "\(folder)/score.json")
    try AtomicFile.write(csv, to: "\(folder)/score.csv")
  }
}
