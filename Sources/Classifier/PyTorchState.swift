import Autograd
import Files
import Kernels
import Network

/// Weights that PyTorch wrote (`safetensors.torch.save_file(model.state_dict(), …)`) for one of the
/// catalogued architectures.
///
/// The modules are called as the layers here: `hidden` and `logits`, `conv1` and `conv2`; a block of `resnet`
/// is `nn.Sequential(conv, norm, relu)`, so that its tensors are `stem.0.weight`, `stem.1.running_mean`, ….
/// PyTorch has convolutions `[Cout, Cin, KH, KW]` and dense weights `[out, in]`, and flattens channels first.
struct PyTorchState {
  private let file: Safetensors
  private let path: String
  /// `[H, W, C]` of what the first dense layer flattens.
  private let flattened: [Int]

  init(_ file: Safetensors, path: String, flattened: [Int]) {
    self.file = file
    self.path = path
    self.flattened = flattened
  }

  /// The same weights by the names and in the layouts that ``NeuralClassifier`` has.
  ///
  /// - Throws: `FileError` for a tensor that is missing, of another shape or left over.
  func converted(for network: Sequential) throws(FileError) -> Safetensors {
    var entries: [String: Safetensors.Entry] = [:]
    var wanted: Set<String> = []
    for (name, parameter) in network.namedParameters {
      let (own, shape) = (Self.name(of: name, in: network), parameter.value.shape)
      wanted.insert(own)
      let value: Tensor
      switch shape.count {
      case 4:
        value = try file.tensor(own, shape: [3, 2, 0, 1].map { shape[$0] }, path: path).transposed([
          2, 3, 1, 0,
        ])
      case 2: value = try dense(own, shape)
      default: value = try file.tensor(own, shape: shape, path: path)
      }
      entries[name] = Safetensors.Entry(shape: shape, values: value.elements)
    }
    if let other = file.entries.keys.sorted().first(where: { !wanted.contains($0) }) {
      throw .malformed(
        path: path, expected: "the tensors \(wanted.sorted().joined(separator: ", "))",
        found: "\(other.visible(limit: 80)) as well")
    }
    return Safetensors(entries: entries)
  }

  /// `[out, in]` as `[in, out]`; behind images with the channels last.
  private func dense(_ name: String, _ shape: [Int]) throws(FileError) -> Tensor {
    let weight = try file.tensor(name, shape: [shape[1], shape[0]], path: path).transposed([1, 0])
    guard shape[0] == flattened.product else { return weight }
    let (height, width, channels) = (flattened[0], flattened[1], flattened[2])
    return weight.reshaped([channels, height, width, shape[1]]).transposed([1, 2, 0, 3]).reshaped(shape)
  }

  /// PyTorch's name of a parameter.
  private static func name(of name: String, in network: Sequential) -> String {
    let parts = name.split(separator: ".")
    let (layer, leaf) = (parts.dropLast().joined(separator: "."), String(parts.last ?? ""))
    let isNormalized = network.namedParameters.contains { $0.name == "\(layer).runningMean" }
    guard isNormalized else { return name }
    let leaves = [
      "weight": "0.weight", "scale": "1.weight", "offset": "1.bias", "runningMean": "1.running_mean",
      "runningVariance": "1.running_var",
    ]
    return "\(layer).\(leaves[leaf] ?? leaf)"
  }
}

extension NeuralClassifier {
  /// The classifier whose weights PyTorch wrote, as `model.state_dict()` gives them, into a safetensors file.
  ///
  /// - Parameters:
  ///   - path: of the file; it holds floating-point tensors alone.
  ///   - architecture: what the weights are for; the file does not tell.
  ///   - imageShape: `[H, W, C]` of the images that it takes, with pixels in [0, 1].
  ///   - labelNames: in the order of its logits.
  ///   - name: what it is called in tables.
  /// - Throws: `FileError`: missing, unreadable, or not these weights.
  public convenience init(
    pyTorchState path: String, _ architecture: ClassifierArchitecture, imageShape: [Int],
    labelNames: [String], name: String
  ) throws(FileError) {
    let expected = architecture.weightCount(imageShape: imageShape, labels: labelNames.count)
    let (file, sha256) = try Safetensors.read(path, remedy: Self.remedy) { header throws(FileError) in
      guard header.valueCount == expected else {
        throw .malformed(
          path: path,
          expected: "\(expected) weights of \(architecture.rawValue) for images \(imageShape) of "
            + "\(labelNames.count) labels",
          found: "\(header.valueCount) weights")
      }
    }
    let network = architecture.network(
      imageShape: imageShape, labels: labelNames.count, key: Key(seed: 0))
    let state = PyTorchState(file, path: path, flattened: architecture.flattened(imageShape))
    try network.load(state.converted(for: network), path: path)
    try file.checkFinite(path: path)
    self.init(
      architecture, name: name, imageShape: imageShape, labelNames: labelNames, network, sha256: sha256)
  }
}
