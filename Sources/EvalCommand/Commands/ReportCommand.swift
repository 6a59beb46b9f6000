import ArgumentParser
import Files
import Web

/// `eval report`: a site over a folder of results or runs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make a site of pages over a folder of results or runs.",
    discussion: """
      A page for each leaderboard, generator, curve, confusion matrix, report of robustness, training and \
      document below the folder, with the command that made it; the first page lists them. The site opens \
      from the disk, fetches nothing, and is whole without scripts. A file that cannot be read is named on \
      the first page, and the others are shown. Links and hidden files are left out.

      Trainings that have not ended are shown as they stand: eval serve follows them.
      """)

  @Argument(help: ArgumentHelp("The folder, such as results or runs.", valueName: "dir"))
  var folder: String
  @Option(
    help: ArgumentHelp(
      "The folder of the site; one of an earlier site is brought up to date.", valueName: "dir"))
  var output = "site"

  func validate() throws {
    guard !output.isEmpty else { throw ValidationError("--output: expected a folder, found an empty name") }
  }

  func run() throws {
    let summary = try ResultSite.write(of: folder, to: output)
    for fault in summary.faults { Console.error("eval: warning: left out: \(fault)") }
    try print(
      "\(summary.first): \(Text.counted(summary.pages, "page")), \(Text.counted(summary.files, "file"))")
  }
}
