import Eval
import Experiments
import Figures
import Files
import Reports

/// A report of robustness: each classifier's verdicts, charts, attacks, checks and statements.
struct RobustnessPage {
  let title: String
  let note: String
  private let part: StoredPart
  private let folder: StoredFolder
  private let result: RobustnessResult

  init(_ part: StoredPart, _ folder: StoredFolder) throws(FileError) {
    result = try part.result()
    (self.part, self.folder) = (part, folder)
    title = "Robustness of \(result.classifiers.map(\.classifier).joined(separator: ", "))"
    let verdicts = result.classifiers.flatMap { $0.verdicts.map(\.name.rawValue) }
    note =
      "ε = \(Text.short(result.epsilon)), \(result.dataset.count) images; "
      + (verdicts.isEmpty ? "no check failed." : Text.distinct(verdicts).joined(separator: ", ") + ".")
  }

  func content() throws -> Markup {
    let report = RobustnessReport(result)
    let charts = try result.classifiers.map { try ChartFigure.markup(report.chart(of: $0).drawing) }
    let path = folder.name(part.path)
    return Markdown.page(report.markdown, leavesOutTitle: true) + .section("Charts", charts.joined())
      + ManifestSection(
        command: part.command, beside: path.deletingLastPathComponent, in: folder,
        more: result.classifiers.map { ("SHA-256 of \($0.classifier)", $0.weightsSha256) }, files: [path]
      ).markup
  }
}
