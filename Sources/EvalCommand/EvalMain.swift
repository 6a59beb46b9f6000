import ArgumentParser
import Classifier
import Experiments
import Files
import Foundation
import Generators

/// The command `eval`: arguments, wiring and exit codes. Everything it does is done by the libraries.
struct EvalMain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Train image classifiers, attack them, and let them judge generators, on a CPU.",
    discussion: """
      Results go to stdout, progress to stderr, files to --output.
      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 diverged or internal error, \
      73 cannot write, 130 interrupted by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP (a training's state is saved).
      """,
    version: "0.1.0",
    subcommands: [
      AccuracyVsEpsilonCommand.self, ConfusionMatrixCommand.self, RobustnessCommand.self, TrainCommand.self,
      GenerateCommand.self, ScoreCommand.self, LeaderboardCommand.self, JudgeCheckCommand.self,
      DatasetCommand.self, CorruptCommand.self, DoctorCommand.self,
    ])
}

/// How failures become exit codes (sysexits.h).
enum ExitStatus {
  static func report(_ error: any Error) -> Int32 {
    let code: Int32
    switch error {
    case let error as FileError: code = error.exitCode
    case is Computer.LoadError: code = 66
    // Found while running; what is found while parsing comes wrapped, and with the usage, below.
    case is ValidationError: code = 64
    case is ClassifierTrainer.Divergence, is GeneratorTrainer.Divergence, is Computer.NoConvergence,
      is JudgeCheckCommand.Failed, is NotFinite:
      code = 70
    case is Interrupted: code = Interruption.exitCode
    // Said by the exit code alone, for what stands behind a pipe.
    case is ClosedPipe: return 73
    default:
      // Usage errors, help and version: the parser words and places them itself.
      let status = EvalMain.exitCode(for: error).rawValue
      let message = EvalMain.fullMessage(for: error)
      guard status == 0 else {
        if !message.isEmpty { Console.error(message) }
        return status
      }
      do {
        try print(message)
        return 0
      } catch {
        return report(error)
      }
    }
    Console.error("eval: \(error)")
    return code
  }
}
