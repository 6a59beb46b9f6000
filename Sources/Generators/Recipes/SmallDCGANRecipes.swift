import Network

import struct Kernels.Key

/// The small DCGAN of Cuesta Córdova, "GANs on Fashion-MNIST", and what the report tried before and after it
/// and gave up.
///
/// The report gives networks and the course of the losses, and leaves out losses, rates, batch and most
/// lengths. What it says of them: one variant is trained for 50 epochs; at the end the rates are changed to
/// DCGAN's, so before they were others: Keras' (0.001, β₁ 0.9); discriminators whose loss falls below zero
/// cannot have had a cross-entropy, so those with a linear end are critics without any limit. Images are in
/// [-1, 1] throughout: a sigmoid on images in [0, 1] is tanh(x/2) there.
enum SmallDCGANRecipes {
  private static let noise = 128
  /// Of DCGAN (Radford et al. 2016, §4).
  private static let dcganAdam = GeneratorRecipe.OptimizerChoice.adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)
  private static let kerasAdam = GeneratorRecipe.OptimizerChoice.adam(rate: 1e-3, beta1: 0.9, beta2: 0.999)

  private static func recipe(
    _ name: String, _ summary: String, _ section: String, epochs: Int = 10,
    _ generator: @escaping AdversarialRecipe.MakeGenerator,
    _ discriminator: @escaping AdversarialRecipe.MakeDiscriminator,
    _ objective: any Objective = NonSaturating(),
    optimizer: GeneratorRecipe.OptimizerChoice = kerasAdam
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: "Cuesta Córdova\(section)", noise: .normal(size: noise),
      length: .epochs(epochs),
      method: .adversarial(
        AdversarialRecipe(
          generator: generator, discriminator: discriminator, objective: objective,
          generatorOptimizer: optimizer)))
  }

  private static func small(
    _ name: String, _ summary: String, _ section: String, epochs: Int = 10,
    _ normalization: SmallDCGANNetworks.Normalization, _ objective: any Objective = NonSaturating(),
    optimizer: GeneratorRecipe.OptimizerChoice = kerasAdam
  ) -> GeneratorRecipe {
    recipe(
      name, summary, section, epochs: epochs,
      { SmallDCGANNetworks.generator(normalization, key: $0) },
      { SmallDCGANNetworks.discriminator(normalization, key: $0) }, objective, optimizer: optimizer)
  }

  private static func tall(
    _ name: String, _ summary: String, _ top: SmallDCGANNetworks.Top,
    _ objective: any Objective = NonSaturating(),
    optimizer: GeneratorRecipe.OptimizerChoice = kerasAdam
  ) -> GeneratorRecipe {
    recipe(
      name, summary, ", Other experiments", { SmallDCGANNetworks.tallGenerator(key: $0) },
      { SmallDCGANNetworks.tallDiscriminator(top, key: $0) }, objective, optimizer: optimizer)
  }

  /// The one that the report keeps; the rates are DCGAN's.
  static let asPrinted = small(
    "small-dcgan", "the one that collapsed", "", epochs: 50, .asPrinted, optimizer: dcganAdam)

  static let givenUp = [
    small("small-dcgan-plain", "without batch normalization", ", figure 5", .none),
    small("small-dcgan-sigmoid", "batch normalization everywhere, a sigmoid", ", figure 6", .everywhere),
    // What Keras computes for a network with a sigmoid and a loss that expects logits.
    small(
      "small-dcgan-sigmoid-twice", "the same, its probability taken for a logit", ", figure 6", .everywhere,
      NonSaturatingOfProbability()),
    recipe(
      "small-dcgan-tall-generator", "four transposed convolutions, a critic", ", Other experiments",
      { SmallDCGANNetworks.tallGenerator(key: $0) },
      { SmallDCGANNetworks.discriminator(.asPrinted, key: $0) }, Wasserstein()),
    tall("small-dcgan-tall", "four convolutions each, a sigmoid", .flatten),
    tall("small-dcgan-tall-critic", "four convolutions each, a critic", .maximum, Wasserstein()),
    tall("small-dcgan-tall-rates", "four convolutions each, DCGAN's rates", .flatten, optimizer: dcganAdam),
  ]
}
