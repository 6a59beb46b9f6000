import Eval
import Experiments
import Figures
import Files
import FoundationEssentials
import Glibc

/// A leaderboard, of a folder of scores or as JSON: the ranks, and the values with their intervals.
enum LeaderboardNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.scores, .result(schema: StoredLeaderboard.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (board, words) = try read(part)
    let entries = try JSON.text(Figures(board)) + "\n"
    return NotebookSection(
      title: "Leaderboard", finding: finding(board), table: words,
      code: [
        .code(load("\(data)/leaderboard.json"), [Printed.lines(printed(board))]),
        .code(draw, [.picture(try NotebookPicture(chart(board).drawing))]),
      ], files: ["leaderboard.json": Data(entries.utf8)])
  }

  /// The ranks, and what is said of them: of scores all that there is, of ranks that were read a table.
  private static func read(_ part: StoredPart) throws -> (StoredLeaderboard, words: String) {
    guard part.kind == .scores else {
      let board: StoredLeaderboard = try part.result()
      let rows = board.entries.map { entry in
        [
          "\(entry.rank)\(entry.isTied ? "=" : "")", entry.source,
          "\(Text.short(entry.value)) (\(Text.short(entry.interval[0]))–\(Text.short(entry.interval[1])))",
          entry.result.verdicts.map(\.name.rawValue).joined(separator: ", "),
        ]
      }
      return (board, Markdown.table(["rank", "generator", board.metric, "verdicts"], rows))
    }
    let board = try Leaderboard(LeaderboardFolder.read([part.path]), in: part.path)
    let bytes = Data(try JSON.text(board).utf8)
    return (try part.result(from: bytes), LeaderboardReport(board).markdown)
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

    init(_ board: StoredLeaderboard) {
      (metric, judge) = (board.metric, board.ranker)
      entries = board.entries.map {
        Entry(
          rank: $0.rank, isTied: $0.isTied, source: $0.source, value: $0.value, interval: $0.interval,
          verdicts: $0.result.verdicts.map(\.name.rawValue))
      }
    }
  }

  private static func finding(_ board: StoredLeaderboard) -> String {
    let first = board.entries.prefix { $0.rank == 1 }.map { Markdown.escaped($0.source) }
    return "First of \(board.entries.count) by the \(board.metric) of \(Markdown.escaped(board.ranker)): "
      + "\(first.joined(separator: ", "))."
  }

  private static func chart(_ board: StoredLeaderboard) -> BarChart {
    BarChart(
      title: "\(board.metric) by \(board.ranker)",
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

  private static func printed(_ board: StoredLeaderboard) -> [String] {
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
