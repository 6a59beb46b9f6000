import Adversary
import Classifier
import Files
import Network

/// A classifier's training, for ``TrainingRun``: a milestone is the end of an epoch.
extension ClassifierTrainer: ResumableTraining {
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

  public var datasetSHA256: String { images.sha256 }

  public func advance() throws -> TrainingStep<EpochResult> { TrainingStep(milestone: try step()) }

  public func save(to path: String) throws(FileError) { try save(to: path, dataset: images.identity) }

  public func resume(from path: String) throws(FileError) {
    try resume(from: path, dataset: images.identity)
  }

  public func results() throws -> [(name: String, file: Safetensors)] {
    // No clock and no thread count.
    struct Manifest: Encodable {
      let recipe: ClassifierRecipe
      let dataset: String
    }
    let manifest = try JSON.line(Manifest(recipe: recipe, dataset: images.identity))
    return [("classifier.safetensors", classifier.file(manifest: manifest))]
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
