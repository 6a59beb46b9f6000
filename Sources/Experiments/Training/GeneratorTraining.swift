import Autograd
import Classifier
import Datasets
import Files
import Generators
import Kernels
import Network

/// A generator's training, for ``TrainingRun``: a milestone is a snapshot.
extension GeneratorTrainer: ResumableTraining {
  /// A snapshot: the losses of its step.
  public struct Milestone: Sendable {
    /// The generator steps done.
    public let step: Int
    /// Those of the whole training.
    public let totalSteps: Int
    /// The losses of that step.
    public let losses: Losses
  }

  /// How far it is, in real images seen over the whole training.
  public var progress: WorkProgress {
    let perStep = recipe.batchSize * recipe.batchesPerStep
    return WorkProgress(
      "training \(recipe.name)", stepsDone * perStep, of: totalSteps * perStep, unit: "images",
      detail: "epoch \(max(0, stepsDone - 1) / stepsPerEpoch + 1)  \(lastLosses?.short ?? "")")
  }

  /// Whether the last step that was done ended with a snapshot.
  public var isAtSnapshot: Bool { journal.snapshots.last == stepsDone }

  /// SHA-256 of the images that it trains on; empty for images that come from no file.
  public var datasetSHA256: String { images.sha256 }

  /// What a state of this training says of it.
  public var identity: String { "\(settings(dataset: images.identity))" }

  /// One generator step; a milestone comes after every `stepsPerSnapshot` of them and after the last.
  ///
  /// - Throws: `GeneratorTrainer.Divergence` for a loss that is not a finite number.
  public func advance() throws -> TrainingStep<Milestone> {
    let (losses, found) = try step()
    guard stepsDone % stepsPerSnapshot == 0 || isComplete else {
      return TrainingStep(milestone: nil, warnings: found.map(\.sentence))
    }
    let findings = found + (judge.map { note(labels: $0(shown)) } ?? [])
    noteSnapshot()
    return TrainingStep(
      milestone: Milestone(step: stepsDone, totalSteps: totalSteps, losses: losses),
      warnings: findings.map(\.sentence))
  }

  /// Writes the state, with SHA-256 and number of the training images, as a safetensors file.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)`.
  public func save(to path: String) throws(FileError) { try save(to: path, dataset: images.identity) }

  /// Goes on from the state of a training of the same recipe, batch and seed on the same images.
  public func resume(from path: String) throws(FileError) {
    try resume(from: path, dataset: images.identity)
  }

  /// The weights as `generator.safetensors`. Where the recipe keeps a running average it is that, and the
  /// weights themselves are `generator-plain.safetensors`. Of a colorizer `colorizer.safetensors` alone.
  public func results() throws -> [(name: String, file: Safetensors)] {
    if let colorizer = recipe.colorizing {
      let manifest = try JSON.line(settings(dataset: images.identity))
      let file = Colorizer.file(
        generator, colorizer, labelNames: images.labelNames, manifest: manifest)
      return [("colorizer.safetensors", file)]
    }
    let plain = averaged == nil ? [] : [("generator-plain.safetensors", try file(generator))]
    return [("generator.safetensors", try file(shown))] + plain
  }

  /// The weights of one of the training's generators as a file.
  private func file(_ network: any GeneratorNetwork) throws -> Safetensors {
    Generator.file(
      network, recipe, labelNames: images.labelNames,
      manifest: try JSON.line(settings(dataset: images.identity)))
  }

  /// Writes the weights at this step into the folder's `checkpoints`.
  ///
  /// - Throws: `FileError`.
  public func writeCheckpoint(to folder: RunFolder) throws {
    try file(shown).write(to: "\(folder.path)/checkpoints/\(CheckpointName.name(step: stepsDone))")
  }

  /// Lets a classifier look at some images of each snapshot, where it knows their labels and size: what it
  /// sees is how a collapse is found.
  public func judge(by classifier: NeuralClassifier) {
    let size = classifier.imageShape[0]
    guard images.labelNames.count == 10, images.channels == 1, size <= recipe.imageSize else { return }
    judge = { [recipe, seed] network in
      let latent = recipe.latent(judgedImages, labels: nil, key: Key(seed: seed).derived(101))
      return classifier.predictions(Generator.images(network, latent).middle(size))
    }
  }
}

/// Images that the judge looks at after each snapshot.
private let judgedImages = 500

extension Losses {
  /// The losses with four decimals.
  package var short: String {
    zip(names, values).map { "\($0) \(Text.fixed($1, 4))" }.joined(separator: "  ")
  }
}

extension TrainingWatch.Finding {
  /// `step 300: stuck: the generator's loss stays at ln 2 …`
  fileprivate var sentence: String { "step \(step): \(warning.rawValue): \(detail)" }
}

extension Tensor {
  /// The middle of images `[N, H, W, C]` that are larger.
  fileprivate func middle(_ size: Int) -> Tensor {
    guard shape[1] > size || shape[2] > size else { return self }
    return sliced(
      start: [0, (shape[1] - size) / 2, (shape[2] - size) / 2, 0], size: [shape[0], size, size, shape[3]])
  }
}
