import Eval
import Figures
import Files
import Reports

/// A confusion matrix as tables, CSV, JSON and a heat map.
struct ConfusionReport {
  /// `assay/confusion-matrix/1`
  struct Result: Encodable {
    struct PerClass: Encodable {
      let label: String
      let precision, recall, f1: Double
      let support: Int
    }

    let schema = "assay/confusion-matrix/1"
    let classifier: String
    let weightsSha256: String
    let noise: String?
    let labels: [String]
    /// Rows are true labels.
    let matrix: [[Int]]
    let accuracy: Double
    let interval: [Double]
    let perClass: [PerClass]
  }

  private let matrix: ConfusionMatrix
  let result: Result

  init(_ matrix: ConfusionMatrix, classifier: String, weightsSHA256: String, noise: String?) {
    self.matrix = matrix
    let interval = matrix.accuracy.interval
    result = Result(
      classifier: classifier, weightsSha256: weightsSHA256, noise: noise, labels: matrix.labels,
      matrix: matrix.matrix, accuracy: matrix.accuracy.value,
      interval: [interval.lowerBound, interval.upperBound],
      perClass: matrix.perClass.map {
        .init(label: $0.label, precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support)
      })
  }

  private var summary: String {
    let accuracy = matrix.accuracy
    return "\(result.classifier.visible()): \(Text.percent(accuracy.value, digits: 2)) of \(accuracy.count) "
      + "(95 % interval \(Text.percents(accuracy.interval)) %), \(result.noise ?? "clean images")"
  }

  var table: String {
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
    return Text.fitted(
      [summary, counts.fitted, classes.fitted, pairs.fitted].joined(separator: "\n\n"))
  }

  var csv: String {
    var csv = CSV(["true label"] + matrix.labels)
    for (label, row) in zip(matrix.labels, matrix.matrix) { csv.add([label] + row.map(String.init)) }
    return csv.text
  }

  func write(to folder: String) throws {
    let path = "\(folder)/confusion-matrix"
    try AtomicFile.write(try JSON.text(result) + "\n", to: "\(path).json")
    try AtomicFile.write(csv, to: "\(path).csv")
    let map = HeatMap(
      title: "Confusion matrix of \(result.classifier)", subtitle: summary, rowLabels: matrix.labels,
      columnLabels: matrix.labels, counts: matrix.matrix, rowTitle: "true", columnTitle: "predicted",
      scaleTitle: "share of the true label", footnotes: [])
    for kind in ["svg", "png"] { try map.drawing.write(to: "\(path).\(kind)") }
  }
}
