import Autograd
import Network

import struct Kernels.Key

/// A variational autoencoder (Kingma and Welling 2014): the decoder is the generator.
///
/// The encoder gives mean μ and log-variance v of a normal distribution for each image; from one draw
/// z = μ + e^(v/2)·n the decoder gives the logits l of the pixels p in [0, 1]. Both minimise, a mean over the
/// batch, Σ_pixels (-p·ln σ(l) - (1 - p)·ln σ(-l)) + ½ Σ (e^v + μ² - 1 - v): the "reconstruction", in nats an
/// image, and the "divergence" from the standard normal distribution (appendices B and C.1).
final class VariationalMethod: TrainingMethod {
  var generator: any GeneratorNetwork { decoder }

  private let encoder: VariationalEncoder
  private let decoder: VariationalDecoder
  private let optimizer: Optimizer
  private let rate: Float
  private let isConditional: Bool

  init(_ recipe: GeneratorRecipe, _ autoencoder: VariationalRecipe, key: Key) {
    isConditional = recipe.isConditional
    rate = autoencoder.optimizer.rate
    encoder = autoencoder.encoder(key.derived(1))
    decoder = autoencoder.decoder(key.derived(0))
    optimizer = Optimizer(autoencoder.optimizer.rule, encoder.parameters + decoder.parameters)
  }

  var modules: [(name: String, module: any Module)] { [("generator", decoder), ("encoder", encoder)] }
  var optimizers: [(name: String, optimizer: Optimizer, stepsEach: Int)] {
    [("generatorOptimizer", optimizer, 1)]
  }

  let lossNames = ["reconstruction", "divergence"]

  func step(_ turn: Turn) throws(GeneratorTrainer.Divergence) -> Losses {
    let (images, realLabels) = turn.batch(0)
    let labels = isConditional ? realLabels : nil
    let count = Float(images.shape[0])
    var losses = Losses([:])
    let (_, gradients) = valueAndGradients(of: encoder.parameters + decoder.parameters) {
      let (mean, logVariance) = encoder(images, labels, .training(turn.key.derived(0)))
      let draw = Tensor.normal(mean.shape, key: turn.key.derived(1))
      let noise = mean + (logVariance * 0.5).exp() * draw
      let logits = decoder.logits(Latent(noise: noise, labels: labels), .training(turn.key.derived(2)))
      let pixels = images.scaled(by: 0.5, plus: 0.5)
      let reconstruction = Tensor.binaryCrossEntropies(logits: logits, targets: pixels).sum() * (1 / count)
      let divergence = (logVariance.expm1() - logVariance + mean.square()).sum() * (0.5 / count)
      losses = Losses([
        "reconstruction": Double(reconstruction.scalar), "divergence": Double(divergence.scalar),
      ])
      return reconstruction + divergence
    }
    guard losses.isFinite else { throw GeneratorTrainer.Divergence(step: turn.step, losses: losses) }
    optimizer.step(gradients, learningRate: rate * turn.rateFactor)
    return losses
  }
}
