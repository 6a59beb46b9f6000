import ArgumentParser
import Experiments
import Files
import Foundation
import Reports

/// `eval leaderboard`: what eval score said of many generators, ranked.
struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Rank what eval score has judged.",
    discussion: """
      Scores are collected with eval score --leaderboard DIR. Scores by other judges or on other test images do not compare \
      and are refused. Scores of another number of images than most (of two numbers as frequent, than the larger) are left \
      out and named.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, markdown, csv, json, html }

  @Argument(help: ArgumentHelp("Folders of scores.", valueName: "dir"))
  var folders: [String]
  @Option(help: "The distance to rank by.")
  var by: RankingArgument = .standard
  @Option(help: "The judge to rank by.")
  var judge = "conv"
  @Option(help: "What to print on stdout.")
  var format: Format = .table
  @Option(help: ArgumentHelp("Write it into this file instead.", valueName: "file"))
  var output: String?

  func run() throws {
    let files = try LeaderboardFolder.read(folders) { folder in
      "score something into it with: eval score … --leaderboard \(folder)"
    }
    let board = try Leaderboard(files, in: folders[0], by: by.metric, ranker: judge)
    try JSON.check(board)
    let report = LeaderboardReport(board)
    // The other formats hold it themselves.
    if let note = report.note, format == .csv || format == .json { Console.error("eval: note: \(note)") }
    let text =
      switch format {
      case .table: report.table(Layout(width: output == nil ? Console.width : nil))
      case .markdown: report.markdown
      case .csv: report.csv
      case .json: try report.json()
      case .html: report.html
      }
    if let output {
      try AtomicFile.write(text.hasSuffix("\n") ? text : text + "\n", to: output)
    } else {
      try print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    }
  }
}
