import Autograd
import Classifier
import Files
import Foundation
import Kernels
import Network
import ONNX
import Testing

/// What is written of networks. That other programs compute the same of it, scripts/check-onnx-export.sh
/// shows.
@Suite struct ExportTests {
  static func model(_ network: Sequential, _ shape: [Int], labels: Int) throws -> ExportedModel {
    try ExportedModel.classifier(
      network, name: "net", imageShape: shape, labelNames: (0..<labels).map { "label \($0)" },
      manifest: "made by hand", version: "1.2.3")
  }

  static func outline(_ network: Sequential, _ shape: [Int], labels: Int) throws -> ModelOutline {
    try ModelOutline(model(network, shape, labels: labels).encoded())
  }

  private static func classifier(
    _ architecture: ClassifierArchitecture, _ shape: [Int] = [28, 28, 1]
  ) -> NeuralClassifier {
    NeuralClassifier(architecture, imageShape: shape, labelNames: ["a", "b", "c"], key: Key(seed: 5))
  }

  // MARK: - Classifiers

  @Test func saysWhatItIs() throws {
    let classifier = Self.classifier(.conv, [28, 30, 3])
    let model = try Self.model(classifier.network, [28, 30, 3], labels: 3)
    #expect(model.summary == "net, opset 17, images [N, 3, 28, 30] in [0, 1] to logits [N, 3]")
    let outline = try ModelOutline(model.encoded())
    #expect(outline.inputs == ["images [N, 3, 28, 30]"] && outline.outputs == ["logits [N, 3]"])
    #expect(outline.irVersion == 8 && outline.opset == 17 && outline.producer == "assay 1.2.3")
    #expect(
      outline.properties == [
        "architecture": "net", "labels": #"["label 0","label 1","label 2"]"#, "pixels": "[0, 1]",
        "training": "made by hand",
      ])
  }

  @Test(arguments: [
    (ClassifierArchitecture.dense, ["Transpose", "Flatten", "Gemm", "Relu", "Gemm"]),
    (.conv, ["Mul", "Add", "Conv", "LeakyRelu", "Conv", "LeakyRelu", "Transpose", "Flatten", "Gemm"]),
    (.convReLU, ["Mul", "Add", "Conv", "Relu", "Conv", "Relu", "Transpose", "Flatten", "Gemm"]),
    (
      .resnet,
      ["Mul", "Add", "Conv", "Relu", "Conv", "Relu", "MaxPool", "Conv", "Relu", "Conv", "Relu", "Add"]
        + ["Conv", "Relu", "MaxPool", "Conv", "Relu", "Conv", "Relu", "Add", "Conv", "Relu"]
        + ["Transpose", "Flatten", "Gemm", "Relu", "Gemm"]
    ),
  ])
  func layersBecomeNodes(_ architecture: ClassifierArchitecture, operations: [String]) throws {
    let outline = try Self.outline(Self.classifier(architecture).network, [28, 28, 1], labels: 3)
    #expect(outline.nodes.map(\.operation) == operations)
    #expect(outline.nodes.last?.output == "logits")
  }

  @Test(arguments: ClassifierArchitecture.allCases, [[28, 28, 1], [32, 31, 3], [1, 1, 1]])
  func everyNameIsMadeOnceAndBeforeItIsRead(_ architecture: ClassifierArchitecture, shape: [Int]) throws {
    let outline = try Self.outline(Self.classifier(architecture, shape).network, shape, labels: 3)
    var known = Set(outline.weights.keys).union(["images"])
    for node in outline.nodes {
      #expect(node.inputs.allSatisfy(known.contains), "\(node)")
      #expect(known.insert(node.output).inserted, "\(node)")
    }
  }

  /// "Same" padding has the odd row below and the odd column to the right: 2·14 + 5 - 2 - 28 = 3 of them.
  @Test func paddingAndWeightsAreInTheOrderOfTheFormat() throws {
    let outline = try Self.outline(Self.classifier(.conv).network, [28, 28, 1], labels: 3)
    let first = try #require(outline.nodes.first { $0.operation == "Conv" })
    #expect(first.integers == ["kernel_shape": [5, 5], "strides": [2, 2], "pads": [1, 1, 2, 2]])
    #expect(first.inputs.dropFirst() == ["conv1.weight", "conv1.bias"])
    #expect(outline.weights["conv1.weight"] == [64, 1, 5, 5] && outline.weights["conv1.bias"] == [64])
    #expect(outline.weights["logits.weight"] == [6272, 3])
  }

  @Test(arguments: ClassifierArchitecture.allCases)
  func theSameNetworkGivesTheSameBytes(_ architecture: ClassifierArchitecture) throws {
    func bytes() throws -> Data {
      try Self.model(Self.classifier(architecture).network, [28, 28, 1], labels: 3).encoded()
    }
    #expect(try bytes() == bytes())
  }

  // MARK: - Layers

  /// A layer of each kind, the shape that it takes, and what it becomes.
  static func layers() -> [(layer: any Layer, shape: [Int], operations: [String])] {
    let key = Key(seed: 1)
    func transposed(_ kernel: Int, _ stride: Int, _ padding: Padding = .same) -> TransposedConvolution {
      TransposedConvolution(inputs: 2, outputs: 3, kernel: kernel, stride: stride, padding: padding, key: key)
    }
    return [
      (Sequential(["tanh": Tanh()]), [4], ["Tanh"]),
      (Residual(Sequential(["tanh": Tanh()])), [4, 4, 2], ["Tanh", "Add"]),
      (Affine(scale: 2, offset: -1), [4], ["Mul", "Add"]), (Affine(scale: 1, offset: 1), [4], ["Add"]),
      (Dense(inputs: 4, outputs: 3, bias: false, activation: .relu, key: key), [4], ["Gemm", "Relu"]),
      (Convolution(inputs: 2, outputs: 3, kernel: 3, bias: false, key: key), [4, 4, 2], ["Conv"]),
      (
        NormalizedConvolution(
          inputs: 2, outputs: 3, kernel: 3, activation: .relu, initializer: .heUniform, key: key),
        [4, 4, 2], ["Conv", "Relu"]
      ), (transposed(4, 2, .symmetric(1)), [4, 4, 2], ["ConvTranspose"]),
      (transposed(5, 1), [4, 4, 2], ["ConvTranspose"]), (transposed(1, 2), [4, 4, 2], ["ConvTranspose"]),
      (BatchNormalization(channels: 2), [4, 4, 2], ["BatchNormalization"]),
      (BatchNormalization(channels: 4), [4], ["BatchNormalization"]),
      (MaxPooling(window: 2), [5, 4, 2], ["MaxPool"]),
      (GlobalAveragePooling(), [4, 4, 2], ["GlobalAveragePool", "Flatten"]),
      (GlobalMaxPooling(), [4, 4, 2], ["GlobalMaxPool", "Flatten"]),
      (UpsampleNearest(factor: 3), [4, 4, 2], ["Resize"]), (Flatten(), [4, 4, 2], ["Transpose", "Flatten"]),
      (Flatten(), [4], []), (Reshape([2, 2, 3]), [12], ["Reshape", "Transpose"]),
      (Reshape([12]), [2, 2, 3], ["Transpose", "Reshape"]),
      (Activate(.leakyRelu(slope: 0.1)), [4], ["LeakyRelu"]),
      (ELU(alpha: 0.5), [4], ["Elu"]), (Tanh(), [4], ["Tanh"]), (Sigmoid(), [4], ["Sigmoid"]),
      (Dropout(rate: 0.5), [4], []), (Identity(), [4], []),
    ]
  }

  @Test func everyLayerOfTheListIsTried() {
    let tried = Set(Self.layers().map { ObjectIdentifier(type(of: $0.layer)) })
    for type in ExportedLayers.all { #expect(tried.contains(ObjectIdentifier(type)), "\(type)") }
  }

  @Test(arguments: layers().indices)
  func aLayerBecomesNodesOfTheShapeOfItsOutput(_ index: Int) throws {
    let (layer, shape, operations) = Self.layers()[index]
    var graph = GraphWriter()
    let input =
      shape.count == 3 ? graph.input(.images(shape)) : graph.input(.row(shape[0], named: "images"))
    let value = try graph.write(layer, named: "layer", input)
    #expect(value.shape == Array(layer(.ones([2] + shape), .inference).shape.dropFirst()), "\(layer)")
    let output: GraphPort =
      value.shape.count == 3 ? .images(value.shape, named: "out") : .row(value.shape[0], named: "out")
    let model = ExportedModel(graph, value, as: output, name: "one", version: "1", properties: [:])
    // What comes in cannot go out without a node.
    #expect(
      try ModelOutline(model.encoded()).nodes.map(\.operation)
        == (operations.isEmpty ? ["Identity"] : operations))
  }

  private final class Cube: Layer {
    var namedParameters: [(name: String, parameter: Parameter)] { [] }
    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { x * x * x }
  }

  @Test func aLayerOfOnesOwnIsNamed() {
    let network = Sequential(["block": Residual(Sequential(["cube": Cube()]))])
    #expect(throws: UnexportableLayer(name: "block.cube", type: "Cube")) {
      try Self.model(network, [1, 1, 1], labels: 1)
    }
    let text = "\(UnexportableLayer(name: "block.cube", type: "Cube"))"
    #expect(text.contains("block.cube") && text.contains("Dense") && text.hasSuffix("found Cube"))
  }

  @Test func isWrittenWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try Self.model(Self.classifier(.dense).network, [28, 28, 1], labels: 3)
    let size = try model.write(to: "\(folder)/new/dense.onnx")
    let data = try AtomicFile.read("\(folder)/new/dense.onnx")
    #expect(try data.count == size && data == model.encoded())
    #expect(FileKind(start: data.prefix(FileKind.startSize), path: "x") == .onnx)
    #expect(throws: FileError.self) { try model.write(to: folder) }
  }
}
