import Eval
import Experiments
import Figures
import Files

/// A confusion matrix as tables, CSV, JSON and a heat map.
public struct ConfusionReport: ResultReport {
  package let matrix: ConfusionMatrix
  private let result: ConfusionResult

  /// The report of a matrix that was just counted.
  public init(_ outcome: ConfusionOutcome) { (matrix, result) = (outcome.matrix, outcome.result) }

  /// Of a result that was read again.
  package init(_ stored: ConfusionResult) {
    (matrix, result) = (ConfusionMatrix(labels: stored.labels, matrix: stored.matrix), stored)
  }

  package var summary: String {
    let accuracy = matrix.accuracy
    return "\(result.classifier.visible()): \(Text.percent(accuracy.value, digits: 2)) of \(accuracy.count) "
      + "(95 % interval \(Text.percents(accuracy.interval)) %), \(result.noise ?? "clean images")\(result.precision.map { ", \($0)" } ?? "")"
  }

  /// The accuracy, then the counts, each label's precision, recall and F1, and the five most confused pairs.
  public func table(_ layout: Layout) -> String {
    var counts = TerminalTable([.init("true \\ predicted")] + matrix.labels.map { .init($0, .right) })
    for (label, row) in zip(matrix.labels, matrix.matrix) { counts.add([label] + row.map(String.init)) }
    var classes = TerminalTable([
      .init("label"), .init("precision", .right), .init("recall", .right), .init("F1", .right),
      .init("images", .right),
    ])
    for report in matrix.perClass {
      classes.add([
        report.label, Text.percent(report.precision), Text.percent(report.recall), Text.percent(report.f1),
        "\(report.support)",
      ])
    }
    var pairs = TerminalTable([
      .init("most confused"), .init("both ways", .right), .init("first as second", .right),
      .init("second as first", .right),
    ])
    for pair in matrix.mostConfused(5) {
      pairs.add(["\(pair.first) ↔ \(pair.second)", "\(pair.count)", "\(pair.forward)", "\(pair.backward)"])
    }
    let tables = [counts, classes, pairs].map { layout.fitted($0) }
    return layout.fitted(([summary] + tables).joined(separator: "\n\n"))
  }

  /// The matrix and its figures as `assay/confusion-matrix/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// The counts: a line for each true label, a column for each predicted one.
  public var csv: String {
    var csv = CSV(["true label"] + matrix.labels)
    for (label, row) in zip(matrix.labels, matrix.matrix) { csv.add([label] + row.map(String.init)) }
    return csv.text
  }

  /// Writes `confusion-matrix.json`, `.csv`, `.svg` and `.png`.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    let path = "\(folder)/confusion-matrix"
    try AtomicFile.write(try JSON.text(result) + "\n", to: "\(path).json")
    try AtomicFile.write(csv, to: "\(path).csv")
    for kind in ["svg", "png"] { try map.drawing.write(to: "\(path).\(kind)") }
  }

  var map: HeatMap {
    HeatMap(
      title: "Confusion matrix of \(result.classifier)", subtitle: summary, rowLabels: matrix.labels,
      columnLabels: matrix.labels, counts: matrix.matrix, rowTitle: "true", columnTitle: "predicted",
      scaleTitle: "share of the true label", footnotes: [])
  }
}
