import ArgumentParser
import Experiments

typealias RunFolder = Experiments.RunFolder
typealias RunManifest = Experiments.RunManifest

extension RunCommand {
  /// This process.
  static var current: RunCommand {
    let words = CommandLine.arguments.dropFirst().prefix { !$0.hasPrefix("-") }
    return RunCommand(
      // `confusion-matrix`, `train classifier`.
      name: words.prefix(words.first == "train" ? 2 : 1).joined(separator: " "),
      words: ["eval"] + CommandLine.arguments.dropFirst(), version: EvalMain.configuration.version)
  }
}

extension RunManifest {
  /// That of this process.
  init(dataset: String, seconds: Double) { self.init(dataset: dataset, seconds: seconds, command: .current) }
}

extension TrainingRun {
  /// Trains to the end, to the deadline or to a signal, and says where the state is.
  ///
  /// - Parameters:
  ///   - deadline: when it shall stop at the latest.
  ///   - whole: the folder to go on with, where it is not the training's own.
  ///   - isShown: whether this process says anything.
  ///   - snapshot: makes pictures and the like after a milestone.
  ///   - line: what there is to tell of one.
  func train(
    until deadline: ContinuousClock.Instant? = nil, in whole: String? = nil, isShown: Bool = true,
    snapshot: () throws -> Void = {}, line: (Training.Milestone) -> String
  ) throws {
    let display = ProgressDisplay()
    do {
      try Interruption.heldBack(
        saved: "the training is saved in \(folder.statePath); go on with --resume \(whole ?? folder.path)"
          + DataOptions.reminder(CommandLine.arguments)
      ) {
        try train(
          until: deadline, isInterrupted: { Interruption.isRequested },
          observer: isShown ? display.observer : Observer(), snapshot: snapshot,
          milestone: { if isShown { display.show(line: line($0)) } })
      }
    } catch is TrainingInterrupted {
      throw Interrupted()
    }
  }
}
