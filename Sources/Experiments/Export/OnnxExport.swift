import Classifier
import Files
import FoundationEssentials
import Generators
import Network
import ONNX

/// A trained network as an ONNX file: a classifier, a generator or a colorizer.
///
/// | network | comes in | goes out |
/// |---|---|---|
/// | classifier | `images` `[N, C, H, W]` | `logits` `[N, labels]` |
/// | generator | `noise` `[N, size]`, `codes` `[N, codes]` of infoGAN, `labels` `[N]` of a conditional one | `images` `[N, C, H, W]` |
/// | colorizer | `grey` `[N, 1, 28, 28]` | `images` `[N, 3, 28, 28]` |
///
/// Pixels are in [0, 1] everywhere, labels are integers of 64 bits, counted from 0.
public enum OnnxExport {
  /// What is to be done where there is nothing to export.
  package static let remedy = "train a network to have one"

  /// The files of trainings that have ended.
  private static let fileNames = ["classifier.safetensors", "generator.safetensors", "colorizer.safetensors"]

  /// Reads a network, whatever it is.
  ///
  /// - Parameters:
  ///   - source: the name of a reference classifier, a file of weights, or the folder of a training.
  ///   - version: of the program that writes the file.
  /// - Throws: `FileError` for a file that is missing, damaged or of another kind, and for a network that has
  ///   no counterpart in ONNX.
  public static func model(of source: String, version: String) throws(FileError) -> ExportedModel {
    if let architecture = ReferenceWeights.architectures.first(where: { $0.rawValue == source }) {
      let classifier = try ReferenceWeights.classifier(architecture)
      return try model(
        classifier, manifest: manifest(ReferenceWeights.path(of: architecture)), path: source,
        version: version)
    }
    let path = weights(source)
    try AtomicFile.checkIsFile(
      path,
      remedy:
        "expected \(ClassifierSource.referenceNames.joined(separator: ", ")), a file of weights, or the "
        + "folder of a training; \(remedy)")
    let start = try InputFile(path).peek(FileKind.startSize)
    guard FileKind(start: start, path: path) != .onnx else {
      throw .malformed(
        path: path, expected: "weights that were trained here", found: "an ONNX network: it is one already")
    }
    let metadata = try Safetensors(contentsOf: path).metadata
    let manifest = metadata["training"] ?? ""
    switch metadata["format"] {
    case NeuralClassifier.format:
      return try model(
        try NeuralClassifier(contentsOf: path), manifest: manifest, path: path, version: version)
    case Generator.format:
      let generator = try Generator(contentsOf: path)
      return try model(
        generator.network, generator.recipe, labelNames: generator.labelNames, manifest: manifest, path: path,
        version: version)
    case Colorizer.format:
      return try model(try Colorizer(contentsOf: path), manifest: manifest, path: path, version: version)
    case let other:
      throw .malformed(
        path: path,
        expected:
          "a classifier (\(NeuralClassifier.format)), a generator (\(Generator.format)) or a colorizer "
          + "(\(Colorizer.format))",
        found: other.map { "the format \($0.visible(limit: 80))" }
          ?? "a safetensors file that does not say what it is: its metadata has no format")
    }
  }

  /// A classifier.
  ///
  /// - Parameters:
  ///   - manifest: how the weights were made, as text; left out where it is empty.
  ///   - path: what errors name.
  ///   - version: of the program that writes the file.
  public static func model(
    _ classifier: NeuralClassifier, manifest: String = "", path: String, version: String
  ) throws(FileError) -> ExportedModel {
    try naming(path) { () throws(UnexportableLayer) in
      try .classifier(
        classifier.network, name: classifier.architecture.rawValue, imageShape: classifier.imageShape,
        labelNames: classifier.labelNames, manifest: manifest, version: version)
    }
  }

  /// A generator.
  ///
  /// - Parameters:
  ///   - network: made by the recipe.
  ///   - labelNames: what it can be asked for; empty for one that draws what it likes.
  ///   - manifest: how the weights were made, as text; left out where it is empty.
  ///   - path: what errors name.
  ///   - version: of the program that writes the file.
  /// - Throws: `FileError` for a network that is none of the package's own.
  public static func model(
    _ network: any GeneratorNetwork, _ recipe: GeneratorRecipe, labelNames: [String], manifest: String = "",
    path: String, version: String
  ) throws(FileError) -> ExportedModel {
    guard let network = network as? any ExportedGenerator else {
      throw .malformed(
        path: path, expected: "a network that can be written as ONNX: \(ExportedGenerators.known)",
        found: "\(type(of: network)) of \(recipe.name)")
    }
    return try naming(path) { () throws(UnexportableLayer) in
      var graph = GraphWriter()
      let latent = GraphLatent(recipe, &graph)
      let images = graph.pixels(try network.write(latent, to: &graph))
      return ExportedModel(
        graph, images, as: .images([recipe.imageSize, recipe.imageSize, recipe.channels]), name: recipe.name,
        version: version,
        properties: [
          "architecture": recipe.name, "noise": recipe.noise.described,
          "codes": recipe.codes > 0 ? "from -1 to 1" : "",
          "labels": recipe.isConditional ? ExportedModel.text(labelNames) : "", "pixels": "[0, 1]",
          "training": manifest,
        ])
    }
  }

  /// A colorizer; errors name `path`.
  public static func model(
    _ colorizer: Colorizer, manifest: String = "", path: String, version: String
  ) throws(FileError) -> ExportedModel {
    try naming(path) { () throws(UnexportableLayer) in
      var graph = GraphWriter()
      let grey = graph.input(.images([Colorizer.size, Colorizer.size, 1], named: "grey"))
      let signed = graph.affine(grey, scale: 2, offset: -1)
      let images = graph.pixels(try colorizer.network.write(grey: signed, to: &graph))
      return ExportedModel(
        graph, images, as: .images([Colorizer.size, Colorizer.size, 3]), name: "colorizer", version: version,
        properties: [
          "architecture": "colorizer", "labels": ExportedModel.text(colorizer.labelNames), "pixels": "[0, 1]",
          "training": manifest,
        ])
    }
  }

  private static func naming(
    _ path: String, _ body: () throws(UnexportableLayer) -> ExportedModel
  ) throws(FileError) -> ExportedModel {
    do throws(UnexportableLayer) {
      return try body()
    } catch {
      throw .malformed(
        path: path, expected: "layers that can be written as ONNX: \(UnexportableLayer.known)",
        found: "\(error.name), a \(error.type)")
    }
  }

  private static func manifest(_ path: String) throws(FileError) -> String {
    try Safetensors(contentsOf: path).metadata["training"] ?? ""
  }

  /// The file that `source` means: itself, or the one in the folder of a training.
  private static func weights(_ source: String) -> String {
    let paths = fileNames.map { RunFolder.weights(source, $0) }
    return paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0]
  }
}

extension GraphWriter {
  /// Images in [-1, 1] as pixels in [0, 1].
  fileprivate mutating func pixels(_ images: GraphValue) -> GraphValue {
    within("pixels") { graph in graph.clamped(graph.affine(images, scale: 0.5, offset: 0.5), to: 0...1) }
  }
}

extension GeneratorRecipe.Noise {
  /// What whoever runs the graph has to draw.
  fileprivate var described: String {
    switch self {
    case .uniform: "uniform in [-1, 1)"
    case .normal: "normal, mean 0, deviation 1"
    }
  }
}
