import Files
import FoundationEssentials
import Generators
import Glibc
import Network

/// What a generator's file says of its training, without the seed: equal for trainings of one recipe.
public struct TrainedRecipe: Codable, Equatable, Sendable {
  /// The recipe's name, such as `assay-gan`.
  public let recipe: String
  /// Such as `5 epochs`.
  public let length: String
  /// Images of a batch.
  public let batchSize: Int
  /// SHA-256 of the training images, and their number.
  public let dataset: String
  /// Which of a training's files it is, where that is not its result: `step 200` or `plain weights`.
  public let state: String?

  /// A generator's file, by its recipe, its seed and its weights.
  ///
  /// - Throws: `FileError` for what is no generator, and for one that does not say how it was trained.
  static func read(
    _ path: String
  ) throws(FileError) -> (recipe: TrainedRecipe, seed: UInt64, sha256: String) {
    let generator = try Generator(contentsOf: path)
    let text = try Safetensors(contentsOf: path).metadata["training"] ?? ""
    guard let settings = try? JSON.value(GeneratorTrainer.Settings.self, from: Data(text.utf8)) else {
      throw .malformed(
        path: path, expected: "a generator that says how it was trained (its metadata: training)",
        found: text.isEmpty ? "none" : text)
    }
    let recipe = TrainedRecipe(
      recipe: settings.recipe, length: "\(settings.length)", batchSize: settings.batchSize,
      dataset: settings.dataset, state: state(of: path.lastPathComponent))
    return (recipe, settings.seed, generator.weightsSHA256)
  }

  private static func state(of name: String) -> String? {
    CheckpointName.step(of: name).map { "step \($0)" }
      ?? (name == "generator-plain.safetensors" ? "plain weights" : nil)
  }

  /// The first in which another differs: what it is here, and what there.
  func difference(from other: TrainedRecipe) -> (own: String, other: String)? {
    let figures = [
      ("the recipe \(recipe)", "the recipe \(other.recipe)"),
      ("the length \(length)", "the length \(other.length)"),
      ("the batch size \(batchSize)", "the batch size \(other.batchSize)"),
      ("the data set \(dataset)", "the data set \(other.dataset)"),
      (state ?? "the end of the training", other.state ?? "the end of the training"),
    ]
    return figures.first { $0.0 != $0.1 }.map { (own: $0.0, other: $0.1) }
  }
}
