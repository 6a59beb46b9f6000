import Autograd
import Files
import Network

/// A classifier out of an ONNX file: every attack, certificate and judge takes it as it takes our own.
///
/// The graph runs on this package's tensors, so that its gradients are those of its own operations. A softmax
/// at its end is left out: attacks want logits.
public final class ForeignClassifier: StoredClassifier {
  /// What is to be done where there is no file.
  package static let remedy = "export a network to have one"

  /// The endings of files that are read here, or refused with the lines that export them.
  package static let pathExtensions = OtherFormat.pathExtensions.union(["onnx"])

  /// What it is called in tables.
  public let name: String
  /// What the labels are called, in the order of the logits: as given, else as the file says, else numbers.
  public let labelNames: [String]
  /// `[H, W, C]` of the images that it takes, with pixels in [0, 1].
  public let imageShape: [Int]
  /// SHA-256 of the file and of the files of weights beside it.
  public let weightsSHA256: String
  /// What was done to the graph that its author did not ask for, in sentences.
  public let notes: [String]
  private let network: ForeignNetwork
  private let columns: [Int]?

  /// Reads a classifier.
  ///
  /// - Parameters:
  ///   - path: of the `.onnx` file; weights may stand in files beside it.
  ///   - name: what it is called in tables.
  ///   - imageShape: `[H, W, C]` of the images at hand, for a network that leaves sizes open.
  ///   - labelNames: of the logits, in their order; nil for those of the file.
  ///   - dataLabels: what the data calls its labels. Where the classifier has the same names in another
  ///     order, its logits are put into this one; where its own are not known, these are taken.
  ///   - preprocessing: what the network wants of its pixels, beyond what its graph does.
  ///   - features: the node whose values are the features; nil for the input of the last dense layer.
  /// - Throws: `FileError` for a file that cannot be read, or a network that cannot be run: each operator,
  ///   node and version by name.
  public init(
    contentsOf path: String, name: String, imageShape: [Int]? = nil, labelNames: [String]? = nil,
    dataLabels: [String]? = nil, preprocessing: Preprocessing = Preprocessing(), features: String? = nil
  ) throws(FileError) {
    network = try ForeignNetwork(
      contentsOf: path, imageShape: imageShape, preprocessing, featureNode: features, remedy: Self.remedy)
    let channels = network.imageShape[2]
    for numbers in [preprocessing.mean, preprocessing.deviation]
    where ![0, 1, channels].contains(numbers.count) {
      throw .malformed(
        path: path, expected: "a mean and a deviation of one number or \(channels)", found: "\(numbers.count)"
      )
    }
    if let labelNames, labelNames.count != network.labels {
      throw .malformed(
        path: path, expected: "\(network.labels) names of labels, one a logit", found: "\(labelNames.count)")
    }
    let own = labelNames ?? network.labelNames
    if let dataLabels, dataLabels.count == network.labels {
      columns = own.flatMap { Self.places(of: dataLabels, in: $0) }
      self.labelNames = own == nil || columns != nil ? dataLabels : own ?? dataLabels
    } else {
      columns = nil
      self.labelNames = own ?? (0..<network.labels).map(String.init)
    }
    self.name = name
    self.imageShape = network.imageShape
    weightsSHA256 = network.sha256
    notes = network.notes.map { "\(name): \($0)" }
  }

  /// Where each of `names` stands in `others`, which are the same in another order; else nil.
  private static func places(of names: [String], in others: [String]) -> [Int]? {
    let places = names.compactMap { others.firstIndex(of: $0) }
    return places != Array(names.indices) && Set(places).count == names.count ? places : nil
  }

  /// Logits `[N, labels]` of images `[N, H, W, C]` with pixels in [0, 1].
  public func logits(_ images: Tensor) -> Tensor {
    check(images)
    return inOrder(network.program(images, results: [network.logits])[0])
  }

  /// Features `[N, d]`: the input of the last dense layer, or the values of the node that was named; images
  /// `[N, d, H, W]` among them are averaged over their pixels.
  ///
  /// - Precondition: ``featureCount`` is not nil.
  public func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    check(images)
    guard let place = network.features else {
      preconditionFailure("ForeignClassifier: \(name) has no features")
    }
    let results = network.program(images, results: [place.slot, network.logits])
    return (place.flattened(results[0]), inOrder(results[1]))
  }

  /// The number of its features; nil where it is not known which values they are.
  public var featureCount: Int? { network.features?.featureCount }

  package var hasBounds: Bool { network.program.steps.allSatisfy(\.operation.hasBounds) }

  /// What keeps certificates by interval bounds from it; nil where nothing does.
  public var unbounded: String? {
    hasBounds ? nil : "operations whose bounds are not known, such as Gelu or a product of two results"
  }

  /// Lower bounds `[N, labels]` of z_y - z_j over a box of images.
  ///
  /// - Precondition: ``unbounded`` is nil.
  public func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
    check(images.center)
    return inOrder(
      network.worstCaseMargins(images, labels: labels.map { columns?[$0] ?? $0 }, widening: widening))
  }

  /// The columns as the data has its labels.
  private func inOrder(_ logits: Tensor) -> Tensor {
    guard let columns else { return logits }
    return logits.transposed([1, 0]).gatherRows(columns).transposed([1, 0])
  }

  private func check(_ images: Tensor) {
    precondition(
      images.rank == 4 && Array(images.shape.dropFirst()) == imageShape,
      "ForeignClassifier: images \(images.shape) for a classifier of \(imageShape)")
  }
}

extension ComputedValue {
  fileprivate var featureCount: Int { shape.count == 3 ? shape[0] : shape.product }

  /// The tensor at this place as `[N, d]`: channels averaged over their pixels, or all values in memory.
  fileprivate func flattened(_ x: Tensor) -> Tensor {
    shape.count == 3 ? x.mean(axes: [2, 3].map(memoryAxis).sorted()) : x.flattened()
  }
}
