import Autograd
import Foundation
import Generators
import Network
import Testing

import struct Kernels.Key

/// The cross-entropy that takes a probability for a logit, against its formula, and its dead end at ln 2.
@Suite struct ProbabilityForLogitTests {
  /// Gives every image the same score.
  private final class Constant: DiscriminatorNetwork {
    let score: Parameter
    init(_ score: Float) { self.score = Parameter(Tensor([score], shape: [1])) }
    var namedParameters: [(name: String, parameter: Parameter)] { [("score", score)] }
    func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
      Judgement(score: Tensor(repeating: 1, shape: [images.shape[0]]) * score.value)
    }
  }

  private func recipe(score: Float) -> GeneratorRecipe {
    var recipe = GeneratorRecipe(
      name: "constant", summary: "", citation: "", noise: .normal(size: 4), length: .steps(2),
      method: .adversarial(
        AdversarialRecipe(
          generator: { key in
            ChainGenerator(
              Sequential([
                "image": Dense(inputs: 4, outputs: 784, key: key), "reshape": Reshape([28, 28, 1]),
              ]))
          },
          discriminator: { _ in Constant(score) }, objective: NonSaturatingOfProbability(),
          generatorOptimizer: .adam(rate: 1e-3, beta1: 0.9, beta2: 0.999))))
    recipe.batchSize = 8
    return recipe
  }

  @Test(arguments: [-90, -1, 0, 1, 90] as [Float])
  func lossesAreThoseOfTheFormula(_ score: Float) throws {
    let trainer = GeneratorTrainer(recipe(score: score), on: TinyImages.of(1), seed: 1)
    let losses = try trainer.step().losses
    let probability = 1 / (1 + exp(-Double(score)))
    let (real, fake) = (log1p(exp(-probability)), log1p(exp(probability)))
    #expect(abs((losses["discriminator"] ?? .nan) - (real + fake)) < 1e-6)
    // By then the discriminator has made its step, of the rate at most.
    #expect(abs((losses["generator"] ?? .nan) - real) < 1e-3)
  }

  @Test func whereTheProbabilityIsZeroNothingMovesAnyMore() throws {
    let trainer = GeneratorTrainer(recipe(score: -200), on: TinyImages.of(1), seed: 1)
    let before = trainer.generator.parameters.map(\.value.elements)
    for _ in 0..<2 {
      let losses = try trainer.step().losses
      #expect(
        TrainingWatch.isStuck(
          generator: losses["generator"] ?? 0, discriminator: losses["discriminator"] ?? 0))
    }
    #expect(trainer.generator.parameters.map(\.value.elements) == before)
  }
}
