/// The variational autoencoders that Lucic et al. ("Are GANs created equal?", 2018) set beside the GANs, on
/// the same networks.
///
/// Latent of 64, batch 64 (their code); Adam 1e-3 with the defaults (Kingma and Ba 2015, algorithm 1); 50
/// epochs, as the collection.
enum VariationalRecipes {
  private static let latent = 64

  private static func recipe(
    _ name: String, _ summary: String, _ citation: String, labels: Int
  ) -> GeneratorRecipe {
    GeneratorRecipe(
      name: name, summary: summary, citation: citation, noise: .normal(size: latent), length: .epochs(50),
      method: .variational(
        VariationalRecipe(
          encoder: { VariationalEncoder(latent: latent, labels: labels, key: $0) },
          decoder: { InfoGANNetworks.decoder(inputs: latent + labels, labels: labels, key: $0) },
          optimizer: .adam(rate: 1e-3, beta1: 0.9, beta2: 0.999)))
    ).with { $0.isConditional = labels > 0 }
  }

  static let vae = recipe("vae", "a variational autoencoder", "Kingma and Welling 2014", labels: 0)
  static let cvae = recipe("cvae", "the same, conditional on the label", "Sohn et al. 2015", labels: 10)
}
