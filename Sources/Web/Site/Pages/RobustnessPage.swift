import Eval
import Experiments
import Figures
import Files
import Reports

/// A report of robustness: each classifier's verdicts, charts, attacks, checks and statements.
struct RobustnessPage: ResultPage {
  static let schema = RobustnessResult.schema
  static let address = "robustness"
  static let group = SitePage.Group.robustness

  let title: String
  let note: String
  let part: StoredPart
  let folder: StoredFolder
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
    return Markdown.page(report.markdown, leavesOutTitle: true) + .section("Charts", charts.joined())
      + origin(result.classifiers.map { ("SHA-256 of \($0.classifier)", $0.weightsSha256) })
  }
}
