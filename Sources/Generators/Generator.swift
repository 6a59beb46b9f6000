import Autograd
import Files
import FoundationEssentials
import Kernels
import Network

/// A trained generator as a file, and the images that it draws.
public final class Generator {
  /// How it was made, for as many labels as it has.
  public let recipe: GeneratorRecipe
  /// What draws, with the weights of the file.
  public let network: any GeneratorNetwork
  /// What it can be asked for; empty for a generator that draws what it likes.
  public let labelNames: [String]
  /// SHA-256 of the file.
  public let weightsSHA256: String

  /// What is to be done where there is no file.
  package static let remedy = "train a generator to have one"

  package static let format = "assay/generator/1"
  /// As many as the networks are run on at once.
  private static let batchSize = 250

  /// Reads a generator.
  ///
  /// - Parameters:
  ///   - path: of a file as ``file(_:_:labelNames:manifest:)`` makes it.
  ///   - recipes: those that the generator may be of: add one of your own to load what was trained by it.
  /// - Throws: `FileError`: missing, unreadable, or not a generator of these recipes.
  public init(
    contentsOf path: String, recipes: [GeneratorRecipe] = RecipeCatalog.all + RecipeCatalog.givenUp
  ) throws(FileError) {
    let (file, sha256) = try Safetensors.read(
      path, as: "a generator", format: Self.format, remedy: Self.remedy)
    let named = file.metadata["recipe"] ?? "none"
    guard let recipe = recipes.first(where: { $0.name == named }) else {
      throw .malformed(path: path, expected: RecipeCatalog.expectation, found: named)
    }
    let labels = file.metadata["labels"].flatMap {
      try? JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
    guard let labels, recipe.isConditional ? (1...1000).contains(labels.count) : labels.isEmpty else {
      throw .malformed(
        path: path, expected: recipe.isConditional ? "the names of the labels" : "no labels",
        found: file.metadata["labels"] ?? "none")
    }
    self.recipe = recipe.adapted(toLabels: labels.count)
    guard !recipe.isConditional || labels.count == self.recipe.labelCount else {
      throw .malformed(
        path: path, expected: "\(self.recipe.labelCount) labels of \(recipe.name)", found: "\(labels.count)")
    }
    // They go into tables and drawings.
    labelNames = labels.map { $0.visible(limit: 80) }
    weightsSHA256 = sha256
    network = self.recipe.makeGenerator(Key(seed: 0))
    try network.load(file, path: path)
    try file.checkFinite(path: path)
  }

  /// The weights of a generator as a file.
  ///
  /// - Parameters:
  ///   - network: made by the recipe.
  ///   - recipe: whose name goes into the file, to be found among the known ones when it is read.
  ///   - labelNames: what it can be asked for; left out where the recipe draws what it likes.
  ///   - manifest: how they were made, as text; it becomes part of the bytes.
  public static func file(
    _ network: any GeneratorNetwork, _ recipe: GeneratorRecipe, labelNames: [String], manifest: String
  ) -> Safetensors {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let labels = (try? encoder.encode(recipe.isConditional ? labelNames : [])) ?? Data("[]".utf8)
    return Safetensors(
      entries: network.entries(),
      metadata: [
        "format": format, "recipe": recipe.name, "labels": String(decoding: labels, as: UTF8.self),
        "pixels": "[N, \(recipe.imageSize), \(recipe.imageSize), \(recipe.channels)] in [-1, 1]",
        "training": manifest,
      ])
  }

  /// Draws images.
  ///
  /// - Parameters:
  ///   - count: N, 1 or more.
  ///   - labels: what to draw, one an image, as positions in ``labelNames``; random ones where it is nil.
  ///     Only for a generator that can be asked.
  ///   - key: everything random follows from it: equal keys give equal images.
  /// - Returns: `[N, H, W, C]`, pixels in [0, 1].
  public func images(count: Int, labels: [Int]? = nil, key: Key) -> Tensor {
    precondition(count >= 1, "Generator.images: \(count) images")
    precondition(
      labels.map { $0.count == count && $0.allSatisfy(labelNames.indices.contains) } ?? true,
      "Generator.images: \(labels?.count ?? 0) labels of \(labelNames.count) kinds for \(count) images")
    let latent = recipe.latent(count, labels: labels, key: key)
    return Self.images(network, latent)
  }

  /// Images `[N, H, W, C]` in [0, 1] for given latents, in inference mode.
  public static func images(_ network: any GeneratorNetwork, _ latent: Latent) -> Tensor {
    let count = latent.noise.shape[0]
    let parts = stride(from: 0, to: count, by: batchSize).map { start -> Tensor in
      let part = latent[start..<min(count, start + batchSize)]
      return network(part, .inference).scaled(by: 0.5, plus: 0.5).clamped(to: 0...1)
    }
    return parts.count == 1 ? parts[0] : Tensor.concatenate(parts, axis: 0)
  }
}
