/// The generators of three student reports on Fashion-MNIST:
///
/// - Liu, "Fashion image generation using GAN model"
/// - Korkmaz and Erarslan, "Conditional generative adversarial networks with FashionMNIST"
/// - "Generating fashion and flowers using generative adversarial networks"
///
/// That of a fourth and its variants are ``SmallDCGANRecipes``.
enum ReportRecipes {
  private static let labels = 10
  private static let adam = GeneratorRecipe.OptimizerChoice.adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)

  private static func recipe(
    _ name: String, _ summary: String, _ citation: String, noise: Int = 100, _ length: GeneratorRecipe.Length,
    _ game: AdversarialRecipe
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: citation, noise: .normal(size: noise), length: length,
      method: .adversarial(game))
  }

  /// Adam 0.002, batch 256, 100 epochs, noise of 100 (the report; normal, as its kind of code has it).
  static let basicGAN = recipe(
    "basic-gan", "dense layers only", "Liu, §2; Goodfellow et al. 2014", .epochs(100),
    AdversarialRecipe(
      generator: { DenseNetworks.basicGenerator(noise: 100, size: 32, key: $0) },
      discriminator: { DenseNetworks.basicDiscriminator(size: 32, key: $0) },
      objective: NonSaturating(), generatorOptimizer: .adam(rate: 2e-3, beta1: 0.9, beta2: 0.999))
  ).with {
    $0.imageSize = 32
    $0.batchSize = 256
  }

  private static func conditional32(
    _ name: String, _ summary: String, _ citation: String, _ objective: any Objective,
    penalty: GradientPenalty? = nil, isNormalized: Bool, criticSteps: Int = 1, clipping: Float? = nil,
    optimizer: GeneratorRecipe.OptimizerChoice = adam
  ) -> GeneratorRecipe {
    recipe(
      name, summary, citation, .epochs(100),
      AdversarialRecipe(
        generator: { Networks32.generator(noise: 100, labels: labels, key: $0) },
        discriminator: { Networks32.discriminator(labels: labels, normalized: isNormalized, key: $0) },
        objective: objective, penalty: penalty, criticSteps: criticSteps, clipping: clipping,
        generatorOptimizer: optimizer)
    ).with {
      $0.imageSize = 32
      $0.isConditional = true
      $0.batchSize = 256
    }
  }

  /// batch 256, 100 epochs.
  static let convCGAN = conditional32(
    "conv-cgan", "convolutional and conditional", "Liu, §3", NonSaturating(), isNormalized: true)

  /// conv-cgan with the Wasserstein loss and weights clipped at 0.01; RMSProp 5e-5 and five critic steps of
  /// the paper.
  static let convWGAN = conditional32(
    "conv-wgan", "conv-cgan with a clipped critic", "Liu, §4; Arjovsky et al. 2017", Wasserstein(),
    isNormalized: false, criticSteps: 5, clipping: 0.01, optimizer: .rmsProp(rate: 5e-5))

  /// conv-cgan with the gradient penalty, batch 64, 200 epochs.
  static let convWGANGP = conditional32(
    "conv-wgan-gp", "conv-cgan with a gradient penalty", "Liu, §4; Gulrajani et al. 2017", Wasserstein(),
    penalty: GradientPenalty(.betweenRealAndFake, weight: 10), isNormalized: false, criticSteps: 5,
    optimizer: .adam(rate: 1e-4, beta1: 0.5, beta2: 0.9)
  ).with {
    $0.batchSize = 64
    $0.length = .epochs(200)
  }

  /// Adam 2e-4 with β₁ 0.5, batch 32, 100,000 iterations.
  private static func pair(
    _ name: String, _ summary: String, _ generator: @escaping AdversarialRecipe.MakeGenerator, widths: [Int]
  ) -> GeneratorRecipe {
    recipe(
      name, summary, "Korkmaz and Erarslan", .steps(100_000),
      AdversarialRecipe(
        generator: generator,
        discriminator: { DenseNetworks.labelledDiscriminator(widths: widths, labels: labels, key: $0) },
        objective: NonSaturating(), generatorOptimizer: adam)
    ).with {
      $0.isConditional = true
      $0.batchSize = 32
    }
  }

  static let cganX = pair(
    "cgan-x", "the small pair: dense generator", { DenseNetworks.xGenerator(labels: labels, key: $0) },
    widths: [512, 256, 128])
  static let cganY = pair(
    "cgan-y", "the large pair: convolutional generator",
    { ConvolutionalNetworks.yGenerator(labels: labels, key: $0) },
    widths: [1024, 512, 256, 128])

  /// batch 256, Adam 1e-4 with Keras' β, 300 epochs.
  static let dcgan = recipe(
    "dcgan", "transposed convolutions", "Generating Fashion and Flowers; Radford et al. 2016", .epochs(300),
    AdversarialRecipe(
      generator: { ConvolutionalNetworks.dcganGenerator(key: $0) },
      discriminator: { ConvolutionalNetworks.dcganDiscriminator(key: $0) },
      objective: NonSaturating(), generatorOptimizer: .adam(rate: 1e-4, beta1: 0.9, beta2: 0.999))
  ).with { $0.batchSize = 256 }
}
