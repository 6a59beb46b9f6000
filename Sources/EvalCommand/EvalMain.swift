import ArgumentParser
import Files
import Glibc

/// The command `eval`: arguments, wiring and exit codes. Everything it does is done by the libraries.
package struct EvalMain: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Train image classifiers, attack them, and let them judge generators, on a CPU.",
    discussion: """
      Results go to stdout, progress to stderr, files to --output.
      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 diverged or internal error, \
      73 cannot write, 130 interrupted by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP (a training's state is saved).
      """,
    version: "0.1.0",
    subcommands: [
      AccuracyVsEpsilonCommand.self, ConfusionMatrixCommand.self, RobustnessCommand.self, TrainCommand.self,
      GenerateCommand.self, ColorizeCommand.self, ScoreCommand.self, LeaderboardCommand.self,
      JudgeCheckCommand.self, MergeCommand.self, ReproduceCommand.self, ExportNotebookCommand.self,
      ExportOnnxCommand.self, ReportCommand.self, ServeCommand.self,
      DatasetCommand.self, CorruptCommand.self, DoctorCommand.self,
    ])

  /// What the process was started as: `assay`, which a shell can be told; or `eval`, which it takes for its
  /// own.
  private static var name: String {
    CommandLine.arguments.first?.lastPathComponent == "assay" ? "assay" : "eval"
  }

  package init() {}

  /// The whole process, from its arguments to its exit code.
  package static func run() {
    Console.openStreams()
    Interruption.watch()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Glibc.exit(ExitStatus.report(error))
    }
  }
}
