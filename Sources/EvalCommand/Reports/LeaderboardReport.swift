import Figures
import Files
import Foundation
import Reports

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
      var row = ["\(entry.rank)\(entry.isTied ? "=" : "")", entry.source.visible()]
      row += judges.map { Self.text($0.frechetDistance) }
      row += judges.map { Self.text($0.kernelDistance) }
      row.append(accuracy ?? "–")
      row += shares.map { share in share.map { Text.fixed($0, 3) } ?? "–" }
      row.append(own?.vendi.map { Text.fixed($0, 2) } ?? "–")
      row.append(verdicts(entry, separator: ", "))
      return row
    }
  }

  private static func text(_ distance: ScoreResult.Distance) -> String {
    String(format: "%.3g ± %.2g", distance.value, distance.standardError)
  }

  private func verdicts(_ entry: Leaderboard.Entry, separator: String) -> String {
    entry.result.verdicts.map(\.name.rawValue).joined(separator: separator)
  }

  private var summary: String {
    let reference = board.reference
    return
      "By the \(board.by == .frechet ? "Fréchet" : "kernel") distance of \(board.ranker.visible()); \(board.count) images "
      + "each against \(reference.count) \(reference.split.visible()) images of \(reference.dataset.visible()); "
      + "\(board.judge.version.visible()). ± is the standard error; = marks intervals (95 %) that overlap. Kendall's τ "
      + "between the judges: \(Text.fixed(board.agreement, 2))."
  }

  /// Which scores are missing, and why; nil where none are.
  var note: String? {
    guard !board.leftOut.isEmpty else { return nil }
    let named = board.leftOut.prefix(10).map { "\($0.source.visible()) (\($0.count), \($0.file.visible()))" }
    let more = board.leftOut.count > named.count ? " and \(board.leftOut.count - named.count) more" : ""
    return "Left out are scores of another number of images than the \(board.count) of most: "
      + named.joined(separator: ", ") + more + "."
  }

  private var words: [String] { [summary, note].compactMap { $0 } }

  /// - Parameter width: of the terminal that it is for; nil for any.
  func table(width: Int?) -> String {
    var table = TerminalTable(
      header.enumerated().map { .init($1, $0 == 1 || $0 == header.count - 1 ? .left : .right) })
    for row in rows { table.add(row) }
    let text = words.joined(separator: "\n") + "\n\n" + table.text(fitting: width)
    return width.map { TerminalText.wrapped(text, to: $0) } ?? text
  }

  var markdown: String {
    (words.map(Markdown.escaped) + [Markdown.table(header, rows)]).joined(separator: "\n\n")
  }

  /// Numbers alone, to be computed with; the interval of a distance is 1.96 of its errors on either side.
  var csv: String {
    var csv = CSV(
      ["rank", "tied", "generator", "count", "seed"]
        + judges.flatMap { judge in
          [
            "frechet_distance", "frechet_error", "kernel_distance", "kernel_error", "label_accuracy",
            "label_accuracy_low", "label_accuracy_high", "precision", "recall", "density", "coverage",
            "vendi",
            "inception_score",
          ].map { "\(judge)_\($0)" }
        } + ["verdicts"])
    for entry in board.entries {
      let result = entry.result
      var fields = [
        "\(entry.rank)", "\(entry.isTied)", entry.source, "\(result.count)",
        result.seed.map { "\($0)" } ?? "",
      ]
      for judge in judges {
        let (own, accuracy) = (result.judges[judge], result.labelAccuracy?[judge])
        let values: [Double?] = [
          own?.frechetDistance.value, own?.frechetDistance.standardError, own?.kernelDistance.value,
          own?.kernelDistance.standardError, accuracy?.value, accuracy?.interval[0], accuracy?.interval[1],
          own?.precision, own?.recall, own?.density, own?.coverage, own?.vendi, own?.inceptionScore,
        ]
        fields += values.map { $0.map { "\($0)" } ?? "" }
      }
      csv.add(fields + [verdicts(entry, separator: "; ")])
    }
    return csv.text
  }

  var html: String {
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
