import Figures
import Files
import Reports

/// The figures of two sets of features as table, CSV and JSON.
struct FeatureReport {
  let result: FeatureScore.Result

  private var table: String {
    var table = TerminalTable([.init("figure"), .init("value", .right), .init("standard error", .right)])
    func add(_ name: String, _ value: Double?, _ error: Double? = nil) {
      table.add([name, value.map(Text.short) ?? "–", error.map(Text.short) ?? ""])
    }
    add("Fréchet distance", result.frechetDistance.value, result.frechetDistance.standardError)
    add("  expected of one distribution", result.expectedFrechetDistance)
    add("kernel distance", result.kernelDistance?.value, result.kernelDistance?.standardError)
    add("precision", result.precision)
    add("recall", result.recall)
    add("density", result.density)
    add("coverage", result.coverage)
    add("Vendi score", result.vendi)
    add("  of the real features", result.realVendi)
    func features(_ count: Int?, _ path: String) -> String {
      "\(count.map { "\($0) features" } ?? "features") of \(result.dimension) numbers in \(path.visible())"
    }
    let summary =
      features(result.generatedCount, result.generated) + " against "
      + features(result.realCount, result.real)
    let note =
      result.leftOut.isEmpty
      ? [] : ["note: only mean and covariance are known; left out: \(result.leftOut.joined(separator: ", "))"]
    return Text.fitted(([summary, table.fitted] + note).joined(separator: "\n\n"))
  }

  /// A figure that was left out has a line without a number.
  private var csv: String {
    var csv = CSV(["figure", "value"])
    for (name, value) in [
      ("frechet_distance", result.frechetDistance.value),
      ("frechet_error", result.frechetDistance.standardError),
      ("kernel_distance", result.kernelDistance?.value),
      ("kernel_error", result.kernelDistance?.standardError),
      ("precision", result.precision), ("recall", result.recall), ("density", result.density),
      ("coverage", result.coverage),
    ] as [(String, Double?)] {
      csv.add([name, value.map { "\($0)" } ?? ""])
    }
    return csv.text
  }

  func show(_ output: OutputOptions) throws {
    if let folder = output.output {
      try AtomicFile.write(try JSON.text(result) + "\n", to: "\(folder)/feature-score.json")
      try AtomicFile.write(csv, to: "\(folder)/feature-score.csv")
    }
    switch output.format {
    case .table: try print(table)
    case .json: try print(JSON.text(result))
    case .csv: try print(csv, terminator: "")
    }
  }
}
