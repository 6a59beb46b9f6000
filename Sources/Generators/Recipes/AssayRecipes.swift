import Network

/// Our own: the best picture that a minute of two cores buys.
enum AssayRecipes {
  private static let labels = 10
  private static let noise = 64

  /// Non-saturating loss against the collection's discriminator, which is told the label; rates of 2e-4 for D
  /// and 5e-4 for G, which both fall linearly to 0 (Miyato et al. 2018, appendix B); the average of the
  /// generator's weights over about 1,000 steps (Yazıcı et al. 2019). Adam with β 0.5 and 0.999 (Radford et
  /// al. 2016). What else was tried, with its figures: docs/results/generators.
  static let assayGAN = GeneratorRecipe(
    name: "assay-gan", summary: "ours: conditional batch norm, average, decay", citation: "this package",
    noise: .normal(size: noise), length: .epochs(20),
    method: .adversarial(
      AdversarialRecipe(
        generator: { AssayGenerator(noise: noise, labels: labels, key: $0) },
        discriminator: { InfoGANNetworks.conditionalDiscriminator(labels: labels, key: $0) },
        objective: NonSaturating(), generatorOptimizer: .adam(rate: 5e-4, beta1: 0.5, beta2: 0.999),
        discriminatorOptimizer: .adam(rate: 2e-4, beta1: 0.5, beta2: 0.999)))
  ).with {
    $0.isConditional = true
    $0.schedule = .linear
    $0.averaging = 0.999
  }
}
