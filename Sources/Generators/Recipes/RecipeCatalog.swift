/// All recipes, in the order in which they are listed. A new one is one line here.
public enum RecipeCatalog {
  /// Those that are listed; ``givenUp`` has the others.
  public static let all: [GeneratorRecipe] = [
    CollectionRecipes.gan, CollectionRecipes.cgan, CollectionRecipes.infogan, CollectionRecipes.ebgan,
    CollectionRecipes.acgan, CollectionRecipes.lsgan, CollectionRecipes.wgan, CollectionRecipes.began,
    CollectionRecipes.wganGP, CollectionRecipes.dragan,
    ReportRecipes.basicGAN, ReportRecipes.convCGAN, ReportRecipes.convWGAN, ReportRecipes.convWGANGP,
    ReportRecipes.cganX, ReportRecipes.cganY, ReportRecipes.dcgan, SmallDCGANRecipes.asPrinted,
    VariationalRecipes.vae, VariationalRecipes.cvae, AssayRecipes.assayGAN,
    ColourRecipes.flowerGAN, ColourRecipes.colourCGAN,
  ]

  /// Those that a report tried and gave up, found by their names and left out of lists.
  public static let givenUp = SmallDCGANRecipes.givenUp

  /// What a file's recipe is expected to be.
  package static let expectation = "a recipe of the catalogue"

  /// The recipe with this name, one of ``givenUp`` too; nil where there is none.
  public static func named(_ name: String) -> GeneratorRecipe? {
    (all + givenUp).first { $0.name == name }
  }
}
