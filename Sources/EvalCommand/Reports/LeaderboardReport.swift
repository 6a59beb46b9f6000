import Figures
import Foundation

/// A leaderboard as text, Markdown, CSV and HTML.
struct LeaderboardReport {
  let board: Leaderboard

  private var judges: [String] { board.judge.sha256.keys.sorted() }

  private var header: [String] {
    ["rank", "generator"] + judges.map { "Fréchet \($0)" } + judges.map { "kernel \($0)" } + [
      "label accuracy"
    ]
      + ["precision", "recall", "density", "coverage", "Vendi"] + ["verdicts"]
  }

  private var rows: [[String]] {
    board.entries.map { entry in
      let judges = judges.compactMap { entry.result.judges[$0] }
      let own = entry.result.judges[board.ranker]
      let accuracy = entry.result.labelAccuracy?[board.ranker].map {
        "\(Text.percent($0.value)) (\(Text.percents($0.interval[0]...$0.interval[1])))"
      }
      let shares: [Double?] = [own?.precision, own?.recall, own?.density, own?.coverage]
      var row = ["\(entry.rank)\(entry.isTied ? "=" : "")", entry.source]
      row += judges.map { Self.text($0.frechetDistance) }
      row += judges.map { Self.text($0.kernelDistance) }
      row.append(accuracy ?? "–")
      row += shares.map { share in share.map { Text.fixed($0, 3) } ?? "–" }
      row.append(own?.vendi.map { Text.fixed($0, 2) } ?? "–")
      row.append(entry.result.verdicts.map(\.name.rawValue).joined(separator: ", "))
      return row
    }
  }

  private static func text(_ distance: ScoreResult.Distance) -> String {
    String(format: "%.3g ± %.2g", distance.value, distance.standardError)
  }

  private var summary: String {
    "By the \(board.by == .frechet ? "Fréchet" : "kernel") distance of \(board.ranker); \(board.count) images each against "
      + "\(board.reference.count) \(board.reference.split) images of \(board.reference.dataset); \(board.judge.version). "
      + "± is the standard error; = marks intervals (95 %) that overlap. Kendall's τ between the judges: "
      + "\(Text.fixed(board.agreement, 2))."
  }

  var table: String {
    var table = TerminalTable(
      header.enumerated().map { .init($1, $0 == 1 || $0 == header.count - 1 ? .left : .right) })
    for row in rows { table.add(row) }
    return "\(summary)\n\n\(table.text)"
  }

  var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    return ([summary, "", line(header), line(header.map { _ in "---" })] + rows.map(line)).joined(
      separator: "\n")
  }

  var csv: String {
    var csv = CSV(header)
    for row in rows { csv.add(row) }
    return csv.text
  }

  var html: String {
    func escaped(_ text: String) -> String {
      text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        .replacingOccurrences(of: ">", with: "&gt;")
    }
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Leaderboard</title>
      <style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}
      td,th{padding:.3em .8em;border-bottom:1px solid #ddd;text-align:right}
      td:nth-child(2),th:nth-child(2),td:last-child,th:last-child{text-align:left}</style></head>
      <body><h1>Leaderboard</h1><p>\(escaped(summary))</p>
      <table>\(row(header, "th"))
      \(rows.map { row($0, "td") }.joined(separator: "\n"))
      </table></body></html>
      """
  }
}
