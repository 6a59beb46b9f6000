import Figures
import Generators

/// The recipes of the catalogue as a table.
public enum RecipeListing {
  /// One row for each recipe of `RecipeCatalog`: what it is, its batch, its length and its source.
  public static func text(_ layout: Layout) -> String {
    var table = TerminalTable([
      .init("recipe"), .init("what it is"), .init("labels"), .init("batch", .right), .init("length"),
      .init("source"),
    ])
    for recipe in RecipeCatalog.all {
      table.add([
        recipe.name, recipe.summary, recipe.isConditional ? "yes" : "no", "\(recipe.batchSize)",
        "\(recipe.length)", recipe.citation,
      ])
    }
    return layout.fitted(table)
  }
}
