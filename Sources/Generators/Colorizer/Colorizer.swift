import Autograd
import Files
import FoundationEssentials
import Kernels
import Network
import Pictures

/// A trained colorizer as a file, and the images that it colours.
public final class Colorizer {
  /// Rows and columns of the images that it knows.
  public static let size = ColorizerGenerator.size

  /// What the labels of the images that it learned from are called.
  public let labelNames: [String]
  /// The right colour of each label, in the order of ``labelNames``.
  public let colors: [Color]
  /// SHA-256 of the file.
  public let weightsSHA256: String
  package let network: ColorizerGenerator

  /// What is to be done where there is no file.
  package static let remedy = "train a colorizer to have one"

  package static let format = "assay/colorizer/1"

  /// Reads the colorizer in the file at `path`.
  ///
  /// - Throws: `FileError`: missing, unreadable, or not a colorizer.
  public init(contentsOf path: String) throws(FileError) {
    let (file, sha256) = try Safetensors.read(
      path, as: "a colorizer", format: Self.format, remedy: Self.remedy)
    func list<Value: Decodable>(_ name: String) -> [Value]? {
      file.metadata[name].flatMap { try? JSONDecoder().decode([Value].self, from: Data($0.utf8)) }
    }
    guard let labels: [String] = list("labels"), let colors: [UInt32] = list("colours"),
      labels.count == colors.count, (1...256).contains(labels.count), colors.allSatisfy({ $0 <= 0xFFFFFF })
    else {
      throw .malformed(
        path: path, expected: "names of labels, and as many colours",
        found: "\(file.metadata["labels"] ?? "none"), \(file.metadata["colours"] ?? "none")".visible(
          limit: 200))
    }
    // They go into tables and drawings.
    labelNames = labels.map { $0.visible(limit: 80) }
    self.colors = colors.map(Color.init(hex:))
    weightsSHA256 = sha256
    network = ColorizerGenerator(key: Key(seed: 0))
    try network.load(file, path: path)
    try file.checkFinite(path: path)
  }

  /// The weights of a colorizer's generator as a file.
  ///
  /// - Parameters:
  ///   - network: the generator, in training or after it.
  ///   - recipe: whose colours go into the file.
  ///   - labelNames: one a colour, in their order.
  ///   - manifest: how they were made, as text; it becomes part of the bytes.
  /// - Precondition: the network is that of ``GeneratorRecipe/colorizer(labelNames:l1Weight:)``.
  public static func file(
    _ network: any GeneratorNetwork, _ recipe: ColorizerRecipe, labelNames: [String], manifest: String
  ) -> Safetensors {
    precondition(network is ColorizerGenerator, "Colorizer.file: \(type(of: network))")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    func text(_ list: some Encodable) -> String {
      String(decoding: (try? encoder.encode(list)) ?? Data("[]".utf8), as: UTF8.self)
    }
    return Safetensors(
      entries: network.entries(),
      metadata: [
        "format": format, "labels": text(labelNames), "colours": text(recipe.colors.map(\.hex)),
        "pixels": "[N, \(size * size)] to [N, \(size), \(size), 3], both in [-1, 1]", "training": manifest,
      ])
  }

  /// Colours grey images.
  ///
  /// - Parameter pixels: grey images `[N, 28, 28]`, as bytes.
  /// - Returns: RGB ones, `[N, 28, 28, 3]`.
  public func callAsFunction(_ pixels: [UInt8]) -> [UInt8] {
    Self.colored(pixels, by: network).withElements { $0.map { UInt8(($0 * 255).rounded()) } }
  }

  /// Colours grey images by a network that may still be in training; in inference mode.
  ///
  /// - Parameters:
  ///   - pixels: grey images `[N, 28, 28]`, as bytes.
  ///   - network: a colorizer's generator.
  /// - Returns: `[N, 28, 28, 3]` in [0, 1].
  public static func colored(_ pixels: [UInt8], by network: any GeneratorNetwork) -> Tensor {
    let length = size * size
    precondition(
      !pixels.isEmpty && pixels.count.isMultiple(of: length),
      "Colorizer: \(pixels.count) values are no images of \(size)×\(size)")
    let grey = Tensor(pixels.map { Float($0) / 255 * 2 - 1 }, shape: [pixels.count / length, length])
    return Generator.images(network, Latent(noise: grey))
  }
}
