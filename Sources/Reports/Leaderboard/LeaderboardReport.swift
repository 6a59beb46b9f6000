import Eval
import Experiments
import Figures
import Files
import FoundationEssentials

/// A leaderboard as text, Markdown, CSV and HTML.
public struct LeaderboardReport {
  /// The entries in the order of their ranks, with what the other judges say.
  public let board: Leaderboard
  /// By the entries' sources: with which others somebody would change places, and who.
  let rivals: [String: [(source: String, judges: [String])]]

  /// The report of a leaderboard that was ranked.
  public init(_ board: Leaderboard) {
    self.board = board
    rivals = board.disputes.reduce(into: [:]) { rivals, dispute in
      rivals[dispute.before, default: []].append((dispute.behind, dispute.judges))
      rivals[dispute.behind, default: []].append((dispute.before, dispute.judges))
    }
  }

  /// What a board would call a score that stands alone.
  package static func title(of result: ScoreResult) -> String { ScoreTitles.title(result.source) }

  private var judges: [String] { board.judgeNames }
  private var metrics: [Metric] { MetricCatalog.shown(in: .leaderboardTable) }
  /// Shown for every judge, before the label accuracy; the others are the ranking judge's.
  private var distances: [Metric] { metrics.filter(\.isOfEveryJudge) }
  private var others: [Metric] { metrics.filter { !$0.isOfEveryJudge } }

  /// The heads of the columns.
  package var header: [String] {
    ["rank", "generator"] + judges.dropFirst().map { "rank \($0)" }
      + distances.flatMap { metric in judges.map { "\(metric.column) \($0)" } } + ["label accuracy"]
      + others.map(\.column) + ["disputed", "verdicts"]
  }

  /// A row for each entry, in their order.
  package var rows: [[String]] {
    board.entries.map { entry in
      var row = ["\(entry.rank)\(entry.isTied ? "=" : "")", entry.source.visible()]
      row += judges.dropFirst().map { name in entry.ranks[name].map { "\($0)" } ?? "–" }
      row += distances.flatMap { metric in judges.map { Self.text(entry.figure(metric, by: $0)) } }
      row.append(entry.labelAccuracy(by: board.ranker)?.text ?? "–")
      row += others.map { $0.text(entry.figure($0, by: board.ranker)?.value) }
      return row + [disputes(entry), entry.verdicts.joined(separator: ", ")]
    }
  }

  private static func text(_ figure: RankedFigure?) -> String {
    guard let figure else { return "–" }
    return Text.formatted("%.3g ± %.2g", figure.value, figure.standardError ?? 0)
  }

  /// How many pairs with this entry each of the others would turn round: `dense 6`.
  private func disputes(_ entry: Leaderboard.Entry) -> String {
    let own = rivals[entry.source] ?? []
    let counts = Dictionary(own.flatMap(\.judges).map { ($0, 1) }, uniquingKeysWith: +)
    return counts.sorted { $0.key < $1.key }.map { "\($0.key.visible()) \($0.value)" }.joined(separator: ", ")
  }

  // MARK: - Words

  private var summary: String {
    let reference = board.reference
    let isMixed = board.entries.contains { $0.trainings != nil }
    return
      "By the \(board.metric?.title ?? board.by) of \(board.ranker.visible()); \(board.count) images "
      + "each against \(reference.count) \(reference.split.visible()) images of \(reference.dataset.visible()); "
      + "\(board.judge.version.visible()). ± is the standard error"
      + (isMixed ? ", of one training that of drawing its images, of several that of their mean" : "")
      + "; = marks intervals (95 %) that overlap."
  }

  /// How far the ranks may be trusted.
  private var trust: String? {
    let trust = board.trust
    guard trust.pairs > 0 else { return nil }
    func share(_ count: Int) -> String {
      let percent = Text.percent(Double(count) / Double(max(1, trust.toldApart)), digits: 0)
      return trust.toldApart == 0 ? "\(count)" : "\(count) (\(percent))"
    }
    let opinions = judges.dropFirst().compactMap { name in
      trust.opinions[name].map { opinion in
        "\(name.visible()) orders \(share(opinion.alike)) of these alike, \(opinion.reversed) the other way "
          + "round and does not tell \(opinion.undecided) apart (Kendall's τ of all pairs: "
          + "\(Text.fixed(opinion.agreement, 2)))"
      }
    }
    let all = opinions.count > 1 ? ["all judges agree on \(share(trust.agreed))"] : []
    return "How far to trust the ranks: \(board.ranker.visible()) tells \(trust.toldApart) of \(trust.pairs) "
      + "pairs apart beyond their errors" + (opinions + all).map { "; \($0)" }.joined() + "."
  }

  /// Entries that stand for several trainings, with both parts of their error.
  private var trainings: [String] {
    guard let metric = board.metric else { return [] }
    return board.entries.compactMap { entry in
      guard let trainings = entry.trainings,
        let spread = entry.figure(metric, by: board.ranker)?.spread
      else { return nil }
      let seeds = trainings.seeds.map { "\($0)" }.joined(separator: ", ")
      let error = spread.samplingError.map { ", the sampling error of one \(Text.short($0))" } ?? ""
      return "\(entry.source.visible()) (seeds \(seeds)): the standard deviation over trainings is "
        + "\(Text.short(spread.standardDeviation))\(error)."
    }
  }

  /// Which pairs of entries are in doubt: those behind one entry that the same judges put before it, in a
  /// line.
  package var disputed: [String] {
    var lines: [(before: String, judges: [String], behind: [String])] = []
    var places: [[String]: Int] = [:]
    for dispute in board.disputes {
      let key = [dispute.before] + dispute.judges
      if let index = places[key] {
        lines[index].behind.append(dispute.behind)
      } else {
        places[key] = lines.count
        lines.append((dispute.before, dispute.judges, [dispute.behind]))
      }
    }
    let shown = lines.prefix(Self.mostLines).map { line in
      let names = line.behind.prefix(Self.mostNames).map { $0.visible() }.joined(separator: ", ")
      let more = line.behind.count > Self.mostNames ? " and \(line.behind.count - Self.mostNames) more" : ""
      let judges = line.judges.map { $0.visible() }.joined(separator: " and ")
      let verb = line.judges.count == 1 ? "puts" : "put"
      return "\(judges) \(verb) \(names)\(more) before \(line.before.visible())"
    }
    guard !shown.isEmpty else { return [] }
    let rest = lines.count > shown.count ? ["… and \(lines.count - shown.count) entries more"] : []
    return ["Pairs that another judge orders the other way round, beyond its errors and the ranking judge's:"]
      + shown + rest
  }

  private static let mostLines = 40
  private static let mostNames = 20

  /// Which scores are missing, and why; nil where none are.
  public var note: String? {
    func sentence(_ why: String, _ left: [Leaderboard.LeftOut]) -> String? {
      guard !left.isEmpty else { return nil }
      let named = left.prefix(10).map { "\($0.source.visible()) (\($0.count), \($0.file.visible()))" }
      let more = left.count > named.count ? " and \(left.count - named.count) more" : ""
      return "Left out are scores \(why): " + named.joined(separator: ", ") + more + "."
    }
    let sentences = [
      sentence(
        "of another number of images than the \(board.count) of most",
        board.leftOut.filter { $0.lacksJudge == nil }),
      sentence(
        "without the judge \(board.ranker.visible()) (score them anew, or rank by another judge)",
        board.leftOut.filter { $0.lacksJudge != nil }),
    ].compactMap { $0 }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  /// What the ranks mean, how far to trust them, and what is left out.
  package var words: [String] { [summary, trust].compactMap { $0 } + trainings + [note].compactMap { $0 } }

  // MARK: - Forms

  /// What the ranks mean and how far to trust them, a row for each entry, and the pairs that are disputed.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable(
      header.enumerated().map { .init($1, $0 == 1 || $0 >= header.count - 2 ? .left : .right) })
    for row in rows { table.add(row) }
    let parts = [words.joined(separator: "\n"), layout.fitted(table)]
    let doubts = disputed.isEmpty ? "" : "\n" + disputed.joined(separator: "\n  ") + "\n"
    return layout.fitted(parts.joined(separator: "\n\n") + doubts)
  }

  /// The same as a table of Markdown, in which no text of a score file becomes markup.
  public var markdown: String {
    let doubts = disputed.isEmpty ? [] : [disputed.map(Markdown.escaped).joined(separator: "\n- ")]
    return (words.map(Markdown.escaped) + doubts + [Markdown.table(header, rows)]).joined(separator: "\n\n")
  }

  /// The board as `assay/leaderboard/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(board) }

  /// The same as a page of HTML that fetches nothing, and in which no text of a score file becomes markup.
  public var html: String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(HTML.escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    let items = disputed.dropFirst().map { "<li>\(HTML.escaped($0))</li>" }.joined(separator: "\n")
    let doubts = disputed.first.map { "\n<p>\(HTML.escaped($0))</p>\n<ul>\(items)</ul>" } ?? ""
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Leaderboard</title>
      <style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}
      td,th{padding:.3em .8em;border-bottom:1px solid #ddd;text-align:right}
      td:nth-child(2),th:nth-child(2),td:last-child,th:last-child{text-align:left}</style></head>
      <body><h1>Leaderboard</h1>\(words.map { "<p>\(HTML.escaped($0))</p>" }.joined(separator: "\n"))
      <table>\(row(header, "th"))
      \(rows.map { row($0, "td") }.joined(separator: "\n"))
      </table>\(doubts)</body></html>
      """
  }
}
