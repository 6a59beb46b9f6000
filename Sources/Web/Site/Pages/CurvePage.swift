import Eval
import Experiments
import Files
import Reports

/// Accuracy against ε: where each classifier has lost half of its images, the curves, and every point with
/// its interval.
struct CurvePage: ResultPage {
  static let schema = AccuracyVsEpsilon.schema
  static let address = "curve"
  static let group = SitePage.Group.curves

  let title: String
  let note: String
  let part: StoredPart
  let folder: StoredFolder
  private let report: AccuracyReport

  init(_ part: StoredPart, _ folder: StoredFolder) throws(FileError) {
    let result: AccuracyVsEpsilon = try part.result()
    (self.part, self.folder) = (part, folder)
    report = AccuracyReport(result)
    let names = Text.distinct(result.curves.map(\.classifier))
    title =
      "\(names.joined(separator: ", ")) under \(Text.distinct(result.curves.map(\.attack)).joined(separator: ", "))"
    note = "\(result.dataset.count) \(result.dataset.split) images of \(result.dataset.name)."
  }

  func content() throws -> Markup {
    let summary = try PartSummary(part)
    return Markdown.page(summary.finding)
      + (try ChartFigure.markup(report.chart, name: "ε") { Text.percent($0) })
      + Markdown.page(summary.table) + origin(report.hashes.map { ("SHA-256 of weights", $0) })
  }
}
