import Eval
import Experiments
import Figures
import Files

/// What came of a reproduction: a table of all rows as text, CSV, JSON and Markdown, and a page for each row.
public struct ReproductionReport: ResultReport {
  private let rows: [PublishedRow]
  private let evidence: [String: RowEvidence]

  /// The report of rows with what was measured of each, by their identifiers; a row without counts as not
  /// run.
  public init(_ rows: [PublishedRow], _ evidence: [String: RowEvidence]) {
    (self.rows, self.evidence) = (rows, evidence)
  }

  /// One claim of a row, judged; a row without claims has one line without.
  private struct Line {
    let row: PublishedRow
    let evidence: RowEvidence?
    let claim: String
    let outcome: String
    let found: String

    var reached: String { evidence.map(Line.reached) ?? "" }

    static func reached(_ evidence: RowEvidence) -> String {
      guard let reached = evidence.reached else { return evidence.provisional ?? "whole" }
      if evidence.isDiverged { return "diverged" }
      return reached.done >= reached.total
        ? "\(count(reached.total)) \(reached.unit)"
        : "\(count(reached.done)) of \(count(reached.total)) \(reached.unit)"
    }

    /// A whole number as one.
    private static func count(_ value: Double) -> String {
      value == value.rounded() ? "\(Int(value))" : Text.fixed(value, value < 10 ? 2 : 1)
    }
  }

  private func lines(of row: PublishedRow) -> [Line] {
    guard let evidence = evidence[row.id] else {
      let reason =
        if case .pictures = row.study { "not run: it wants --pictures" } else { "not run" }
      return [.init(row: row, evidence: nil, claim: "", outcome: "", found: reason)]
    }
    guard !row.claims.isEmpty else {
      return [.init(row: row, evidence: evidence, claim: "", outcome: "", found: Self.summary(evidence))]
    }
    return row.claims.map { claim in
      let finding = claim.finding(evidence)
      return .init(
        row: row, evidence: evidence, claim: claim.sentence, outcome: finding.outcome.rawValue,
        found: finding.found)
    }
  }

  /// What there is to say of a row that claims nothing.
  private static func summary(_ evidence: RowEvidence) -> String {
    evidence.distance.map(text) ?? (evidence.pictures.isEmpty ? "nothing was made" : "made")
  }

  /// How the figure varies over trainings by several seeds; nil where there is one training alone.
  private static func spread(_ evidence: RowEvidence) -> String? {
    if let accuracy = evidence.accuracySpread {
      return "over \(accuracy.count) seeds: \(Text.percent(accuracy.mean)) on average, deviation "
        + "\(Text.fixed(100 * accuracy.standardDeviation, 2)) points"
    }
    return evidence.distanceSpread.map { distance in
      "over \(distance.count) seeds: distance \(Text.short(distance.mean)) on average, deviation "
        + Text.short(distance.standardDeviation)
    }
  }

  private static func text(_ distance: MetricValue) -> String {
    "distance " + Text.short(distance.value ?? .nan)
      + (distance.standardError.map { " ± \(Text.short($0))" } ?? "")
  }

  /// What one row came to, on a line.
  public static func line(_ row: PublishedRow, _ evidence: RowEvidence) -> String {
    let found =
      ReproductionReport([row], [row.id: evidence]).lines(of: row).map { line in
        line.claim.isEmpty ? line.found : "\(line.claim): \(line.outcome), \(line.found)"
      } + [spread(evidence)].compactMap { $0 }
    return "\(row.id) \(row.title) (\(Line.reached(evidence))): \(found.joined(separator: "; "))"
  }

  /// Its claims, judged; empty where it has none.
  static func claims(of row: PublishedRow, _ evidence: RowEvidence) -> String {
    guard !row.claims.isEmpty else { return "" }
    return Markdown.table(
      ["published", "holds?", "ours"],
      row.claims.map { claim in
        let finding = claim.finding(evidence)
        return [claim.sentence, finding.outcome.rawValue, finding.found]
      })
  }

  /// How far its training came, or whether it is whole, and what it says of several seeds.
  static func summary(of row: PublishedRow, _ evidence: RowEvidence) -> String {
    let images = evidence.trainedOn.map { " on \(Markdown.escaped($0))" } ?? ""
    let distance = evidence.distance.map { "by `resnet`: \(text($0))" }
    let training = "\(row.source). Trained: \(Markdown.escaped(Line.reached(evidence)))\(images)"
    return ([training] + [distance, spread(evidence)].compactMap { $0 }).joined(separator: "; ") + "."
  }

  /// The commands of a row, as a block of code.
  static func commands(of evidence: RowEvidence) -> String {
    let lines = evidence.commands.map { $0.visible(limit: longestCommand) }
    return "```sh\n\(lines.joined(separator: "\n"))\n```"
  }
  private static let longestCommand = 1000

  // MARK: - Text

  private static let header = ["row", "what", "trained", "published", "holds?", "ours"]

  private var cells: [[String]] {
    rows.flatMap { row in
      lines(of: row).enumerated().map { index, line in
        let name = index == 0 ? [row.id, row.title, line.reached] : ["", "", ""]
        return name + [line.claim, line.outcome, line.found]
      }
    }
  }

  private var questions: [(question: PublishedQuestion, finding: PublishedClaim.Finding)] {
    let known = Set(rows.map(\.id))
    return PublishedQuestion.all.filter { known.isSuperset(of: $0.rows) }.map { ($0, $0.finding(evidence)) }
  }

  /// A row for each claim: what was published, whether it holds, and what was found here.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable(Self.header.map { .init($0) })
    for row in cells { table.add(row) }
    let answers = questions.map {
      "\($0.question.sentence): \($0.finding.outcome.rawValue). \($0.finding.found)."
    }
    return ([layout.fitted(table)] + answers.map { layout.fitted($0) }).joined(separator: "\n\n")
  }

  /// A line for each claim; a row without claims has one without.
  public var csv: String {
    var csv = CSV(["row", "title", "source", "trained", "claim", "outcome", "found"])
    for row in rows {
      for line in lines(of: row) {
        csv.add([row.id, row.title, row.source, line.reached, line.claim, line.outcome, line.found])
      }
    }
    return csv.text
  }

  /// Rows, claims and evidence as `assay/reproduction/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(ReproductionSummary(rows, evidence)) }

  // MARK: - Pages

  /// Writes `REPRODUCTION.md`, `reproduction.csv`, and into `pages` beside them a page for each row that was
  /// run.
  ///
  /// - Throws: `FileError`.
  public func write(to folder: String, pages: String) throws {
    for row in rows {
      guard let own = evidence[row.id] else { continue }
      try AtomicFile.write(page(of: row, own), to: "\(folder)/\(pages)/\(row.id).md")
    }
    try AtomicFile.write(csv, to: "\(folder)/reproduction.csv")
    try AtomicFile.write(index(pages: pages), to: "\(folder)/REPRODUCTION.md")
  }

  private func index(pages: String) -> String {
    let outcomes = rows.flatMap { lines(of: $0).map(\.outcome) }
    func count(_ outcome: PublishedClaim.Outcome) -> Int { outcomes.count { $0 == outcome.rawValue } }
    let done = rows.count { evidence[$0.id]?.isComplete == true }
    let table = Markdown.table(Self.header, cells)
    let links = rows.filter { evidence[$0.id] != nil }.map { "[\($0.id)](\(pages)/\($0.id).md)" }
    return """
      # The published figures, reproduced

      Of \(outcomes.count { !$0.isEmpty }) claims of five reports \(count(.holds)) hold, \(count(.fails)) do not, \
      and \(count(.open)) are open: not trained to the end, or an eye's to tell. \(done) of \(rows.count) rows \
      are complete. Distances are Fréchet distances by `resnet` with their standard errors; shares have 95 % \
      intervals.

      \(table)

      A page for each row: \(links.joined(separator: ", ")).

      ## Between the rows

      \(Markdown.table(
        ["published", "source", "holds?", "ours"],
        questions.map { [$0.question.sentence, $0.question.source, $0.finding.outcome.rawValue, $0.finding.found] }))

      """
  }

  private func page(of row: PublishedRow, _ evidence: RowEvidence) -> String {
    var parts = ["# \(row.id): \(row.title)", Self.summary(of: row, evidence)]
    if !row.claims.isEmpty { parts.append(Self.claims(of: row, evidence)) }
    if let verdicts = evidence.score?.verdicts, !verdicts.isEmpty {
      parts.append(
        verdicts.map { "- **\($0.name.rawValue)**: \(Markdown.escaped($0.detail))" }.joined(separator: "\n"))
    }
    if !evidence.warnings.isEmpty {
      parts.append(
        "Warned of while training:\n\n"
          + evidence.warnings.map { "- \(Markdown.escaped($0))" }.joined(separator: "\n"))
    }
    if let labels = evidence.askedLabels {
      parts.append(
        Markdown.table(
          ["asked for", "taken for it by resnet"],
          labels.map { label in
            let share = label.share
            return [
              label.label, "\(Text.percent(share.value, digits: 0)) (\(Text.percents(share.interval)))",
            ]
          }))
    }
    parts += evidence.pictures.map { picture in
      let caption = Markdown.escaped(picture.caption)
      return "![\(caption)](\(row.id)/\(picture.file))\n\n\(caption)."
    }
    parts.append(Self.commands(of: evidence))
    return parts.joined(separator: "\n\n") + "\n"
  }
}
