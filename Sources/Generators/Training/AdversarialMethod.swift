import Autograd
import Network

import struct Kernels.Key

/// A generator against a discriminator: some steps of the discriminator, then one of the generator.
///
/// G(z) of the last round is computed once: the discriminator learns from it as a constant, then the
/// generator through it. Real and drawn images go through the discriminator in one pass.
final class AdversarialMethod: TrainingMethod {
  let generator: any GeneratorNetwork

  private let discriminator: any DiscriminatorNetwork
  private let generatorOptimizer, discriminatorOptimizer: Optimizer
  private let game: AdversarialRecipe
  private let recipe: GeneratorRecipe
  /// That of the game, with what it has come to remember.
  private var objective: any Objective

  init(_ recipe: GeneratorRecipe, _ game: AdversarialRecipe, key: Key) {
    self.recipe = recipe
    self.game = game
    objective = game.objective
    generator = game.generator(key.derived(0))
    discriminator = game.discriminator(key.derived(1))
    generatorOptimizer = Optimizer(game.generatorOptimizer.rule, generator.parameters)
    discriminatorOptimizer = Optimizer(game.discriminatorOptimizer.rule, discriminator.parameters)
  }

  var modules: [(name: String, module: any Module)] {
    [("generator", generator), ("discriminator", discriminator)]
  }

  var optimizers: [(name: String, optimizer: Optimizer, stepsEach: Int)] {
    [
      ("generatorOptimizer", generatorOptimizer, 1),
      ("discriminatorOptimizer", discriminatorOptimizer, game.criticSteps),
    ]
  }

  let lossNames = ["discriminator", "generator"]

  var remembering: (any RememberingObjective)? {
    get { objective as? any RememberingObjective }
    set { if let newValue { objective = newValue } }
  }

  private var rateFactor: Float { remembering?.rateFactor ?? 1 }

  func step(_ turn: Turn) throws(GeneratorTrainer.Divergence) -> Losses {
    let last = game.criticSteps - 1
    var discriminatorLoss = 0.0
    for round in 0..<last {
      let (key, latent) = start(round, turn)
      let fake = generator(latent, .training(key.derived(1)))
      discriminatorLoss += try discriminatorStep(latent, fake, round: round, turn).loss
    }
    let (own, loss, fakeScore, gradients) = try lastRound(last, turn)
    discriminatorLoss += own.loss
    let losses = Losses([
      "discriminator": discriminatorLoss / Double(game.criticSteps), "generator": Double(loss),
    ])
    guard losses.isFinite else { throw GeneratorTrainer.Divergence(step: turn.step, losses: losses) }
    generatorOptimizer.step(
      gradients, learningRate: game.generatorOptimizer.rate * turn.rateFactor * rateFactor)
    remembering?.finishStep(real: own.realScore, fake: fakeScore)
    return losses
  }

  func finishEpoch() { remembering?.finishEpoch() }

  /// The last step of the discriminator, and the generator's loss after it with its gradients. The tape ends
  /// here, before an optimizer writes over the generator's weights.
  private func lastRound(
    _ round: Int, _ turn: Turn
  ) throws(GeneratorTrainer.Divergence) -> (
    own: (loss: Double, realScore: Float), loss: Float, fakeScore: Float, gradients: [Tensor]
  ) {
    let (key, latent) = start(round, turn)
    let fake = Recording(of: generator.parameters) { generator(latent, .training(key.derived(1))) }
    let own = try discriminatorStep(latent, fake.output.detached, round: round, turn)
    let judgement = judgement(of: fake.output, latent, round: round, turn)
    let loss = objective.generatorLoss(fake: judgement, Round(realLabels: [], latent: latent))
    return (own, loss.scalar, judgement.score.mean().scalar, fake.gradients(of: loss))
  }

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
    let passKey = key.derived(2)
    var realScore: Float = 0
    let (loss, gradients) = valueAndGradients(of: discriminator.parameters) {
      let (ofReal, ofFake) = discriminator.judgements(
        real: game.augmented(real, key: key.derived(5)), fake: game.augmented(fake, key: key.derived(6)),
        latent.labels.map { labels + $0 }, .training(passKey, batches: game.mixesBatches ? 1 : 2))
      realScore = ofReal.score.mean().scalar
      let loss = objective.discriminatorLoss(
        real: ofReal, fake: ofFake, Round(realLabels: labels, latent: latent))
      guard let penalty = game.penalty else { return loss }
      let points = penalty.points(real: real, fake: fake, key: key.derived(3))
      return loss + penalty(at: points) { discriminator($0, latent.labels, .training(passKey)).score }
    }
    guard loss.scalar.isFinite else {
      throw GeneratorTrainer.Divergence(
        step: turn.step, losses: Losses(["discriminator": Double(loss.scalar)]))
    }
    discriminatorOptimizer.step(
      gradients, learningRate: game.discriminatorOptimizer.rate * turn.rateFactor * rateFactor)
    if let bound = game.clipping { for parameter in discriminator.parameters { parameter.clip(to: bound) } }
    return (Double(loss.scalar), realScore)
  }

  /// What the discriminator says of drawn images in the generator's step.
  ///
  /// One that learns from both kinds in one batch sees both here, too: batch normalization would give drawn
  /// images alone other values, by which they look real, and the generator would learn nothing.
  private func judgement(of fake: Tensor, _ latent: Latent, round: Int, _ turn: Turn) -> Judgement {
    let key = turn.key.derived(round)
    let seen = game.augmented(fake, key: key.derived(4))
    let pass = Pass.training(key.derived(2))
    guard game.mixesBatches else { return discriminator(seen, latent.labels, pass) }
    let (real, labels) = turn.batch(round)
    return discriminator.judgements(
      real: game.augmented(real, key: key.derived(5)), fake: seen, latent.labels.map { labels + $0 }, pass
    ).fake
  }
}
