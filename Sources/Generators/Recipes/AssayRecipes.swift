/// Our own: the best picture that a minute of two cores buys.
enum AssayRecipes {
  private static let labels = 10
  private static let noise = 64

  /// Hinge loss (Lim and Ye 2017) with one discriminator step, a rate for D twice that of G (Heusel et al. 2017), which
  /// both fall linearly to 0 (Miyato et al. 2018, appendix B), the average of the generator's weights over about 1,000
  /// steps (Yazıcı et al. 2019), and images moved by up to an eighth of their size before D sees them (Zhao et al. 2020).
  /// Adam with β 0.5 and 0.999 (Radford et al. 2016).
  static let assayGAN = GeneratorRecipe(
    name: "assay-gan", summary: "ours: spectral norm, projection, average", citation: "this package",
    noise: .normal(size: noise), length: .epochs(20),
    networks: .adversarial(
      generator: { AssayNetworks.AssayGenerator(noise: noise, labels: labels, key: $0) },
      discriminator: { AssayNetworks.AssayDiscriminator(labels: labels, key: $0) },
      objective: Hinge(), penalty: nil),
    discriminatorOptimizer: .adam(rate: 4e-4, beta1: 0.5, beta2: 0.999),
    generatorOptimizer: .adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)
  ).with {
    $0.isConditional = true
    $0.schedule = .linear
    $0.averaging = 0.999
    $0.augmentation = DiscriminatorAugmentation(translation: 3)
  }
}
