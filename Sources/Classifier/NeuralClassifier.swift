import Autograd
import Files
import FoundationEssentials
import Kernels
import Network

/// A classifier of one of the catalogued architectures, with its weights.
public final class NeuralClassifier: StoredClassifier, TrainedClassifier {
  /// What a file of weights says that it is.
  package static let format = Metadata.format

  /// What is to be done where there is no file.
  package static let remedy = "train a classifier to have one"

  /// Which of the catalogued networks it is.
  public let architecture: ClassifierArchitecture
  /// What it is called in tables: the name that it was loaded under, else that of the architecture.
  public let name: String
  /// What the labels are called, in the order of the logits.
  public let labelNames: [String]
  /// `[H, W, C]` of the images that it takes.
  public let imageShape: [Int]
  /// The layers and their weights. Pixels come in as [0, 1], also where the network itself works in [-1, 1].
  public let network: Sequential
  /// SHA-256 of the file the weights came from; empty for weights that were not read from one.
  public let weightsSHA256: String

  /// A classifier with fresh weights.
  ///
  /// - Parameters:
  ///   - architecture: also gives the classifier its name.
  ///   - imageShape: `[H, W, C]` of the images that it is to take.
  ///   - labelNames: one a logit, in their order.
  ///   - hidden: for the weights of all layers but the last.
  ///   - key: what the weights follow from.
  public init(
    _ architecture: ClassifierArchitecture, imageShape: [Int], labelNames: [String],
    hidden: Initializer = .glorotUniform, key: Key
  ) {
    self.architecture = architecture
    self.labelNames = labelNames
    self.imageShape = imageShape
    name = architecture.rawValue
    weightsSHA256 = ""
    network = architecture.network(
      imageShape: imageShape, labels: labelNames.count, hidden: hidden, key: key)
  }

  init(
    _ architecture: ClassifierArchitecture, name: String, imageShape: [Int], labelNames: [String],
    _ network: Sequential, sha256: String
  ) {
    self.architecture = architecture
    self.name = name
    self.imageShape = imageShape
    self.labelNames = labelNames
    self.network = network
    weightsSHA256 = sha256
  }

  /// A classifier that was stored.
  ///
  /// - Parameters:
  ///   - path: of a file as ``file(manifest:)`` makes it.
  ///   - name: what it is called in tables; the architecture's name where nil.
  /// - Throws: `FileError`: missing, unreadable, or not a classifier that this version knows.
  public init(contentsOf path: String, name: String? = nil) throws(FileError) {
    let (file, sha256) = try Safetensors.read(path, remedy: Self.remedy) {
      (header) throws(FileError) in try Self.check(header, path: path)
    }
    let metadata = try Metadata(file.metadata, path: path)
    architecture = metadata.architecture
    labelNames = metadata.labels
    imageShape = metadata.imageShape
    self.name = name ?? architecture.rawValue
    weightsSHA256 = sha256
    network = architecture.network(
      imageShape: imageShape, labels: labelNames.count, key: Key(seed: 0))
    try network.load(file, path: path)
    try file.checkFinite(path: path)
  }

  /// Before memory is asked for: a few bytes of metadata can describe a network of terabytes.
  private static func check(_ header: SafetensorsHeader, path: String) throws(FileError) {
    let metadata = try Metadata(header.metadata, path: path)
    let (shape, labels) = (metadata.imageShape, metadata.labels.count)
    let expected = metadata.architecture.weightCount(imageShape: shape, labels: labels)
    guard header.valueCount == expected else {
      throw .malformed(
        path: path, expected: "\(expected) weights for images \(shape) of \(labels) labels",
        found: "\(header.valueCount) weights")
    }
  }

  /// Logits `[N, labels]` of `images` `[N, H, W, C]` with pixels in [0, 1], in inference mode.
  public func logits(_ images: Tensor) -> Tensor { logits(images, .inference) }

  /// Features: 128 numbers an image, the hidden activations of `dense` and `resnet`, and the second
  /// convolution's activations of `conv` and `conv-relu`, averaged over the image.
  public func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let (features, logits) = network.outputs(of: architecture.featureLayer, images, .inference)
    return (features.rank == 4 ? features.mean(axes: [1, 2]) : features, logits)
  }

  /// Logits `[N, labels]` of `images` `[N, H, W, C]` with pixels in [0, 1].
  public func logits(_ images: Tensor, _ pass: Pass) -> Tensor {
    check(images)
    return network(images, pass)
  }

  /// Lower bounds `[N, labels]` of z_y - z_j over a box of images, in inference mode: z are the logits, y is
  /// the label; 0 where j = y.
  ///
  /// - Parameters:
  ///   - images: the box, `[N, H, W, C]`, pixels in [0, 1].
  ///   - labels: y of each image, `[N]`.
  ///   - widening: what the features before the last layer are taken to be uncertain by, as a share of their
  ///     size.
  public func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
    check(images.center)
    return network.worstCaseMargins(images, labels: labels, widening: widening)
  }

  private func check(_ images: Tensor) {
    precondition(
      images.rank == 4 && Array(images.shape.dropFirst()) == imageShape,
      "NeuralClassifier: images \(images.shape) for a classifier of \(imageShape)")
  }

  /// The weights as a file.
  ///
  /// - Parameter manifest: how they were made, as text; it becomes part of the bytes.
  public func file(manifest: String = "") -> Safetensors {
    Safetensors(
      entries: network.entries(),
      metadata: Metadata(architecture: architecture, labels: labelNames, imageShape: imageShape)
        .dictionary(manifest: manifest))
  }

  /// What a file says of a classifier beside the weights.
  struct Metadata {
    static let format = "assay/classifier/1"
    let architecture: ClassifierArchitecture
    let labels: [String]
    let imageShape: [Int]

    init(architecture: ClassifierArchitecture, labels: [String], imageShape: [Int]) {
      self.architecture = architecture
      self.labels = labels
      self.imageShape = imageShape
    }

    init(_ dictionary: [String: String], path: String) throws(FileError) {
      guard dictionary["format"] == Self.format else {
        throw .malformed(
          path: path, expected: "a classifier (\(Self.format))",
          found: dictionary["format"].map { "the format \($0.visible(limit: 80))" }
            ?? "a safetensors file that does not say what it is: its metadata has no format")
      }
      let named = dictionary["architecture"] ?? "none"
      guard let architecture = ClassifierArchitecture(rawValue: named) else {
        let known = ClassifierArchitecture.allCases.map(\.rawValue).joined(separator: ", ")
        throw .malformed(path: path, expected: "the architecture \(known)", found: named)
      }
      guard let labels = Self.list(String.self, dictionary["labels"]), (1...1000).contains(labels.count),
        let shape = Self.list(Int.self, dictionary["image_shape"]), shape.count == 3,
        shape.allSatisfy({ (1...4096).contains($0) })
      else {
        throw .malformed(
          path: path, expected: "labels and an image shape [H, W, C]",
          found: "labels \((dictionary["labels"] ?? "none").visible(limit: 80)), "
            + "shape \((dictionary["image_shape"] ?? "none").visible(limit: 80))")
      }
      // They go into tables and drawings.
      self.init(
        architecture: architecture, labels: labels.map { $0.visible(limit: 80) }, imageShape: shape)
    }

    func dictionary(manifest: String) -> [String: String] {
      let range = architecture.pixelRange
      var result = [
        "format": Self.format, "architecture": architecture.rawValue, "labels": Self.text(labels),
        "image_shape": Self.text(imageShape),
        "preprocessing": "pixels [0, 1] to [\(range.lowerBound), \(range.upperBound)] inside the network",
      ]
      if !manifest.isEmpty { result["training"] = manifest }
      return result
    }

    private static func list<Element: Decodable>(_: Element.Type, _ text: String?) -> [Element]? {
      text.flatMap { try? JSONDecoder().decode([Element].self, from: Data($0.utf8)) }
    }

    private static func text<Element: Encodable>(_ list: [Element]) -> String {
      (try? JSON.line(list)) ?? "[]"
    }
  }
}
