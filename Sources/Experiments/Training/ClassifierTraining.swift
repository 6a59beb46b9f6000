import Adversary
import Classifier
import Datasets
import Files
import Network

/// A classifier's training, for ``TrainingRun``: a milestone is the end of an epoch.
extension ClassifierTrainer: ResumableTraining {
  /// How far it is, in images over all epochs; the last batch of an epoch counts as a full one.
  public var progress: WorkProgress {
    let perEpoch = batchesPerEpoch * recipe.batchSize
    return WorkProgress(
      "training \(recipe.architecture.rawValue)", (epoch - 1) * perEpoch + batchesDone * recipe.batchSize,
      of: recipe.epochs * perEpoch, unit: "images",
      detail: batchesDone > 0
        ? "epoch \(epoch)  loss \(Text.fixed(loss, 4))  \(Text.percent(trainAccuracy))" : "")
  }

  /// No pictures are made of a classifier on its way.
  public var isAtSnapshot: Bool { false }

  /// SHA-256 of the images that it trains on; empty for images that come from no file.
  public var datasetSHA256: String { images.sha256 }

  /// Trains on the next batch; a milestone is the result of an epoch, at its end.
  ///
  /// - Throws: `ClassifierTrainer.Divergence` for a loss that is not a finite number.
  public func advance() throws -> TrainingStep<EpochResult> { TrainingStep(milestone: try step()) }

  /// Writes the state, with SHA-256 and number of the training images, as a safetensors file.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)`.
  public func save(to path: String) throws(FileError) { try save(to: path, dataset: images.identity) }

  /// Goes on from the state of a training of the same recipe on the same images.
  public func resume(from path: String) throws(FileError) {
    try resume(from: path, dataset: images.identity)
  }

  /// The weights as `classifier.safetensors`, with the recipe and SHA-256 of the images in its metadata.
  public func results() throws -> [(name: String, file: Safetensors)] {
    [("classifier.safetensors", classifier.file(manifest: try manifest()))]
  }

  /// The recipe, and SHA-256 of the images.
  public var identity: String { (try? manifest()) ?? "" }

  private func manifest() throws -> String {
    // No clock and no thread count.
    struct Manifest: Encodable {
      let recipe: ClassifierRecipe
      let dataset: String
    }
    return try JSON.line(Manifest(recipe: recipe, dataset: images.identity))
  }
}

extension DefenceRecipe? {
  /// What the trainer is given for the recipe's defence.
  public var training: any TrainingDefence {
    guard let self else { return Undefended() }
    return switch self.method {
    case .ibp:
      IntervalBoundTraining(
        epsilon: self.epsilon, region: self.region, ramp: self.rampStart...self.rampEnd,
        cleanShare: self.cleanShare)
    case .pgd:
      AdversarialTraining.pgd(
        epsilon: self.epsilon, region: self.region, steps: self.steps ?? 1, cleanShare: self.cleanShare)
    case .fgsm:
      AdversarialTraining.fgsm(epsilon: self.epsilon, region: self.region, cleanShare: self.cleanShare)
    case .trades:
      TradesTraining(
        epsilon: self.epsilon, region: self.region, steps: self.steps ?? 1, beta: self.beta ?? 0)
    }
  }
}
