import Eval
import Experiments
import Figures
import Files
import Foundation

/// A leaderboard made of a folder of scores: the ranks, and the values with their intervals.
enum LeaderboardNotebookCells: NotebookCells {
  static let kind = StoredPart.Kind.leaderboard

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let board = try Leaderboard(LeaderboardFolder.read([part.path]), in: part.path)
    let entries = try JSON.text(Figures(board)) + "\n"
    let report = LeaderboardReport(board)
    return NotebookSection(
      title: "Leaderboard", finding: finding(board), table: report.markdown,
      code: [
        .code(load("\(data)/leaderboard.json"), [Printed.lines(printed(board))]),
        .code(draw, [.picture(try NotebookPicture(chart(board).drawing))]),
      ], files: ["leaderboard.json": Data(entries.utf8)])
  }

  /// What the code reads: the ranks without the whole scores.
  private struct Figures: Encodable {
    struct Entry: Encodable {
      let rank: Int
      let isTied: Bool
      let source: String
      let value: Double
      let interval: [Double]
      let verdicts: [String]
    }

    let metric, judge: String
    let entries: [Entry]

    init(_ board: Leaderboard) {
      (metric, judge) = (board.metric?.title ?? board.by, board.ranker)
      entries = board.entries.map {
        Entry(
          rank: $0.rank, isTied: $0.isTied, source: $0.source, value: $0.value, interval: $0.interval,
          verdicts: $0.verdicts)
      }
    }
  }

  private static func finding(_ board: Leaderboard) -> String {
    let first = board.entries.prefix { $0.rank == 1 }.map { Markdown.escaped($0.source) }
    let metric = board.metric?.title ?? board.by
    return "First of \(board.entries.count) by the \(metric) of \(Markdown.escaped(board.ranker)): "
      + "\(first.joined(separator: ", "))."
  }

  private static func chart(_ board: Leaderboard) -> BarChart {
    BarChart(
      title: "\(board.metric?.title ?? board.by) by \(board.ranker)",
      subtitle: "\(board.count) images each; lower is better",
      bars: board.entries.map { .init($0.source.visible(limit: 60), $0.value) }, maximum: nil, format: .plain,
      decimals: 2)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    board = read_json("\#(path)")
    entries = board["entries"]

    width = max(len(e["source"]) for e in entries)
    for e in entries:
        rank = f"{e['rank']}{'=' if e['is_tied'] else ''}"
        low, high = e["interval"]
        print(f"{rank:4} {e['source'].ljust(width)}  {e['value']:.4g} ({low:.4g} to {high:.4g})")
    """#
  }

  private static func printed(_ board: Leaderboard) -> [String] {
    let width = board.entries.map { Printed.width($0.source) }.max() ?? 0
    return board.entries.map { entry in
      let values = ([entry.value] + entry.interval).map { Printed.short($0, 4) }
      return
        "\(Printed.left("\(entry.rank)\(entry.isTied ? "=" : "")", 4)) \(Printed.left(entry.source, width))  "
        + "\(values[0]) (\(values[1]) to \(values[2]))"
    }
  }

  private static let draw = #"""
    values = [e["value"] for e in entries]
    errors = np.abs(np.transpose([e["interval"] for e in entries]) - values)
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(entries) + 1))
    axes.barh(range(len(entries)), values, xerr=errors, capsize=2, tick_label=[e["source"] for e in entries])
    axes.invert_yaxis()
    axes.set(xlabel=board["metric"], title=f"{board['metric']} by {board['judge']}")
    plt.show()
    """#
}
