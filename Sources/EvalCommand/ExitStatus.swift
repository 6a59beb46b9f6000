import ArgumentParser
import Classifier
import Experiments
import Files
import Generators

/// How failures become exit codes (sysexits.h).
enum ExitStatus {
  /// Says what went wrong, in the command's words.
  ///
  /// - Returns: what the process is to exit with.
  static func report(_ error: any Error) -> Int32 {
    let code: Int32
    var error = error
    switch error {
    case let fault as FileError: (code, error) = (fault.exitCode, fault.inWordsOfOptions)
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

extension FileError {
  /// The exit code of a command that ends with this error.
  fileprivate var exitCode: Int32 {
    switch self {
    case .missing, .unreadable: 66
    case .malformed: 65
    case .unwritable: 73
    }
  }
}
