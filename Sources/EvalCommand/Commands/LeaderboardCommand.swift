import ArgumentParser
import Figures
import Files
import Foundation

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
  var by: Leaderboard.Distance = .frechet
  @Option(help: "The judge to rank by.")
  var judge = "conv"
  @Option(help: "What to print on stdout.")
  var format: Format = .table
  @Option(help: ArgumentHelp("Write it into this file instead.", valueName: "file"))
  var output: String?

  func run() throws {
    let board = try Leaderboard(
      try LeaderboardFolder.read(folders), in: folders[0], by: by, ranker: judge)
    try JSON.check(board)
    let report = LeaderboardReport(board: board)
    // The other formats hold it themselves.
    if let note = report.note, format == .csv || format == .json { Console.error("eval: note: \(note)") }
    let text =
      switch format {
      case .table: report.table(width: output == nil ? Console.width : nil)
      case .markdown: report.markdown
      case .csv: report.csv
      case .json: try JSON.text(board)
      case .html: report.html
      }
    if let output {
      try AtomicFile.write(text.hasSuffix("\n") ? text : text + "\n", to: output)
    } else {
      try print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    }
  }
}

extension Leaderboard.Distance: ExpressibleByArgument {}
