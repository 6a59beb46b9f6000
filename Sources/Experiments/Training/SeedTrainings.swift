import Classifier
import Files
import Generators

/// Trainings that differ in their seed alone, one after the other, each a ``TrainingRun`` in a folder of its
/// own: each ends with the bytes that it would have ended with alone.
///
/// ```swift
/// let places = [1, 2, 3].map { ($0, RunFolder(path: SeedFolders.path("runs/gan", seed: $0))) }
/// let trainings = try SeedTrainings(places) { GeneratorTrainer(recipe, on: images, seed: $0) }
/// try trainings.run {
///   try $0.train()
///   try $0.finish()
/// }
/// ```
///
/// All of them have their first state before the first begins, so that whoever goes on after a kill finds all
/// of them, and a folder that cannot be written to is known before hours of work. One at a time is in memory.
public struct SeedTrainings<Training: ResumableTraining> {
  private let places: [(seed: UInt64, folder: RunFolder)]
  private let training: (UInt64) throws -> Training

  /// Takes all folders for this process, and writes the first states.
  ///
  /// - Parameters:
  ///   - places: different seeds, each with the folder of its training.
  ///   - beginning: what becomes of trainings that the folders hold.
  ///   - training: with a seed.
  /// - Throws: `FileError` where a folder cannot be written to, is taken by another process, holds a training
  ///   that was not asked for, or none to go on with: before anything in any of them has changed.
  public init(
    _ places: [(seed: UInt64, folder: RunFolder)], _ beginning: TrainingBeginning = .new,
    training: @escaping (_ seed: UInt64) throws -> Training
  ) throws {
    precondition(
      !places.isEmpty && Set(places.map(\.seed)).count == places.count,
      "SeedTrainings: the seeds \(places.map(\.seed))")
    (self.places, self.training) = (places, training)
    for (_, folder) in places {
      try folder.take()
      switch beginning {
      case .new where folder.holdsState || folder.holdsWeights:
        throw FileError.unwritable(path: folder.path, reason: "it holds a training already")
      case .resuming where !folder.holdsState:
        throw FileError.missing(path: folder.statePath, remedy: GeneratorTrainer.stateRemedy)
      case .new, .overwriting, .resuming: break
      }
    }
    if case .resuming = beginning { return }
    for (seed, folder) in places { _ = try TrainingRun(try training(seed), in: folder, beginning) }
  }

  /// Trains one after the other, each from the state in its folder.
  ///
  /// - Parameters:
  ///   - observer: hears of each training that diverges.
  ///   - each: trains one to its end.
  /// - Throws: what `each` throws, at once; a divergence after the last training, for what one seed leads to
  ///   says nothing of the others.
  public func run(observer: Observer = Observer(), each: (TrainingRun<Training>) throws -> Void) throws {
    var divergence: (any Error)?
    for (seed, folder) in places {
      do {
        try each(try TrainingRun(try training(seed), in: folder, .resuming))
      } catch let error where error is GeneratorTrainer.Divergence || error is ClassifierTrainer.Divergence {
        observer.warning("seed \(seed): \(error)")
        divergence = divergence ?? error
      }
    }
    if let divergence { throw divergence }
  }
}
