import Files
import Kernels
import Network

/// A training in its folder: from fresh weights, or from the state there, to the files of the result.
///
/// ```swift
/// let trainer = ClassifierTrainer(.reference(.dense), on: images, testedOn: testImages)
/// let run = try TrainingRun(trainer, in: RunFolder(path: "runs/dense"))
/// try run.train()
/// try run.finish()
/// ```
///
/// The state is written at the start, after every milestone and where the run is interrupted. A run that is
/// killed and begun again with ``TrainingBeginning/resuming`` ends with the same bytes as one that was not.
public final class TrainingRun<Training: ResumableTraining> {
  /// The training, as far as it has come.
  public let training: Training
  /// Where its state and its results are written.
  public let folder: RunFolder
  /// The processes that train together; nil of one.
  private let processes: TrainingProcesses?
  private let time: TrainingTime

  /// Takes the folder for this process, and writes the first state: whether that can be is best known before
  /// hours of work.
  ///
  /// - Parameters:
  ///   - training: from fresh weights.
  ///   - folder: where it is written; several processes write it once, by the first of them.
  ///   - beginning: what is done with what the folder holds.
  ///   - processes: those that train together; nil for one.
  /// - Throws: `FileError` where the folder cannot be written to, is taken by another process, holds a
  ///   training that was not asked for, or none to go on with; and where processes would train different
  ///   things.
  public init(
    _ training: Training, in folder: RunFolder, _ beginning: TrainingBeginning = .new,
    processes: TrainingProcesses? = nil
  ) throws(FileError) {
    self.training = training
    self.folder = folder
    self.processes = processes
    time = beginning == .resuming ? try TrainingTime(of: folder.path) : TrainingTime()
    if writes { try folder.take() }
    switch beginning {
    case .new where writes && (folder.holdsState || folder.holdsWeights):
      throw .unwritable(path: folder.path, reason: "it holds a training already")
    case .new, .overwriting: if writes { try folder.removeResults() }
    case .resuming: try training.resume(from: folder.statePath)
    }
    if let processes {
      let state = beginning == .resuming ? SHA256.hex(of: try AtomicFile.read(folder.statePath)) : ""
      try processes.agree(on: "\(training.identity) \(Processor.Code.compiled.rawValue) \(state)")
    }
    try write()
  }

  /// What the training has taken, in all its sittings.
  public var seconds: Double { time.seconds }

  /// Whether this process is the one that writes.
  private var writes: Bool { processes?.isFirst ?? true }

  /// Trains to the end.
  ///
  /// - Parameters:
  ///   - deadline: when it shall stop at the latest.
  ///   - isInterrupted: asked before each step.
  ///   - observer: hears of the progress after each step, and of what there is to warn of. What it throws
  ///     stops the training.
  ///   - snapshot: makes pictures and the like after a milestone; the state has been written before.
  ///   - milestone: what there is to tell of it, after that.
  /// - Throws: ``TrainingInterrupted`` where the training was stopped, with its state written; `FileError`;
  ///   what the training throws where it diverges, with the state as it was at the last milestone.
  public func train(
    until deadline: ContinuousClock.Instant? = nil, isInterrupted: () -> Bool = { false },
    observer: Observer = Observer(), snapshot: () throws -> Void = {},
    milestone: (Training.Milestone) -> Void = { _ in }
  ) throws {
    if training.isAtSnapshot { try snapshot() }
    while !training.isComplete {
      let wantsStop = isInterrupted() || deadline.map { ContinuousClock.now > $0 } ?? false
      processes?.wantsStop = wantsStop
      if processes?.shallStop ?? wantsStop { throw try interrupted() }
      let step = try training.advance()
      step.warnings.forEach(observer.warning)
      if let reached = step.milestone {
        try save()
        try snapshot()
        milestone(reached)
      }
      do {
        try observer.progress(training.progress)
      } catch {
        throw try interrupted(by: error)
      }
    }
  }

  /// Writes the weights of a training that is complete, the reports and the manifest.
  ///
  /// - Parameters:
  ///   - command: what the manifest says of who asked for the run.
  ///   - reports: writes what is to stand beside the weights.
  public func finish(
    command: RunCommand = RunCommand(name: "training"), reports: () throws -> Void = {}
  ) throws {
    precondition(training.isComplete, "TrainingRun.finish: the training is not complete")
    guard writes else { return }
    for (name, file) in try training.results() { try file.write(to: "\(folder.path)/\(name)") }
    try reports()
    try RunManifest(
      dataset: training.datasetSHA256, seconds: time.seconds, command: command
    ).write(to: folder.path)
  }

  private func save() throws {
    try training.checkWeights()
    try write()
  }

  private func write() throws(FileError) {
    guard writes else { return }
    try training.save(to: folder.statePath)
    try time.write(to: folder.path)
  }

  private func interrupted(by cause: (any Error)? = nil) throws -> TrainingInterrupted {
    try save()
    return TrainingInterrupted(folder: folder.path, statePath: folder.statePath, cause: cause)
  }
}

/// What a training does with what its folder holds.
public enum TrainingBeginning: Sendable {
  /// There shall be nothing of another training.
  case new
  /// What there is of another training is removed.
  case overwriting
  /// The training that is there goes on.
  case resuming
}

/// A training that was stopped before its end. Its state is written.
public struct TrainingInterrupted: Error, CustomStringConvertible {
  /// The folder of the run.
  public let folder: String
  /// The file of the state, which ``TrainingBeginning/resuming`` goes on from.
  public let statePath: String
  /// What the observer threw, where it was that which stopped the training.
  public let cause: (any Error)?

  /// One sentence that says where the state is.
  public var description: String { "interrupted; the training is saved in \(statePath)" }
}
