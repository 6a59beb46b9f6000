import Experiments
import Generators
import Reports

extension TrainingRun<GeneratorTrainer> {
  /// Trains to the end, to the deadline or to a signal, with grids and losses at each snapshot, and writes
  /// the weights and the animations.
  ///
  /// - Parameters:
  ///   - whole: the folder to go on with, where it is not the training's own.
  ///   - checkpoints: whether the weights of each snapshot are kept.
  func train(
    _ report: GeneratorReport, until deadline: ContinuousClock.Instant?, in whole: String? = nil,
    checkpoints: Bool = false
  ) throws {
    let (trainer, path) = (training, folder.path)
    try train(
      until: deadline, in: whole,
      snapshot: {
        try report.writeGrids(trainer.shown, step: trainer.stepsDone, to: path)
        try report.writeLosses(trainer.journal, to: path)
        if checkpoints { try trainer.writeCheckpoint(to: folder) }
      }, line: GeneratorReport.line)
    try finish(command: .current) {
      try report.writeLosses(trainer.journal, to: path)
      for reason in try report.writeAnimations(trainer.shown, steps: trainer.journal.snapshots, to: path) {
        Console.error("eval: warning: left out of the animation: \(reason)")
      }
    }
  }
}
