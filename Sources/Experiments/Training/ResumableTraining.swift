import Files
import Network

/// A training that goes step by step, and that can go on from its state in another process with the same
/// bytes.
///
/// It knows nothing of folders, signals and pictures: ``TrainingRun`` does.
public protocol ResumableTraining: AnyObject {
  /// What there is to tell at the end of an epoch, or of whatever else the state is written after.
  associatedtype Milestone

  /// Whether no step is left.
  var isComplete: Bool { get }
  /// How far it is.
  var progress: WorkProgress { get }
  /// Whether the state is the one of a milestone after which pictures are made: a kill may have come between
  /// the two.
  var isAtSnapshot: Bool { get }
  /// SHA-256 of the training images.
  var datasetSHA256: String { get }
  /// What decides the weights, recipe and images: equal trainings have equal ones.
  var identity: String { get }

  /// The next step.
  ///
  /// - Throws: where the training diverges; the weights are those before the step.
  func advance() throws -> TrainingStep<Milestone>

  /// Called before the state is written.
  ///
  /// - Throws: where the last step has left a weight behind that is not finite.
  func checkWeights() throws

  /// Writes the state to `path`.
  func save(to path: String) throws(FileError)

  /// Continues from the state at `path`.
  ///
  /// - Throws: `FileError` where it is the state of another training, or of none; then nothing has changed.
  func resume(from path: String) throws(FileError)

  /// The files of the trained weights, by their names in the folder of the run. Equal trainings are equal
  /// bytes.
  func results() throws -> [(name: String, file: Safetensors)]
}

/// What came of one step of a training.
public struct TrainingStep<Milestone> {
  /// Where this step was the last before one: the state is written now.
  public let milestone: Milestone?
  /// What there is to warn of: sentences without a full stop.
  public let warnings: [String]

  /// What came of a step; a `milestone` has the state written.
  public init(milestone: Milestone?, warnings: [String] = []) {
    self.milestone = milestone
    self.warnings = warnings
  }
}
