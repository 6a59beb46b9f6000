import Autograd
import Network

import struct Kernels.Key

/// A generator against a discriminator: some steps of the discriminator, then one of the generator.
///
/// G(z) of the last round is computed once: the discriminator learns from it as a constant, the generator through it.
final class AdversarialMethod: TrainingMethod {
  let generator: any GeneratorNetwork
  var memory = ObjectiveMemory()

  private let discriminator: any DiscriminatorNetwork
  private let generatorOptimizer, discriminatorOptimizer: Optimizer
  private let objective: any Objective
  private let penalty: GradientPenalty?
  private let recipe: GeneratorRecipe

  init(
    _ recipe: GeneratorRecipe, generator: any GeneratorNetwork, discriminator: any DiscriminatorNetwork,
    objective: any Objective, penalty: GradientPenalty?
  ) {
    self.recipe = recipe
    self.generator = generator
    self.discriminator = discriminator
    self.objective = objective
    self.penalty = penalty
    generatorOptimizer = Optimizer(recipe.generatorOptimizer.rule, generator.parameters)
    discriminatorOptimizer = Optimizer(recipe.discriminatorOptimizer.rule, discriminator.parameters)
  }

  var modules: [(name: String, module: any Module)] {
    [("generator", generator), ("discriminator", discriminator)]
  }

  var optimizers: [(name: String, optimizer: Optimizer, stepsEach: Int)] {
    [
      ("generatorOptimizer", generatorOptimizer, 1),
      ("discriminatorOptimizer", discriminatorOptimizer, recipe.criticSteps),
    ]
  }

  let lossNames = ["discriminator", "generator"]

  func step(_ turn: Turn) throws(GeneratorTrainer.Divergence) -> Losses {
    let last = recipe.criticSteps - 1
    var discriminatorLoss = 0.0
    for round in 0..<last {
      let (key, latent) = start(round, turn)
      let fake = generator(latent, .training(key.derived(1)))
      discriminatorLoss += try discriminatorStep(latent, fake, round: round, turn).loss
    }
    let (key, latent) = start(last, turn)
    var scores: (real: Float, fake: Float) = (0, 0)
    let (loss, gradients) = try valueAndGradients(of: generator.parameters) {
      () throws(GeneratorTrainer.Divergence) in
      let fake = generator(latent, .training(key.derived(1)))
      let own = try discriminatorStep(latent, fake.detached, round: last, turn)
      discriminatorLoss += own.loss
      let judgement = discriminator(fake, latent.labels, .training(key.derived(2)))
      scores = (own.realScore, judgement.score.mean().scalar)
      return objective.generatorLoss(fake: judgement, Round(realLabels: [], latent: latent, memory: memory))
    }
    let losses = Losses([
      "discriminator": discriminatorLoss / Double(recipe.criticSteps), "generator": Double(loss.scalar),
    ])
    guard losses.isFinite else { throw GeneratorTrainer.Divergence(step: turn.step, losses: losses) }
    generatorOptimizer.step(
      gradients, learningRate: recipe.generatorOptimizer.rate * turn.rateFactor * memory.rateFactor)
    objective.finishStep(&memory, real: scores.real, fake: scores.fake)
    return losses
  }

  func finishEpoch() { objective.finishEpoch(&memory) }

  private func start(_ round: Int, _ turn: Turn) -> (key: Key, latent: Latent) {
    let key = turn.key.derived(round)
    return (key, recipe.latent(recipe.batchSize, labels: nil, key: key.derived(0)))
  }

  /// One step of the discriminator on the round's real batch and on `fake`, a constant.
  private func discriminatorStep(
    _ latent: Latent, _ fake: Tensor, round: Int, _ turn: Turn
  ) throws(GeneratorTrainer.Divergence) -> (loss: Double, realScore: Float) {
    let key = turn.key.derived(round)
    let (real, labels) = turn.batch(round)
    let pass = Pass.training(key.derived(2))
    var realScore: Float = 0
    let (loss, gradients) = valueAndGradients(of: discriminator.parameters) {
      let ofReal = discriminator(real, recipe.isConditional ? labels : nil, pass)
      let ofFake = discriminator(fake, latent.labels, pass)
      realScore = ofReal.score.mean().scalar
      let loss = objective.discriminatorLoss(
        real: ofReal, fake: ofFake, Round(realLabels: labels, latent: latent, memory: memory))
      guard let penalty else { return loss }
      let points = penalty.points(real: real, fake: fake, key: key.derived(3))
      return loss + penalty(at: points) { discriminator($0, latent.labels, pass).score }
    }
    guard loss.scalar.isFinite else {
      throw GeneratorTrainer.Divergence(
        step: turn.step, losses: Losses(["discriminator": Double(loss.scalar)]))
    }
    discriminatorOptimizer.step(
      gradients, learningRate: recipe.discriminatorOptimizer.rate * turn.rateFactor * memory.rateFactor)
    if let bound = recipe.clipping { for parameter in discriminator.parameters { parameter.clip(to: bound) } }
    return (Double(loss.scalar), realScore)
  }
}
