import Autograd
import Datasets
import Kernels
import Network

/// Trains a generator by its recipe, one generator step at a time.
///
/// All randomness follows from the seed and the step: a training that is stopped and continued from its state
/// gives the same bytes as one that was not.
public final class GeneratorTrainer {
  /// A loss that is not a finite number, with the weights as they were before; or a weight that a step has
  /// left behind.
  public struct Divergence: Error, CustomStringConvertible {
    /// The generator step in which it occurred, counted from 1.
    public let step: Int
    /// The losses of that step; the discriminator's alone where that is the one that is not finite.
    public let losses: Losses
    /// The weight, or what an optimizer keeps of it, where it is that which is not finite.
    public var weight: String?
    /// One sentence for a person, with the step and the losses.
    public var description: String {
      let finding = weight.map { "\($0) is not finite; \(losses)" } ?? "\(losses)"
      return "training diverged in step \(step): \(finding); lower the learning rates"
    }
  }

  /// What is trained, and how.
  public let recipe: GeneratorRecipe
  /// What the fresh weights and all other randomness follow from.
  public let seed: UInt64
  /// The network that draws, as the last step left it.
  public var generator: any GeneratorNetwork { method.generator }
  /// The running average of the generator's weights, where the recipe keeps one.
  public let averaged: (any GeneratorNetwork)?
  /// Generator steps done.
  public internal(set) var stepsDone = 0
  /// The losses and warnings so far.
  public internal(set) var journal: TrainingJournal

  /// Generator steps between two snapshots; an epoch by default.
  public lazy var stepsPerSnapshot = stepsPerEpoch
  /// Gives labels to images that it has a generator draw at each snapshot, for the watch over the training.
  public var judge: ((any GeneratorNetwork) -> [Int])?
  /// The losses of the last step of this process.
  public private(set) var lastLosses: Losses?

  let method: any TrainingMethod
  /// Those that it trains on.
  public let images: LabeledImages
  private let key: Key
  private var order: (epoch: Int, indices: [Int])?

  /// A training that begins with fresh weights.
  ///
  /// - Precondition: there is at least one batch of images, and a batch has two or more. Images are no larger
  ///   than the recipe's and have its channels.
  public init(_ recipe: GeneratorRecipe, on images: LabeledImages, seed: UInt64) {
    precondition(
      images.count >= recipe.batchSize && recipe.batchSize >= 2 && recipe.batchesPerStep >= 1,
      "GeneratorTrainer: \(images.count) images, batch \(recipe.batchSize), batches a step \(recipe.batchesPerStep)"
    )
    self.recipe = recipe
    self.seed = seed
    self.images = images
    key = Key(seed: seed)
    method = recipe.makeMethod(key)
    averaged = recipe.averaging == nil ? nil : recipe.makeGenerator(key.derived(0))
    journal = TrainingJournal(recipe)
  }

  /// Whole batches of the training images; what is left over is different in each epoch.
  public var batchesPerEpoch: Int { images.count / recipe.batchSize }
  /// Generator steps of an epoch: those for which it has batches, 1 at least.
  public var stepsPerEpoch: Int { max(1, batchesPerEpoch / recipe.batchesPerStep) }
  /// Generator steps of the whole training.
  public var totalSteps: Int {
    switch recipe.length {
    case .epochs(let count): count * stepsPerEpoch
    case .steps(let count): count
    }
  }

  /// Whether all steps are done.
  public var isComplete: Bool { stepsDone >= totalSteps }

  /// The discriminator's steps, and one of the generator; or one of encoder and decoder.
  ///
  /// - Returns: the losses, and what there is to warn of, for the first time.
  /// - Throws: ``Divergence``.
  public func step() throws(Divergence) -> (losses: Losses, findings: [TrainingWatch.Finding]) {
    let turn = Turn(
      step: stepsDone + 1, key: key.derived(2).derived(stepsDone),
      rateFactor: recipe.schedule.factor(step: stepsDone, of: totalSteps)
    ) { [self] round in
      let indices = batchIndices(stepsDone * recipe.batchesPerStep + round)
      return (images.signedTensor(indices, size: recipe.imageSize), images.labels(indices))
    }
    let losses = try recipe.precision(tiles: .large) { () throws(Divergence) in
      try method.step(turn)
    }
    average()
    lastLosses = losses
    stepsDone += 1
    if stepsDone % stepsPerEpoch == 0 { method.finishEpoch() }
    return (losses, journal.add(losses, step: stepsDone))
  }

  /// The generator that is shown and kept: the average where there is one.
  public var shown: any GeneratorNetwork { averaged ?? generator }

  /// Adds the labels that a judge gave to images of ``shown`` to the journal.
  ///
  /// - Returns: what there is to warn of, for the first time.
  public func note(labels: [Int]) -> [TrainingWatch.Finding] {
    journal.add(labels: labels, names: images.labelNames, step: stepsDone)
  }

  /// Adds this step to those after which pictures were made.
  public func noteSnapshot() { journal.addSnapshot(step: stepsDone) }

  /// Running statistics are averaged as well: they belong to the weights that made them.
  private func average() {
    guard let averaged, let longest = recipe.averaging else { return }
    // At first a shorter average, or the fresh weights would be part of it for long (TensorFlow's
    // num_updates).
    let keep = min(longest, Float(1 + stepsDone) / Float(10 + stepsDone))
    for (mean, parameter) in zip(averaged.parameters, generator.parameters) {
      mean.value = mean.value * keep + parameter.value * (1 - keep)
    }
  }

  private func batchIndices(_ batch: Int) -> [Int] {
    let epoch = batch / batchesPerEpoch
    let indices: [Int]
    if let order, order.epoch == epoch {
      indices = order.indices
    } else {
      indices = key.derived(3).derived(epoch).permutation(images.count)
      order = (epoch, indices)
    }
    let start = batch % batchesPerEpoch * recipe.batchSize
    return Array(indices[start..<start + recipe.batchSize])
  }
}

extension GeneratorRecipe {
  /// Random noise and codes; `labels` where given, else random ones where the recipe is conditional.
  public func latent(_ count: Int, labels: [Int]?, key: Key) -> Latent {
    let noiseKey = key.derived(0)
    let noise =
      switch noise {
      case .uniform(let size): Tensor.uniform([count, size], in: -1..<1, key: noiseKey)
      case .normal(let size): Tensor.normal([count, size], key: noiseKey)
      }
    let random = (0..<count).map { Int(key.derived(1).word($0) % UInt64(labelCount)) }
    return Latent(
      noise: noise, labels: isConditional ? labels ?? random : nil,
      codes: codes > 0 ? Tensor.uniform([count, codes], in: -1..<1, key: key.derived(2)) : nil)
  }
}

extension LabeledImages {
  /// The images at `indices` as `[n, size, size, C]` in [-1, 1], black around them where they are smaller.
  func signedTensor(_ indices: [Int], size: Int) -> Tensor {
    precondition(height <= size && width <= size, "signedTensor: \(height)×\(width) in \(size)×\(size)")
    let x = tensor(indices)
    let (top, left) = ((size - height) / 2, (size - width) / 2)
    let padded =
      height == size && width == size
      ? x
      : x.padded(before: [0, top, left, 0], after: [0, size - height - top, size - width - left, 0])
    return padded.scaled(by: 2, plus: -1)
  }
}
