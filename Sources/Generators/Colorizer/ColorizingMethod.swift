import Autograd
import Network
import Pictures

import struct Kernels.Key

/// The colorizer's step: D learns to tell (x, y) from (x, G(x)), x grey and y coloured; then G to be taken
/// for y.
///
///     D: mean softplus(-D(x, y)) + mean softplus(D(x, G(x)))      G: mean softplus(-D(x, G(x))) + λ·mean
///     |G(x) - y|
///
/// G(x) is computed once: D learns from it as a constant, then G through it.
final class ColorizingMethod: TrainingMethod {
  let generator: any GeneratorNetwork
  private let discriminator: any DiscriminatorNetwork
  private let generatorOptimizer, discriminatorOptimizer: Optimizer
  private let recipe: ColorizerRecipe
  /// `[labels, 3]` in [0, 1].
  private let palette: Tensor

  init(_ recipe: ColorizerRecipe, key: Key) {
    self.recipe = recipe
    generator = ColorizerGenerator(key: key.derived(0))
    discriminator = ColorizerDiscriminator(key: key.derived(1))
    generatorOptimizer = Optimizer(recipe.optimizer.rule, generator.parameters)
    discriminatorOptimizer = Optimizer(recipe.optimizer.rule, discriminator.parameters)
    palette = Tensor(
      recipe.colors.flatMap { [$0.red, $0.green, $0.blue].map { Float($0) / 255 } },
      shape: [recipe.colors.count, 3])
  }

  var modules: [(name: String, module: any Module)] {
    [("generator", generator), ("discriminator", discriminator)]
  }

  var optimizers: [(name: String, optimizer: Optimizer, stepsEach: Int)] {
    [("generatorOptimizer", generatorOptimizer, 1), ("discriminatorOptimizer", discriminatorOptimizer, 1)]
  }

  let lossNames = ["discriminator", "generator"]

  func step(_ turn: Turn) throws(GeneratorTrainer.Divergence) -> Losses {
    let (grey, labels) = turn.batch(0)
    let real = coloured(grey, labels)
    let key = turn.key.derived(2)
    let latent = Latent(noise: grey.flattened())
    let fake = Recording(of: generator.parameters) { generator(latent, .training(turn.key.derived(1))) }
    func pairs(_ images: Tensor) -> Tensor { Tensor.concatenate([grey, images], axis: 3) }
    let (ofDiscriminator, gradients) = valueAndGradients(of: discriminator.parameters) {
      let (ofReal, ofFake) = discriminator.judgements(
        real: pairs(real), fake: pairs(fake.output.detached), nil, .training(key, batches: 2))
      return Loss.binaryCrossEntropy(ofReal.score, target: 1)
        + Loss.binaryCrossEntropy(ofFake.score, target: 0)
    }
    guard ofDiscriminator.scalar.isFinite else {
      throw GeneratorTrainer.Divergence(
        step: turn.step, losses: Losses(["discriminator": Double(ofDiscriminator.scalar)]))
    }
    let rate = recipe.optimizer.rate * turn.rateFactor
    discriminatorOptimizer.step(gradients, learningRate: rate)
    let judgement = discriminator(pairs(fake.output), nil, .training(key))
    var ofGenerator = Loss.binaryCrossEntropy(judgement.score, target: 1)
    if recipe.l1Weight > 0 {
      ofGenerator = ofGenerator + Tensor.meanAbsoluteError(fake.output, real) * recipe.l1Weight
    }
    let losses = Losses([
      "discriminator": Double(ofDiscriminator.scalar), "generator": Double(ofGenerator.scalar),
    ])
    guard losses.isFinite else { throw GeneratorTrainer.Divergence(step: turn.step, losses: losses) }
    generatorOptimizer.step(fake.gradients(of: ofGenerator), learningRate: rate)
    return losses
  }

  /// Each pixel's grey times the label's colour, `[N, H, W, 3]` in [-1, 1].
  private func coloured(_ grey: Tensor, _ labels: [Int]) -> Tensor {
    let tones = palette.gatherRows(labels).reshaped([labels.count, 1, 1, 3])
    return (grey.scaled(by: 0.5, plus: 0.5) * tones).scaled(by: 2, plus: -1)
  }
}
