import Generators

/// The thirty systems that five student reports describe, and the variants that one of them gave up, in the
/// order of the reports.
///
/// - *E_in-style* (Brayton, Patel, Selvia and Zhang 2021): A, B and C
/// - *Fashion image generation using GAN model* (Liu): D
/// - *Conditional generative adversarial networks with FashionMNIST* (Korkmaz and Erarslan): E
/// - *Generating fashion and flowers using generative adversarial networks*: F
/// - *GANs on Fashion-MNIST* (Cuesta Córdova): G
public enum PublishedRows {
  /// Every row, in the order of the reports.
  public static let all: [PublishedRow] =
    EInStyleRows.classifiers + EInStyleRows.generators + EInStyleRows.colour + LiuRows.all
    + KorkmazRows.all + FlowerRows.all + CuestaRows.all

  /// By its id, whatever the case.
  public static func named(_ id: String) -> PublishedRow? {
    all.first { $0.id.lowercased() == id.lowercased() }
  }

  /// 50 epochs of batches of 64 (§IV-C); its 20,000 iterations are 21.
  static let colorizerLength = GeneratorRecipe.Length.epochs(50)

  /// A recipe of the catalogue. A name that is not there would be a mistake in a row, and a test looks at
  /// all.
  static func recipe(_ name: String, _ length: GeneratorRecipe.Length? = nil) -> GeneratorRecipe {
    guard var recipe = RecipeCatalog.named(name) else {
      preconditionFailure("PublishedRows: no recipe is called \(name)")
    }
    recipe.length = length ?? recipe.length
    return recipe
  }
}
