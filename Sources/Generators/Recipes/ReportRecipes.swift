import Network

import struct Kernels.Key

/// The generators of four student reports on Fashion-MNIST:
///
/// - Liu, "Fashion image generation using GAN model"
/// - Korkmaz and Erarslan, "Conditional generative adversarial networks with FashionMNIST"
/// - "Generating fashion and flowers using generative adversarial networks"
/// - Cuesta Córdova, "GANs on Fashion-MNIST"
enum ReportRecipes {
  private static let labels = 10
  private static let adam = GeneratorRecipe.OptimizerChoice.adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)

  /// Adam 0.002, batch 256, 100 epochs, noise of 100 (the report; normal, as its kind of code has it).
  static let basicGAN = GeneratorRecipe(
    name: "basic-gan", summary: "dense layers only", citation: "Liu, §2; Goodfellow et al. 2014",
    noise: .normal(size: 100), length: .epochs(100),
    networks: .adversarial(
      generator: { DenseNetworks.basicGenerator(noise: 100, size: 32, key: $0) },
      discriminator: { DenseNetworks.basicDiscriminator(size: 32, key: $0) },
      objective: NonSaturating(), penalty: nil),
    discriminatorOptimizer: .adam(rate: 2e-3, beta1: 0.9, beta2: 0.999),
    generatorOptimizer: .adam(rate: 2e-3, beta1: 0.9, beta2: 0.999)
  ).with {
    $0.imageSize = 32
    $0.batchSize = 256
  }

  private static func conditional32(
    _ name: String, _ summary: String, _ citation: String, _ objective: any Objective,
    penalty: GradientPenalty? = nil, isNormalized: Bool
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: citation, noise: .normal(size: 100), length: .epochs(100),
      networks: .adversarial(
        generator: { Networks32.generator(noise: 100, labels: labels, key: $0) },
        discriminator: { Networks32.discriminator(labels: labels, normalized: isNormalized, key: $0) },
        objective: objective, penalty: penalty),
      discriminatorOptimizer: adam, generatorOptimizer: adam
    ).with {
      $0.imageSize = 32
      $0.isConditional = true
      $0.batchSize = 256
    }
  }

  /// batch 256, 100 epochs.
  static let convCGAN = conditional32(
    "conv-cgan", "convolutional and conditional", "Liu, §3", NonSaturating(), isNormalized: true)

  /// conv-cgan with the Wasserstein loss and weights clipped at 0.01; RMSProp 5e-5 and five critic steps of the paper.
  static let convWGAN = conditional32(
    "conv-wgan", "conv-cgan with a clipped critic", "Liu, §4; Arjovsky et al. 2017", Wasserstein(),
    isNormalized: false
  ).with {
    $0.clipping = 0.01
    $0.criticSteps = 5
    $0.discriminatorOptimizer = .rmsProp(rate: 5e-5)
    $0.generatorOptimizer = .rmsProp(rate: 5e-5)
  }

  /// conv-cgan with the gradient penalty, batch 64, 200 epochs.
  static let convWGANGP = conditional32(
    "conv-wgan-gp", "conv-cgan with a gradient penalty", "Liu, §4; Gulrajani et al. 2017",
    Wasserstein(),
    penalty: GradientPenalty(.betweenRealAndFake, weight: 10), isNormalized: false
  ).with {
    $0.batchSize = 64
    $0.length = .epochs(200)
    $0.criticSteps = 5
    $0.discriminatorOptimizer = .adam(rate: 1e-4, beta1: 0.5, beta2: 0.9)
    $0.generatorOptimizer = .adam(rate: 1e-4, beta1: 0.5, beta2: 0.9)
  }

  /// Adam 2e-4 with β₁ 0.5, batch 32, 100,000 iterations.
  private static func pair(
    _ name: String, _ summary: String, _ generator: @escaping @Sendable (Key) -> any GeneratorNetwork,
    widths: [Int]
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: "Korkmaz and Erarslan", noise: .normal(size: 100),
      length: .steps(100_000),
      networks: .adversarial(
        generator: generator,
        discriminator: { DenseNetworks.labelledDiscriminator(widths: widths, labels: labels, key: $0) },
        objective: NonSaturating(), penalty: nil),
      discriminatorOptimizer: adam, generatorOptimizer: adam
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
  static let dcgan = GeneratorRecipe(
    name: "dcgan", summary: "transposed convolutions",
    citation: "Generating Fashion and Flowers; Radford et al. 2016",
    noise: .normal(size: 100), length: .epochs(300),
    networks: .adversarial(
      generator: { ConvolutionalNetworks.dcganGenerator(key: $0) },
      discriminator: { ConvolutionalNetworks.dcganDiscriminator(key: $0) },
      objective: NonSaturating(), penalty: nil),
    discriminatorOptimizer: .adam(rate: 1e-4, beta1: 0.9, beta2: 0.999),
    generatorOptimizer: .adam(rate: 1e-4, beta1: 0.9, beta2: 0.999)
  ).with { $0.batchSize = 256 }

  /// The report gives the networks alone; the rates are DCGAN's.
  static let smallDCGAN = GeneratorRecipe(
    name: "small-dcgan", summary: "the one that collapsed", citation: "Cuesta Córdova",
    noise: .normal(size: 128),
    length: .epochs(50),
    networks: .adversarial(
      generator: { ConvolutionalNetworks.smallGenerator(key: $0) },
      discriminator: { ConvolutionalNetworks.smallDiscriminator(key: $0) },
      objective: NonSaturating(), penalty: nil),
    discriminatorOptimizer: adam, generatorOptimizer: adam)
}
