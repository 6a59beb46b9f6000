import Network

/// Generators of RGB pictures, on folders of them:
///
/// - "Generating fashion and flowers using generative adversarial networks", §4
/// - Liu, "Fashion image generation using GAN model", on coloured clothes
enum ColourRecipes {
  private static let noise = 100
  private static let adam = GeneratorRecipe.OptimizerChoice.adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)

  /// 16 real and 16 drawn images in one batch, rate 2e-4, noise on both, 2,000 epochs (§4.2). The report does
  /// not say how much noise: 0.1, where Sønderby et al. begin; nor β: DCGAN's.
  static let flowerGAN = GeneratorRecipe(
    name: "flower-gan", summary: "RGB; dense layers, noise on what the discriminator sees",
    citation: "Generating Fashion and Flowers, §4", noise: .normal(size: noise), length: .epochs(2000),
    method: .adversarial(
      AdversarialRecipe(
        generator: { DenseNetworks.flowerGenerator(noise: noise, key: $0) },
        discriminator: { DenseNetworks.flowerDiscriminator(key: $0) }, objective: NonSaturating(),
        generatorOptimizer: adam
      ).with {
        $0.augmentations = [InstanceNoise(deviation: 0.1)]
        $0.mixesBatches = true
      })
  ).with {
    $0.channels = 3
    $0.batchSize = 16
  }

  /// conv-cgan with three channels, for any number of labels; batch 256, 100 epochs.
  static let colourCGAN = GeneratorRecipe(
    name: "colour-cgan", summary: "RGB; conv-cgan for any labels", citation: "Liu, §3 and §5",
    noise: .normal(size: noise), length: .epochs(100), method: conditional(labels: 10)
  ).with {
    $0.imageSize = 32
    $0.channels = 3
    $0.isConditional = true
    $0.batchSize = 256
    $0.methodForLabels = conditional
  }

  @Sendable private static func conditional(labels: Int) -> GeneratorRecipe.Method {
    .adversarial(
      AdversarialRecipe(
        generator: { Networks32.generator(noise: noise, labels: labels, channels: 3, key: $0) },
        discriminator: { Networks32.discriminator(labels: labels, channels: 3, normalized: true, key: $0) },
        objective: NonSaturating(), generatorOptimizer: adam))
  }
}
