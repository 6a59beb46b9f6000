import Autograd
import Classifier
import Datasets
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Classifiers as networks and as files.
@Suite struct NeuralClassifierTests {
  static let labels = ["T-shirt/top", "Trouser", "\"é\"", "3", "4", "5", "6", "7", "8", "9"]

  private static func classifier(_ architecture: ClassifierArchitecture) -> NeuralClassifier {
    NeuralClassifier(architecture, imageShape: [28, 28, 1], labelNames: labels, key: Key(seed: 3))
  }

  // MARK: - The networks

  /// The counts of the source: 784·128 + 128 + 128·10 + 10, and 25·64 + 64 + 25·64·128 + 128 + 6272·10 + 10.
  @Test(arguments: [(ClassifierArchitecture.dense, 101_770), (.conv, 269_322), (.convReLU, 269_322)])
  func hasTheParametersOfTheSource(_ architecture: ClassifierArchitecture, count: Int) {
    #expect(Self.classifier(architecture).network.parameterCount == (count, count))
  }

  /// Convolutions without biases, each with a scale, an offset and two running statistics a channel: 9·32 +
  /// 4·32, 9·32·64 + 4·64, twice 9·64² + 4·64, 9·64·128 + 4·128, twice 9·128² + 4·128, 128·32 + 4·32; then
  /// the dense layers, 7·7·32·128 + 128 and 128·10 + 10.
  @Test func resnetHasTheParametersOfItsTable() {
    let convolutions = 416 + 18_688 + 2 * 37_120 + 74_240 + 2 * 147_968 + 4_224
    let (total, statistics) = (convolutions + 200_832 + 1_290, 2 * (32 + 3 * 64 + 3 * 128 + 32))
    #expect(Self.classifier(.resnet).network.parameterCount == (total, total - statistics))
  }

  @Test(arguments: ClassifierArchitecture.allCases, [[28, 28, 1], [32, 31, 3], [9, 9, 2], [1, 1, 1]])
  func takesImagesOfAnySize(_ architecture: ClassifierArchitecture, shape: [Int]) {
    let classifier = NeuralClassifier(
      architecture, imageShape: shape, labelNames: ["a", "b", "c"], key: Key(seed: 1))
    #expect(classifier.logits(.ones([2] + shape)).shape == [2, 3])
  }

  /// The conv network maps pixels to [-1, 1] itself: mid-grey is its zero, and the rest is bias.
  @Test func convMapsPixelsToItsRange() {
    let gray = Self.classifier(.conv).logits(Tensor(repeating: 0.5, shape: [1, 28, 28, 1]))
    #expect(gray.elements == [Float](repeating: 0, count: 10))
    #expect(ClassifierArchitecture.conv.pixelRange == -1...1)
    #expect(ClassifierArchitecture.dense.pixelRange == 0...1)
  }

  @Test func dropoutIsForTrainingOnly() {
    let classifier = Self.classifier(.conv)
    let x = TinyImages.train.tensor([0, 1])
    #expect(classifier.logits(x).elements == classifier.logits(x, .inference).elements)
    let key = Key(seed: 4)
    #expect(classifier.logits(x, .training(key)).elements != classifier.logits(x).elements)
    #expect(classifier.logits(x, .training(key)).elements == classifier.logits(x, .training(key)).elements)
  }

  /// A classifier that is only used builds no gradients of its weights.
  @Test(arguments: ClassifierArchitecture.allCases)
  func isAConstantForAttacks(_ architecture: ClassifierArchitecture) {
    let classifier = Self.classifier(architecture)
    #expect(!classifier.logits(TinyImages.train.tensor([0])).isTracked)
    let x = TinyImages.train.tensor([0]).tracked()
    #expect(gradient(of: classifier.logits(x).sum(), wrt: x).shape == [1, 28, 28, 1])
    #expect(classifier.network.parameters.allSatisfy { !$0.value.isTracked })
  }

  @Test(arguments: ClassifierArchitecture.allCases)
  func freshWeightsFollowFromTheKey(_ architecture: ClassifierArchitecture) {
    func bytes(_ seed: UInt64) -> Data {
      NeuralClassifier(architecture, imageShape: [8, 8, 1], labelNames: ["a", "b"], key: Key(seed: seed))
        .file()
        .encoded()
    }
    #expect(bytes(1) == bytes(1))
    #expect(bytes(1) != bytes(2))
  }

  // MARK: - Files

  @Test(arguments: ClassifierArchitecture.allCases)
  func whatIsStoredIsRead(_ architecture: ClassifierArchitecture) throws {
    let classifier = Self.classifier(architecture)
    try withTemporaryFolder { folder in
      let path = "\(folder)/a/classifier.safetensors"
      let file = classifier.file(manifest: #"{"seed":1}"#)
      #expect(file.metadata["training"] == #"{"seed":1}"#)
      try file.write(to: path)
      let read = try NeuralClassifier(contentsOf: path)
      #expect(read.architecture == architecture)
      #expect(read.name == architecture.rawValue)
      #expect(read.labelNames == Self.labels)
      #expect(read.imageShape == [28, 28, 1])
      #expect(read.weightsSHA256 == SHA256.hex(of: try AtomicFile.read(path)))
      #expect(classifier.weightsSHA256.isEmpty)
      #expect(try NeuralClassifier(contentsOf: path, name: "mine").name == "mine")
      #expect(read.file(manifest: #"{"seed":1}"#) == file)
      let x = TinyImages.train.tensor(Array(0..<10))
      #expect(read.logits(x).elements == classifier.logits(x).elements)
    }
  }

  struct Damage: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable (inout Safetensors) -> Void

    /// A change of one entry of the metadata.
    static func metadata(_ key: String, _ value: String?) -> Damage {
      Damage(description: "\(key) = \(value ?? "nothing")") { $0.metadata[key] = value }
    }

    /// One weight replaced.
    static func weight(_ value: Float) -> Damage {
      Damage(description: "a weight of \(value)") { file in
        guard let entry = file.entries["hidden.weight"] else { return }
        var values = entry.values
        values[77] = value
        file.entries["hidden.weight"] = .init(shape: entry.shape, values: values)
      }
    }
  }

  static let damages: [Damage] = [
    .metadata("format", nil), .metadata("format", "assay/classifier-training/1"), .metadata("format", ""),
    .metadata("architecture", nil), .metadata("architecture", "transformer"),
    .metadata("architecture", "conv"),
    .metadata("labels", nil), .metadata("labels", "[]"), .metadata("labels", "ten"),
    .metadata("labels", "[1]"),
    .metadata("labels", #"["a","b"]"#),
    .metadata("image_shape", nil), .metadata("image_shape", "[28,28]"), .metadata("image_shape", "[28,0,1]"),
    .metadata("image_shape", "[28,28,1,1]"), .metadata("image_shape", "[-28,28,1]"),
    .metadata("image_shape", "[28,28,100000]"), .metadata("image_shape", "[27,28,1]"),
    .metadata("image_shape", "[1e99,1,1]"),
    .weight(.nan), .weight(.infinity), .weight(-.infinity),
    Damage(description: "no weights") { $0.entries = [:] },
    Damage(description: "a missing weight") { $0.entries["logits.bias"] = nil },
    Damage(description: "a weight transposed") { file in
      guard let entry = file.entries["hidden.weight"] else { return }
      file.entries["hidden.weight"] = .init(shape: entry.shape.reversed(), values: entry.values)
    },
  ]

  @Test(arguments: damages)
  func aDamagedFileIsMalformed(_ damage: Damage) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/weights"
      var file = Self.classifier(.dense).file()
      damage.apply(&file)
      try file.write(to: path)
      let error = #expect(throws: FileError.self) { try NeuralClassifier(contentsOf: path) }
      #expect(isMalformed(error), "\(error as Any)")
      #expect(error?.path == path)
    }
  }

  @Test(arguments: [0, 7, 8, 100, 4000, -1])
  func aTruncatedFileIsMalformed(length: Int) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/weights"
      let data = Self.classifier(.dense).file().encoded()
      try AtomicFile.write(length < 0 ? data.dropLast(-length) : data.prefix(length), to: path)
      #expect(isMalformed(#expect(throws: FileError.self) { try NeuralClassifier(contentsOf: path) }))
    }
  }

  @Test func noFileAndAFolderHaveErrorsOfTheirOwn() throws {
    try withTemporaryFolder { folder in
      #expect(
        throws: FileError.missing(path: "\(folder)/none", remedy: "train a classifier to have one")
      ) { try NeuralClassifier(contentsOf: "\(folder)/none") }
      #expect(throws: FileError.unreadable(path: folder, reason: "it is a folder")) {
        try NeuralClassifier(contentsOf: folder)
      }
    }
  }

  // MARK: - The reference weights

  @Test(
    .enabled("the reference weights are here") {
      ReferenceWeights.architectures.allSatisfy {
        FileManager.default.fileExists(atPath: ReferenceWeights.path(of: $0))
      }
    }, arguments: ReferenceWeights.architectures)
  func referenceWeightsAreTheirVersions(_ architecture: ClassifierArchitecture) throws {
    let classifier = try ReferenceWeights.classifier(architecture)
    #expect(classifier.architecture == architecture)
    #expect(classifier.imageShape == [28, 28, 1])
    #expect(classifier.labelNames == DatasetCatalog.fashionMNIST.labelNames)
    #expect(classifier.weightsSHA256 == ReferenceWeights.sha256[architecture])
  }
}
