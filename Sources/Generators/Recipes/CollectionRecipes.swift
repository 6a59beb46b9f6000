import Network

/// The ten GANs of pytorch-generative-model-collections, on InfoGAN's networks, each in the form of its
/// paper.
///
/// Common figures: noise of 62, uniform in [-1, 1), batch 64, 50 epochs (the collection); Adam 2e-4 with β
/// 0.5 and 0.999 (Radford, Metz and Chintala 2016, §4) unless a paper says otherwise.
package enum CollectionRecipes {
  private static let labels = 10
  private static let noise = 62

  private static func adam(_ rate: Float, beta2: Float = 0.999) -> GeneratorRecipe.OptimizerChoice {
    .adam(rate: rate, beta1: 0.5, beta2: beta2)
  }

  private static func recipe(
    _ name: String, _ summary: String, _ citation: String, _ game: AdversarialRecipe
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: citation, noise: .uniform(size: noise), length: .epochs(50),
      method: .adversarial(game))
  }

  /// InfoGAN's networks without labels.
  private static func plain(
    _ objective: any Objective, penalty: GradientPenalty? = nil, isNormalized: Bool = true,
    criticSteps: Int = 1, clipping: Float? = nil,
    optimizer: GeneratorRecipe.OptimizerChoice = adam(2e-4),
    discriminator: AdversarialRecipe.MakeDiscriminator? = nil
  ) -> AdversarialRecipe {
    AdversarialRecipe(
      generator: { InfoGANNetworks.generator(inputs: noise, key: $0) },
      discriminator: discriminator ?? { InfoGANNetworks.discriminator(normalized: isNormalized, key: $0) },
      objective: objective, penalty: penalty, criticSteps: criticSteps, clipping: clipping,
      generatorOptimizer: optimizer)
  }

  /// The same with a generator that is told a label, and `codes` more numbers.
  private static func labelled(
    _ objective: any Objective, codes: Int = 0, generatorRate: Float = 2e-4,
    discriminator: @escaping AdversarialRecipe.MakeDiscriminator
  ) -> AdversarialRecipe {
    AdversarialRecipe(
      generator: { InfoGANNetworks.generator(inputs: noise + codes + labels, labels: labels, key: $0) },
      discriminator: discriminator, objective: objective, generatorOptimizer: adam(generatorRate),
      discriminatorOptimizer: adam(2e-4))
  }

  static let gan = recipe(
    "gan", "the original game, non-saturating", "Goodfellow et al. 2014", plain(NonSaturating()))

  static let lsgan = recipe(
    "lsgan", "least squares instead of logarithms", "Mao et al. 2017", plain(LeastSquares()))

  static let cgan = recipe(
    "cgan", "conditional on the label", "Mirza and Osindero 2014",
    labelled(NonSaturating()) { InfoGANNetworks.conditionalDiscriminator(labels: labels, key: $0) }
  ).with { $0.isConditional = true }

  static let acgan = recipe(
    "acgan", "an auxiliary classifier tells the label", "Odena et al. 2017",
    labelled(AuxiliaryClassifier()) { InfoGANDiscriminator(labels: labels, key: $0) }
  ).with { $0.isConditional = true }

  /// Two continuous codes and a discrete one of ten, without looking at labels. λ 1 and the rates are those
  /// of the authors' code: 2e-4 for D with its heads, 1e-3 for G.
  static let infogan = recipe(
    "infogan", "codes that the pictures give away", "Chen et al. 2016",
    labelled(Information(weight: 1), codes: 2, generatorRate: 1e-3) {
      InfoGANDiscriminator(codes: 2, labels: labels, key: $0)
    }
  ).with {
    $0.isConditional = true
    $0.codes = 2
    $0.knowsLabels = false
  }

  /// Margin 10 on the Euclidean energy, weight 0.1 of the pull-away term, Adam 1e-3: the paper's own choices
  /// for MNIST (§4.1 and appendix).
  static let ebgan = recipe(
    "ebgan", "an autoencoder's error is the energy", "Zhao et al. 2017",
    plain(EnergyBased(margin: 10, pullAway: 0.1), optimizer: adam(1e-3)) {
      AutoencoderDiscriminator.ebgan(key: $0)
    })

  /// γ 0.75 (Lucic et al. 2018 found 0.6 to 0.9 on this data), λ 1e-3 and Adam 1e-4 of the paper (§4).
  static let began = recipe(
    "began", "autoencoders in equilibrium", "Berthelot et al. 2017",
    plain(BoundaryEquilibrium(gamma: 0.75, rate: 1e-3), optimizer: adam(1e-4)) {
      AutoencoderDiscriminator.began(key: $0)
    })

  /// Clipping 0.01, five critic steps, RMSProp 5e-5 (algorithm 1). No batch normalization in the critic:
  /// clipped scales leave scores of a hundredth.
  static let wgan = recipe(
    "wgan", "a critic with clipped weights", "Arjovsky et al. 2017",
    plain(
      Wasserstein(), isNormalized: false, criticSteps: 5, clipping: 0.01, optimizer: .rmsProp(rate: 5e-5)))

  /// λ 10, five critic steps, Adam 1e-4 (algorithm 1) with β 0.5 and 0.9 (the authors' MNIST code).
  static let wganGP = recipe(
    "wgan-gp", "a critic whose slope is held at 1", "Gulrajani et al. 2017",
    plain(
      Wasserstein(), penalty: GradientPenalty(.betweenRealAndFake, weight: 10), isNormalized: false,
      criticSteps: 5, optimizer: adam(1e-4, beta2: 0.9)))

  /// λ 10, noise of half a deviation, Adam 1e-4 with β 0.5 and 0.9: the author's code.
  static let dragan = recipe(
    "dragan", "the original game, with the slope held at 1 around real images", "Kodali et al. 2017",
    plain(
      NonSaturating(), penalty: GradientPenalty(.aroundReal(noise: 0.5), weight: 10), isNormalized: false,
      optimizer: adam(1e-4, beta2: 0.9)))

  /// A benchmark's twin of the collection's own form: one critic step, and batch normalization under the
  /// penalty.
  package static let wganGPAsCollected = recipe(
    "wgan-gp as collected", "", "",
    plain(Wasserstein(), penalty: GradientPenalty(.betweenRealAndFake, weight: 10)))
}
