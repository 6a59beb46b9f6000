import Autograd
import Datasets
import Foundation
import Kernels
import Network

/// Trains a generator against its discriminator, one generator step at a time.
///
/// All randomness follows from the seed and the step: a training that is stopped and continued from its state gives the
/// same bytes as one that was not. G(z) is computed once a step: the discriminator learns from it as a constant, the
/// generator through it.
public final class GeneratorTrainer {
  /// The means of one step, or of some.
  public struct Losses: Codable, Equatable, Sendable {
    public var discriminator: Double
    public var generator: Double

    public init(discriminator: Double, generator: Double) {
      self.discriminator = discriminator
      self.generator = generator
    }
  }

  /// A loss that is not a finite number.
  public struct Divergence: Error, CustomStringConvertible {
    public let step: Int
    public let losses: Losses
    public var description: String {
      "training diverged in step \(step): discriminator \(losses.discriminator), generator \(losses.generator); "
        + "lower the learning rates"
    }
  }

  public let recipe: GeneratorRecipe
  public let seed: UInt64
  public let generator: any GeneratorNetwork
  /// The running average of the generator's weights, where the recipe keeps one.
  public let averaged: (any GeneratorNetwork)?
  let discriminator: any DiscriminatorNetwork
  let generatorOptimizer, discriminatorOptimizer: Optimizer
  public internal(set) var memory = ObjectiveMemory()
  /// Generator steps done.
  public internal(set) var stepsDone = 0

  private let objective: any Objective
  private let penalty: GradientPenalty?
  private let images: LabeledImages
  private let key: Key
  private var order: (epoch: Int, indices: [Int])?

  public init(_ recipe: GeneratorRecipe, on images: LabeledImages, seed: UInt64) {
    precondition(
      images.count >= recipe.batchSize && recipe.batchSize >= 2 && recipe.criticSteps >= 1,
      "GeneratorTrainer: \(images.count) images, batch \(recipe.batchSize), critic steps \(recipe.criticSteps)"
    )
    self.recipe = recipe
    self.seed = seed
    self.images = images
    key = Key(seed: seed)
    switch recipe.networks {
    case .adversarial(let makeGenerator, let makeDiscriminator, let objective, let penalty):
      generator = makeGenerator(key.derived(0))
      averaged = recipe.averaging == nil ? nil : makeGenerator(key.derived(0))
      discriminator = makeDiscriminator(key.derived(1))
      self.objective = objective
      self.penalty = penalty
    }
    generatorOptimizer = Optimizer(recipe.generatorOptimizer.rule, generator.parameters)
    discriminatorOptimizer = Optimizer(recipe.discriminatorOptimizer.rule, discriminator.parameters)
  }

  /// Whole batches of the training images; what is left over is different in each epoch.
  public var batchesPerEpoch: Int { images.count / recipe.batchSize }
  public var stepsPerEpoch: Int { max(1, batchesPerEpoch / recipe.criticSteps) }
  public var totalSteps: Int { recipe.epochs * stepsPerEpoch }
  public var isComplete: Bool { stepsDone >= totalSteps }

  /// The discriminator's steps, and one of the generator.
  ///
  /// - Throws: ``Divergence``; the generator's weights are those before the step.
  public func step() throws(Divergence) -> Losses {
    let stepKey = key.derived(2).derived(stepsDone)
    let factor = recipe.schedule.factor(step: stepsDone, of: totalSteps) * memory.rateFactor
    var discriminatorLoss = 0.0
    var scores: (real: Float, fake: Float) = (0, 0)
    for round in 0..<recipe.criticSteps - 1 {
      let roundKey = stepKey.derived(round)
      let latent = recipe.latent(recipe.batchSize, labels: nil, key: roundKey.derived(0))
      let fake = generator(latent, .training(roundKey.derived(1)))
      discriminatorLoss += discriminatorStep(latent, fake, round: round, key: roundKey, factor: factor).loss
    }
    let roundKey = stepKey.derived(recipe.criticSteps - 1)
    let latent = recipe.latent(recipe.batchSize, labels: nil, key: roundKey.derived(0))
    let (loss, gradients) = valueAndGradients(of: generator.parameters) {
      let fake = generator(latent, .training(roundKey.derived(1)))
      let step = discriminatorStep(
        latent, fake.detached, round: recipe.criticSteps - 1, key: roundKey, factor: factor)
      discriminatorLoss += step.loss
      let judgement = discriminator(
        noisy(fake, key: roundKey.derived(5)), latent.labels, .training(roundKey.derived(2)))
      scores = (step.realScore, judgement.score.mean().scalar)
      return objective.generatorLoss(fake: judgement, Round(realLabels: [], latent: latent, memory: memory))
    }
    let losses = Losses(
      discriminator: discriminatorLoss / Double(recipe.criticSteps), generator: Double(loss.scalar))
    guard losses.discriminator.isFinite, losses.generator.isFinite else {
      throw Divergence(step: stepsDone + 1, losses: losses)
    }
    generatorOptimizer.step(gradients, learningRate: recipe.generatorOptimizer.rate * factor)
    average()
    objective.finishStep(&memory, real: scores.real, fake: scores.fake)
    stepsDone += 1
    if stepsDone % stepsPerEpoch == 0 { objective.finishEpoch(&memory) }
    return losses
  }

  /// One step of the discriminator on the next real batch and on `fake`, a constant.
  private func discriminatorStep(
    _ latent: Latent, _ fake: Tensor, round: Int, key: Key, factor: Float
  ) -> (loss: Double, realScore: Float) {
    let indices = batchIndices(stepsDone * recipe.criticSteps + round)
    let labels = images.labels(indices)
    let real = images.signedTensor(indices, size: recipe.imageSize)
    let pass = Pass.training(key.derived(2))
    var realScore: Float = 0
    let (loss, gradients) = valueAndGradients(of: discriminator.parameters) {
      let ofReal = discriminator(
        noisy(real, key: key.derived(3)), recipe.isConditional ? labels : nil, pass)
      let ofFake = discriminator(noisy(fake, key: key.derived(4)), latent.labels, pass)
      realScore = ofReal.score.mean().scalar
      let loss = objective.discriminatorLoss(
        real: ofReal, fake: ofFake, Round(realLabels: labels, latent: latent, memory: memory))
      guard let penalty else { return loss }
      let points = penalty.points(real: real, fake: fake, key: key.derived(6))
      return loss + penalty(at: points) { discriminator($0, latent.labels, pass).score }
    }
    discriminatorOptimizer.step(gradients, learningRate: recipe.discriminatorOptimizer.rate * factor)
    if let bound = recipe.clipping { for parameter in discriminator.parameters { parameter.clip(to: bound) } }
    return (Double(loss.scalar), realScore)
  }

  private func noisy(_ images: Tensor, key: Key) -> Tensor {
    recipe.instanceNoise > 0 ? images + Tensor.normal(images.shape, key: key) * recipe.instanceNoise : images
  }

  private func average() {
    guard let averaged, let keep = recipe.averaging else { return }
    for (mean, parameter) in zip(averaged.parameters, generator.parameters) {
      mean.value = parameter.isTrainable ? mean.value * keep + parameter.value * (1 - keep) : parameter.value
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
  public func latent(_ count: Int, labels: [Int]?, labelCount: Int = 10, key: Key) -> Latent {
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
