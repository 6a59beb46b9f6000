import Eval
import Experiments
import Figures
import Files
import Foundation

/// A leaderboard as text, Markdown, CSV and HTML.
public struct LeaderboardReport {
  public let board: Leaderboard

  public init(_ board: Leaderboard) { self.board = board }

  private var judges: [String] { board.judge.sha256.keys.sorted() }

  private var metrics: [Metric] { MetricCatalog.shown(in: .leaderboardTable) }
  /// Shown for every judge, before the label accuracy; the others are the ranking judge's.
  private var distances: [Metric] { metrics.filter(\.isOfEveryJudge) }
  private var others: [Metric] { metrics.filter { !$0.isOfEveryJudge } }

  private var header: [String] {
    ["rank", "generator"]
      + distances.flatMap { metric in judges.map { "\(metric.column) \($0)" } } + ["label accuracy"]
      + others.map(\.column) + ["verdicts"]
  }

  private var rows: [[String]] {
    board.entries.map { entry in
      let judges = judges.compactMap { entry.result.judges[$0] }
      let own = entry.result.judges[board.ranker]
      var row = ["\(entry.rank)\(entry.isTied ? "=" : "")", entry.source.visible()]
      row += distances.flatMap { metric in judges.map { Self.text($0[metric]) } }
      row.append(entry.result.labelAccuracy?[board.ranker]?.text ?? "–")
      row += others.map { $0.text(own?[$0]?.value) }
      row.append(verdicts(entry, separator: ", "))
      return row
    }
  }

  private static func text(_ distance: MetricValue?) -> String {
    guard let value = distance?.value else { return "–" }
    return String(format: "%.3g ± %.2g", value, distance?.standardError ?? 0)
  }

  private func verdicts(_ entry: Leaderboard.Entry, separator: String) -> String {
    entry.result.verdicts.map(\.name.rawValue).joined(separator: separator)
  }

  private var summary: String {
    let reference = board.reference
    return
      "By the \(board.metric?.title ?? board.by) of \(board.ranker.visible()); \(board.count) images "
      + "each against \(reference.count) \(reference.split.visible()) images of \(reference.dataset.visible()); "
      + "\(board.judge.version.visible()). ± is the standard error; = marks intervals (95 %) that overlap. Kendall's τ "
      + "between the judges: \(Text.fixed(board.agreement, 2))."
  }

  /// Which scores are missing, and why; nil where none are.
  public var note: String? {
    guard !board.leftOut.isEmpty else { return nil }
    let named = board.leftOut.prefix(10).map { "\($0.source.visible()) (\($0.count), \($0.file.visible()))" }
    let more = board.leftOut.count > named.count ? " and \(board.leftOut.count - named.count) more" : ""
    return "Left out are scores of another number of images than the \(board.count) of most: "
      + named.joined(separator: ", ") + more + "."
  }

  private var words: [String] { [summary, note].compactMap { $0 } }

  public func table(_ layout: Layout) -> String {
    var table = TerminalTable(
      header.enumerated().map { .init($1, $0 == 1 || $0 == header.count - 1 ? .left : .right) })
    for row in rows { table.add(row) }
    return layout.fitted(words.joined(separator: "\n") + "\n\n" + layout.fitted(table))
  }

  public var markdown: String {
    (words.map(Markdown.escaped) + [Markdown.table(header, rows)]).joined(separator: "\n\n")
  }

  /// Numbers alone, to be computed with; the interval of a distance is 1.96 of its errors on either side.
  public var csv: String {
    let metrics = MetricCatalog.shown(in: .leaderboardCSV)
    let accuracy = ["label_accuracy", "label_accuracy_low", "label_accuracy_high"]
    let names =
      metrics.filter(\.isOfEveryJudge).flatMap(\.csvNames) + accuracy
      + metrics.filter { !$0.isOfEveryJudge }.flatMap(\.csvNames)
    var csv = CSV(
      ["rank", "tied", "generator", "count", "seed"]
        + judges.flatMap { judge in names.map { "\(judge)_\($0)" } } + ["verdicts"])
    for entry in board.entries {
      let result = entry.result
      var fields = [
        "\(entry.rank)", "\(entry.isTied)", entry.source, "\(result.count)",
        result.seed.map { "\($0)" } ?? "",
      ]
      for judge in judges {
        let (own, accuracy) = (result.judges[judge], result.labelAccuracy?[judge])
        func values(_ isOfEveryJudge: Bool) -> [Double?] {
          metrics.filter { $0.isOfEveryJudge == isOfEveryJudge }.flatMap { $0.csvValues(own?[$0]) }
        }
        let all =
          values(true) + [accuracy?.value, accuracy?.interval[0], accuracy?.interval[1]] + values(false)
        fields += all.map { $0.map { "\($0)" } ?? "" }
      }
      csv.add(fields + [verdicts(entry, separator: "; ")])
    }
    return csv.text
  }

  public func json() throws -> String { try JSON.text(board) }

  public var html: String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(HTML.escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Leaderboard</title>
      <style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}
      td,th{padding:.3em .8em;border-bottom:1px solid #ddd;text-align:right}
      td:nth-child(2),th:nth-child(2),td:last-child,th:last-child{text-align:left}</style></head>
      <body><h1>Leaderboard</h1>\(words.map { "<p>\(HTML.escaped($0))</p>" }.joined(separator: "\n"))
      <table>\(row(header, "th"))
      \(rows.map { row($0, "td") }.joined(separator: "\n"))
      </table></body></html>
      """
  }
}
