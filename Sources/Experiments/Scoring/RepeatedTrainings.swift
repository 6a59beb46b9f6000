import Files
import FoundationEssentials

/// Generators that are trainings of one recipe with different seeds, to be scored together.
///
/// They may differ in nothing else: what varies is then what the seed does. Scores nothing by itself.
public struct RepeatedTrainings: Sendable {
  /// In the order in which they were given.
  public let items: [ScoreItem]
  /// What all of them have in common.
  public let recipe: TrainedRecipe
  /// One for each of the items.
  public let seeds: [UInt64]

  /// The trainings that lie at these paths.
  ///
  /// - Parameter sources: generators' files, folders of trainings, or folders of such (``SeedFolders``).
  /// - Throws: `FileError` for what is no generator, for fewer than two, for trainings of different recipes
  ///   or with equal seeds, and for one that is named twice.
  public init(_ sources: [String]) throws(FileError) {
    let paths = sources.flatMap(Self.generators)
    guard paths.count >= 2 else {
      throw .malformed(
        path: sources.first ?? "sources", expected: "two trainings of one recipe or more",
        found: "\(paths.count)")
    }
    var read: [(path: String, recipe: TrainedRecipe, seed: UInt64, sha256: String)] = []
    for path in paths {
      let (recipe, seed, sha256) = try TrainedRecipe.read(path)
      func fail(_ expected: String, _ found: String, _ former: String) -> FileError {
        .malformed(path: path, expected: expected, found: "\(found) as \(former.visible(limit: 120)) has")
      }
      if let same = read.first(where: { $0.sha256 == sha256 }) {
        throw fail("each training once", "the same weights", same.path)
      }
      if let first = read.first, let (expected, found) = first.recipe.difference(from: recipe) {
        throw .malformed(
          path: path, expected: "another training of one recipe: \(expected), as in \(first.path)",
          found: found)
      }
      if let same = read.first(where: { $0.seed == seed }) {
        throw fail("a training with another seed", "the seed \(seed),", same.path)
      }
      read.append((path, recipe, seed, sha256))
    }
    items = paths.map { .generator(path: $0) }
    recipe = read[0].recipe
    seeds = read.map(\.seed)
  }

  /// The generators' files that a path stands for.
  private static func generators(_ source: String) -> [String] {
    let name = "generator.safetensors"
    let seeds = SeedFolders.seeds(in: source)
    guard !seeds.isEmpty, !FileManager.default.fileExists(atPath: "\(source)/\(name)") else {
      return [RunFolder.weights(source, name)]
    }
    return seeds.map { "\(SeedFolders.path(source, seed: $0))/\(name)" }
  }

  /// The scores of the items with what they say together.
  ///
  /// - Precondition: a result for each item, in their order.
  public func file(_ scores: ScoreFile) -> ScoreFile {
    ScoreFile(
      judge: scores.judge, reference: scores.reference, results: scores.results,
      trainings: TrainingsResult(recipe, seeds: seeds, scores.results))
  }
}
