import Eval
import Experiments
import Figures
import Files

/// The metrics of two sets of features as table, CSV and JSON.
public struct FeatureReport: ResultReport {
  /// The metrics, with the files that the features came from.
  public let result: FeatureScoreResult

  /// The report of features that were compared.
  public init(_ result: FeatureScoreResult) { self.result = result }

  /// What was compared, a row for each metric, and what could not be computed.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable([.init("figure"), .init("value", .right), .init("standard error", .right)])
    func add(_ name: String, _ value: Double?, _ error: Double? = nil) {
      table.add([name, value.map(Text.short) ?? "–", error.map(Text.short) ?? ""])
    }
    let shown = FeatureScoreResult.catalog.filter { $0.places.contains(.featureTable) }
    for metric in shown where metric.below == nil {
      add(metric.title, result[metric]?.value, result[metric]?.standardError)
      for below in shown where below.below == metric.name { add("  \(below.title)", result[below]?.value) }
      if metric.alone != nil { add("  of the real features", result.realMetrics[metric.name]) }
    }
    func features(_ count: Int?, _ path: String) -> String {
      "\(count.map { "\($0) features" } ?? "features") of \(result.dimension) numbers in \(path.visible())"
    }
    let summary =
      features(result.generatedCount, result.generated) + " against "
      + features(result.realCount, result.real)
    let leftOut = result.leftOut
    let note =
      leftOut.isEmpty
      ? [] : ["note: only mean and covariance are known; left out: \(leftOut.joined(separator: ", "))"]
    return layout.fitted(([summary, layout.fitted(table)] + note).joined(separator: "\n\n"))
  }

  /// A figure that was left out has a line without a number.
  public var csv: String {
    var csv = CSV(["figure", "value"])
    for metric in FeatureScoreResult.catalog where metric.places.contains(.featureCSV) {
      let own = result[metric]
      csv.add([metric.name, own.map { "\($0.value)" } ?? ""])
      if let name = metric.errorName { csv.add([name, own?.standardError.map { "\($0)" } ?? ""]) }
    }
    return csv.text
  }

  /// The metrics as `assay/feature-score/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// Writes `feature-score.json` and `feature-score.csv`.
  ///
  /// - Throws: `FileError.unwritable`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    try AtomicFile.write(try json() + "\n", to: "\(folder)/feature-score.json")
    try AtomicFile.write(csv, to: "\(folder)/feature-score.csv")
  }
}
