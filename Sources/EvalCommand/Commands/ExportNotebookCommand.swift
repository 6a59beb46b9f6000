import ArgumentParser
import Experiments
import Files
import Reports

/// `eval export-notebook`: runs as a Jupyter notebook that reads complete and can be run.
struct ExportNotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-notebook",
    abstract: "Tell of runs in a Jupyter notebook.",
    discussion: """
      A run is a folder that a command wrote with --output, the folder of a training, a folder of \
      scores, or the JSON of one result. For each the notebook has what was found, the command, a \
      table and the charts, and code that draws them again with numpy and matplotlib from files in a \
      folder beside the notebook. It can be read without being run.

      A story is a Markdown text. A line <!-- run: PATH --> alone in it says where a run's cells go: \
      by its path, or by the name of its folder. Every run has one place.

      A notebook of 2 MB or less is written: the heaviest pictures are left out where it would be \
      larger, and drawn when it is run. One that was changed since it was exported, or that is not \
      from here, is replaced with --overwrite only.
      """)

  @Argument(help: ArgumentHelp("Folders of runs, or files of results.", valueName: "run"))
  var runs: [String]
  @Option(
    help: ArgumentHelp(
      "The notebook to write, such as notebooks-export/gan.ipynb; its data go into a folder of "
        + "that name beside it.",
      valueName: "file"))
  var output: String
  @Option(help: ArgumentHelp("The text that the runs stand in, in Markdown.", valueName: "file"))
  var story: String?
  @Option(help: "The title of a notebook without a story; else it follows from the output's name.")
  var title: String?
  @Flag(help: "Replace a notebook that another hand has changed or made.")
  var overwrite = false
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let name = output.lastPathComponent
    guard name.hasSuffix(".ipynb"), name.count > 6 else {
      throw ValidationError("--output: expected a name that ends in .ipynb, found \(output)")
    }
    if story != nil, let title {
      throw ValidationError("--title: expected no --story beside it, which has its own, found \(title)")
    }
    if let title, title.allSatisfy(\.isWhitespace) {
      throw ValidationError("--title: expected a title, found an empty one")
    }
  }

  func run() throws {
    try compute.prepare()
    let stored = try runs.map(StoredRun.init)
    for (index, run) in stored.enumerated() where stored[..<index].contains(where: { $0.path == run.path }) {
      throw ValidationError("expected each run once, found \(run.path) twice")
    }
    let export = try NotebookExport(stored, story: story, title: title, to: output)
    for title in export.leftOut {
      Console.error(
        "eval: note: the picture \"\(title)\" is left out: the notebook would be larger than 2 MB")
    }
    try export.write(overwrites: overwrite)
    try print("\(output): \(stored.count) \(stored.count == 1 ? "run" : "runs")")
  }
}
