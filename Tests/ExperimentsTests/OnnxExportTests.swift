import Autograd
import Classifier
import Experiments
import Files
import Foundation
import Generators
import Kernels
import Network
import ONNX
import Testing

/// Generators and colorizers as ONNX; classifiers and layers are the matter of ONNXTests.
@Suite struct OnnxExportTests {
  static let recipes = RecipeCatalog.all + RecipeCatalog.givenUp

  /// A generator of the recipe whose parameters, statistics too, are not those of a fresh one.
  static func network(_ recipe: GeneratorRecipe) throws -> any GeneratorNetwork {
    let network =
      switch recipe.method {
      case .adversarial(let game): game.generator(Key(seed: 1))
      case .variational(let autoencoder): autoencoder.decoder(Key(seed: 1))
      case .colorizing: ColorizerGenerator(key: Key(seed: 1))
      }
    var file = Safetensors(entries: network.entries())
    for (index, (name, entry)) in file.entries.sorted(by: { $0.key < $1.key }).enumerated() {
      let change = Tensor.uniform(entry.shape, in: 0..<0.3, key: Key(seed: 2).derived(index)).elements
      // A network whose products all grew would draw black and white.
      let isProduct = name.hasSuffix("weight")
      file.entries[name] = Safetensors.Entry(
        shape: entry.shape, values: zip(entry.values, change).map { isProduct ? 2 * $0 : $0 + $1 - 0.1 })
    }
    try network.load(file, path: recipe.name)
    return network
  }

  static func labels(_ recipe: GeneratorRecipe) -> [String] {
    recipe.isConditional ? (0..<recipe.labelCount).map { "label \($0)" } : []
  }

  static func model(_ recipe: GeneratorRecipe) throws -> ExportedModel {
    try OnnxExport.model(
      network(recipe), recipe, labelNames: labels(recipe), manifest: "by hand", path: recipe.name,
      version: "1")
  }

  @Test(arguments: recipes.indices) func everyRecipeHasItsCounterpart(_ index: Int) throws {
    let recipe = Self.recipes[index]
    let data = try Self.model(recipe).encoded()
    let outline = try ModelOutline(data)
    let (size, channels) = (recipe.imageSize, recipe.channels)
    #expect(
      outline.inputs == ["noise [N, \(recipe.noise.size)]"]
        + (recipe.codes > 0 ? ["codes [N, \(recipe.codes)]"] : [])
        + (recipe.isConditional ? ["labels [N]"] : []))
    #expect(outline.outputs == ["images [N, \(channels), \(size), \(size)]"])
    #expect(outline.nodes.last?.operation == "Clip" && outline.nodes.last?.output == "images")
    #expect(outline.properties["architecture"] == recipe.name && outline.properties["noise"] != nil)
    #expect((outline.properties["labels"] != nil) == recipe.isConditional)
    #expect(try Self.model(recipe).encoded() == data)
  }

  @Test func sentencesSayWhatComesIn() throws {
    func summary(_ name: String) throws -> String {
      try Self.model(#require(RecipeCatalog.named(name))).summary
    }
    #expect(try summary("gan") == "gan, opset 17, noise [N, 62] to images [N, 1, 28, 28] in [0, 1]")
    #expect(
      try summary("infogan")
        == "infogan, opset 17, noise [N, 62], codes [N, 2] and labels [N] to images [N, 1, 28, 28] in [0, 1]")
  }

  private final class Dots: GeneratorNetwork {
    var namedParameters: [(name: String, parameter: Parameter)] { [] }
    func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
      .zeros([latent.noise.shape[0], 28, 28, 1])
    }
  }

  @Test func aNetworkOfOnesOwnIsNamed() throws {
    let recipe = try #require(RecipeCatalog.named("gan"))
    let error = #expect(throws: FileError.self) {
      try OnnxExport.model(Dots(), recipe, labelNames: [], path: "mine", version: "1")
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("mine: expected a network") && text.contains("ChainGenerator"))
    #expect(text.hasSuffix("found Dots of gan"))
  }

  // MARK: - Files

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.createFolder(folder)
    try body(folder)
  }

  /// A colorizer in a file.
  static func writeColorizer(to path: String) throws {
    let recipe = GeneratorRecipe.colorizer(labelNames: ["a", "b"])
    guard case .colorizing(let colors) = recipe.method else {
      Issue.record("no colorizer")
      return
    }
    try Colorizer.file(network(recipe), colors, labelNames: ["a", "b"], manifest: "by hand").write(to: path)
  }

  @Test func aFileOrItsFolderIsTakenForWhatItIs() throws {
    try Self.withFolder { folder in
      let recipe = try #require(RecipeCatalog.named("cgan-x"))
      try Generator.file(Self.network(recipe), recipe, labelNames: Self.labels(recipe), manifest: "m")
        .write(to: "\(folder)/g/generator.safetensors")
      try Self.writeColorizer(to: "\(folder)/c/colorizer.safetensors")
      try NeuralClassifier(.dense, imageShape: [8, 8, 1], labelNames: ["a", "b"], key: Key(seed: 1))
        .file(manifest: "m").write(to: "\(folder)/d/classifier.safetensors")
      func summary(_ name: String) throws -> String {
        try OnnxExport.model(of: "\(folder)/\(name)", version: "1").summary
      }
      for name in ["g", "g/generator.safetensors"] {
        #expect(try summary(name).hasPrefix("cgan-x, opset 17, noise [N, 100] and labels [N] to images"))
      }
      #expect(
        try summary("c")
          == "colorizer, opset 17, grey [N, 1, 28, 28] in [0, 1] to images [N, 3, 28, 28] in [0, 1]")
      #expect(try summary("d") == "dense, opset 17, images [N, 1, 8, 8] in [0, 1] to logits [N, 2]")
      #expect(try OnnxExport.model(of: "conv", version: "1").summary.hasPrefix("conv, opset 17, images"))
    }
  }

  @Test func whatIsNoNetworkIsNamed() throws {
    try Self.withFolder { folder in
      try OnnxExport.model(of: "dense", version: "1").write(to: "\(folder)/dense.onnx")
      try Safetensors(entries: ["x": .init(shape: [1], values: [1])], metadata: ["format": "other"])
        .write(to: "\(folder)/other.safetensors")
      try Safetensors(entries: ["x": .init(shape: [1], values: [1])]).write(to: "\(folder)/none.safetensors")
      for (name, part) in [
        ("dense.onnx", "it is one already"), ("other.safetensors", "the format other"),
        ("none.safetensors", "no format"), ("nothing", "not found; expected dense, conv, resnet"),
        (".", "classifier.safetensors: not found"),
      ] {
        let error = #expect(throws: FileError.self) {
          try OnnxExport.model(of: "\(folder)/\(name)", version: "1")
        }
        #expect(error.map { "\($0)".contains(part) } ?? false, "\(name): \(error.map { "\($0)" } ?? "")")
      }
    }
  }

  // MARK: - For other programs

  private static let fixtures = ProcessInfo.processInfo.environment["ASSAY_ONNX_FIXTURES"]

  /// Models beside what they compute here, for scripts/check-onnx-export.sh.
  @Test(.enabled(if: fixtures != nil)) func writesModelsAndWhatTheyCompute() throws {
    let folder = try #require(Self.fixtures)
    func write(_ name: String, _ model: ExportedModel, _ arrays: KeyValuePairs<String, Data>) throws {
      try model.write(to: "\(folder)/\(name).onnx")
      try NPZ.write(arrays, to: "\(folder)/\(name).npz")
    }
    func array(_ x: Tensor) -> Data {
      let inOrder = x.rank == 4 ? x.transposed([0, 3, 1, 2]) : x
      return NPY.data(inOrder.elements, shape: inOrder.shape)
    }
    let references = try ReferenceWeights.architectures.map {
      ($0.rawValue, try ReferenceWeights.classifier($0))
    }
    let fresh = ClassifierArchitecture.allCases.map { architecture in
      (
        "fresh-\(architecture.rawValue)",
        NeuralClassifier(
          architecture, imageShape: [32, 31, 3], labelNames: ["a", "b", "c"], key: Key(seed: 4))
      )
    }
    for (name, classifier) in references + fresh {
      let images = Tensor.uniform([16] + classifier.imageShape, in: 0..<1, key: Key(seed: 5))
      try write(
        name, OnnxExport.model(classifier, path: name, version: "1"),
        ["images": array(images), "logits": array(classifier.logits(images))])
    }
    let layers: [(String, Sequential)] = [
      (
        "layers-average",
        Sequential([
          "conv": Convolution(inputs: 3, outputs: 6, kernel: 3, stride: 3, bias: false, key: Key(seed: 7)),
          "elu": ELU(alpha: 0.7),
          "up": TransposedConvolution(inputs: 6, outputs: 4, kernel: 1, stride: 2, key: Key(seed: 8)),
          "residual": Residual(
            Sequential([
              "normalized": NormalizedConvolution(
                inputs: 4, outputs: 4, kernel: 3, activation: .leakyRelu(slope: 0.1), initializer: .heUniform,
                key: Key(seed: 9)), "sigmoid": Sigmoid(),
            ])), "largest": MaxPooling(window: 3), "mean": GlobalAveragePooling(),
          "dropout": Dropout(rate: 0.5),
          "logits": Dense(inputs: 4, outputs: 5, key: Key(seed: 10)),
        ])
      ),
      (
        "layers-maximum",
        Sequential([
          "norm": BatchNormalization(channels: 3, epsilon: 0.1), "nearest": UpsampleNearest(factor: 3),
          "up": TransposedConvolution(inputs: 3, outputs: 4, kernel: 5, stride: 3, key: Key(seed: 11)),
          "shape": Reshape([45, 198, 4]), "tanh": Tanh(), "maximum": GlobalMaxPooling(),
          "identity": Identity(), "logits": Dense(inputs: 4, outputs: 5, bias: false, key: Key(seed: 12)),
        ])
      ),
    ]
    for (name, network) in layers {
      let images = Tensor.uniform([7, 11, 10, 3], in: 0..<1, key: Key(seed: 13))
      let model = try ExportedModel.classifier(
        network, name: name, imageShape: [11, 10, 3], labelNames: ["a", "b", "c", "d", "e"], manifest: "",
        version: "1")
      try write(name, model, ["images": array(images), "logits": array(network(images, .inference))])
    }
    for recipe in Self.recipes {
      let network = try Self.network(recipe)
      let latent = recipe.latent(5, labels: nil, key: Key(seed: 6))
      let model = try OnnxExport.model(
        network, recipe, labelNames: Self.labels(recipe), path: recipe.name, version: "1")
      let (noise, images) = (array(latent.noise), array(Generator.images(network, latent)))
      let labels = latent.labels.map { NPY.data($0, shape: [$0.count]) }
      switch (latent.codes.map(array), labels) {
      case (let codes?, let labels?):
        try write(
          recipe.name, model, ["noise": noise, "codes": codes, "labels": labels, "images": images])
      case (nil, let labels?):
        try write(recipe.name, model, ["noise": noise, "labels": labels, "images": images])
      case (let codes?, nil):
        try write(recipe.name, model, ["noise": noise, "codes": codes, "images": images])
      case (nil, nil): try write(recipe.name, model, ["noise": noise, "images": images])
      }
    }
    try Self.writeColorizer(to: "\(folder)/colorizer.safetensors")
    let colorizer = try Colorizer(contentsOf: "\(folder)/colorizer.safetensors")
    let pixels = (0..<3 * 784).map { UInt8($0 * 7 % 256) }
    try write(
      "colorizer", OnnxExport.model(colorizer, path: "colorizer", version: "1"),
      [
        "grey": NPY.data(pixels.map { Float($0) / 255 }, shape: [3, 1, 28, 28]),
        "images": array(Colorizer.colored(pixels, by: colorizer.network)),
      ])
  }
}
