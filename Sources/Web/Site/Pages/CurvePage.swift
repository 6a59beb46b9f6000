import Eval
import Experiments
import Files
import Reports

/// Accuracy against ε: where each classifier has lost half of its images, the curves, and every point with
/// its interval.
struct CurvePage {
  let title: String
  let note: String
  private let part: StoredPart
  private let folder: StoredFolder
  private let report: AccuracyReport
  private let summary: PartSummary

  init(_ part: StoredPart, _ folder: StoredFolder) throws {
    let result: AccuracyVsEpsilon = try part.result()
    (self.part, self.folder) = (part, folder)
    report = AccuracyReport(result)
    summary = try PartSummary(part)
    let names = Text.distinct(result.curves.map(\.classifier))
    title =
      "\(names.joined(separator: ", ")) under \(Text.distinct(result.curves.map(\.attack)).joined(separator: ", "))"
    note = "\(result.dataset.count) \(result.dataset.split) images of \(result.dataset.name)."
  }

  func content() throws -> Markup {
    let path = folder.name(part.path)
    return Markdown.page(summary.finding)
      + (try ChartFigure.markup(report.chart, name: "ε") { Text.percent($0) })
      + Markdown.page(summary.table)
      + ManifestSection(
        command: part.command, beside: path.deletingLastPathComponent, in: folder,
        more: Text.distinct(report.hashes).map { ("SHA-256 of weights", $0) }, files: [path]
      ).markup
  }
}
