import Experiments
import Files
import Reports

/// A leaderboard: how far it can be trusted, a row for each generator with its picture, the pairs in doubt.
extension Site {
  func leaderboard(_ report: LeaderboardReport, commands: [String], at address: String) -> Markup {
    let pictures = Dictionary(
      pages.compactMap { page in page.picture.map { (page.address, $0) } },
      uniquingKeysWith: { first, _ in first })
    let header = ["rank", "images"] + report.header.dropFirst()
    let rows = zip(report.board.entries, report.rows).map { entry, row -> [Markup.Cell] in
      let page = generatorAddresses[entry.source]
      let picture = page.flatMap { pictures[$0] }
      let image: Markup =
        picture.map {
          "<img class=\"thumbnail\" src=\"\($0)\" alt=\"\" role=\"presentation\" loading=\"lazy\">"
        } ?? .empty
      let name = page.map { Markup.link(row[1], to: $0) } ?? Markup(row[1])
      return [Markup.Cell(row[0]), Markup.Cell(markup: image, key: entry.source), Markup.Cell(markup: name)]
        + row.dropFirst(2).map { Markup.Cell($0) }
    }
    let kinds: [String: Markup.Alignment] = [
      "images": .left, "generator": .left, "disputed": .words, "verdicts": .words,
    ]
    let table = Markup.table(
      "Generators by rank", header.map { ($0, kinds[$0] ?? .right) }, rows, isSortable: true)
    let disputes = report.disputed
    let doubts: Markup =
      disputes.isEmpty
      ? .empty
      : .section(
        "Pairs in doubt", "<p>\(disputes[0])</p>\n\(Markup.list(disputes.dropFirst().map { Markup($0) }))")
    let made: Markup =
      commands.isEmpty
      ? .empty : .section("How it was made", commands.map { Markup.command($0) }.joined())
    return .paragraphs(report.words) + table + doubts + made
  }
}
