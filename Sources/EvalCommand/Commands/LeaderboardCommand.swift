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
      Scores are collected with eval score --leaderboard DIR. Scores by other judges, on other test images or of another \
      number of images do not compare and are refused.
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
    let board = try Leaderboard(try Leaderboard.read(folders), in: folders[0], by: by, ranker: judge)
    let report = LeaderboardReport(board: board)
    let text =
      switch format {
      case .table: report.table
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
