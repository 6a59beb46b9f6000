import ArgumentParser
import Experiments
import Files
import Glibc
import Reports

/// `eval leaderboard`: what eval score said of many generators, ranked.
struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Rank what eval score has judged.",
    discussion: """
      Scores are collected with eval score --leaderboard DIR. Scores by other judges or on other test images do not compare \
      and are refused. Scores of another number of images than most (of two numbers as frequent, than the larger), and \
      those without the judge that ranks, are left out and named. One judge ranks: what the others say of the order stands \
      beside it, pair by pair, and a line says how far the ranks may be trusted. Scores made with eval score --seeds are \
      one entry: the mean over the trainings, with the error that the seeds make.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, markdown, csv, json, html }

  @Argument(help: ArgumentHelp("Folders of scores.", valueName: "dir"))
  var folders: [String]
  @Option(help: "The distance to rank by.")
  var by: RankingArgument = .standard
  @Option(
    help: ArgumentHelp(
      "The judge to rank by; by default, of those that scored, the one that agrees best with outside networks: "
        + "\(RankingJudge.byAgreement.joined(separator: ", then "))."))
  var judge: String?
  @Option(help: "What to print on stdout.")
  var format: Format = .table
  @Option(help: ArgumentHelp("Write it into this file instead.", valueName: "file"))
  var output: String?

  func validate() throws {
    for (place, folder) in folders.enumerated() where folders[..<place].contains(folder) {
      throw ValidationError("expected each folder once, found \(folder) twice")
    }
  }

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
