import Autograd
import Kernels
import Network

/// The two networks of the source (E_in-style, Brayton et al., 2021), a variant for certificates, and a
/// strong one; for images `[H, W, C]`.
public enum ClassifierArchitecture: String, CaseIterable, Codable, Sendable {
  /// Flatten → dense 128, ReLU → dense, one logit a label. Pixels in [0, 1].
  case dense
  /// Convolution 5×5 stride 2, 64 → the same, 128 → flatten → dense, one logit a label; LeakyReLU 0.3 and
  /// dropout 0.3 after each convolution, "same" padding. Pixels in [-1, 1].
  case conv
  /// ``conv`` with ReLU. Interval bounds want it: behind a LeakyReLU of slope 0.3 a hidden value is uncertain
  /// by 0.3 of its width even where it is negative for certain, behind a ReLU it is 0.
  case convReLU = "conv-relu"
  /// A small residual network with batch normalization: seven convolutions, two residual blocks. Pixels in
  /// [-1, 1].
  case resnet

  /// The network with fresh weights (Glorot-uniform, zero biases: the defaults of Keras, as in the source;
  /// He's for ``resnet``).
  ///
  /// - Parameter hidden: for the weights of all layers but the last.
  func network(
    imageShape: [Int], labels: Int, hidden: Initializer = .glorotUniform, key: Key
  ) -> Sequential {
    let (height, width, channels) = (imageShape[0], imageShape[1], imageShape[2])
    switch self {
    case .dense:
      return Sequential([
        "flatten": Flatten(),
        "hidden": Dense(
          inputs: height * width * channels, outputs: 128, activation: .relu, initializer: hidden,
          key: key.derived(0)),
        "logits": Dense(inputs: 128, outputs: labels, key: key.derived(1)),
      ])
    case .conv, .convReLU:
      let activation: Activation = self == .conv ? .leakyRelu(slope: 0.3) : .relu
      let quarter = [height, width].map { (($0 + 1) / 2 + 1) / 2 }
      return Sequential([
        "pixels": Affine(scale: 2, offset: -1),
        "conv1": Convolution(
          inputs: channels, outputs: 64, kernel: 5, stride: 2, activation: activation,
          initializer: hidden, key: key.derived(0)),
        "dropout1": Dropout(rate: 0.3),
        "conv2": Convolution(
          inputs: 64, outputs: 128, kernel: 5, stride: 2, activation: activation,
          initializer: hidden, key: key.derived(1)),
        "dropout2": Dropout(rate: 0.3),
        "flatten": Flatten(),
        "logits": Dense(inputs: quarter[0] * quarter[1] * 128, outputs: labels, key: key.derived(2)),
      ])
    case .resnet: return ResidualNetwork.make(imageShape: imageShape, labels: labels, key: key)
    }
  }

  /// The number of weights of ``network(imageShape:labels:key:)``, known without making it.
  package func weightCount(imageShape: [Int], labels: Int) -> Int {
    let (height, width, channels) = (imageShape[0], imageShape[1], imageShape[2])
    switch self {
    case .dense: return (height * width * channels + 1) * 128 + (128 + 1) * labels
    case .conv, .convReLU:
      let quarter = [height, width].map { (($0 + 1) / 2 + 1) / 2 }
      return (25 * channels + 1) * 64 + (25 * 64 + 1) * 128 + (quarter[0] * quarter[1] * 128 + 1) * labels
    case .resnet: return ResidualNetwork.weightCount(imageShape: imageShape, labels: labels)
    }
  }

  /// `[H, W, C]` of what the first dense layer flattens.
  func flattened(_ imageShape: [Int]) -> [Int] {
    switch self {
    case .dense: imageShape
    case .conv, .convReLU: imageShape.prefix(2).map { (($0 + 1) / 2 + 1) / 2 } + [128]
    case .resnet: ResidualNetwork.flattened(imageShape)
    }
  }

  /// The last layer before the one that decides.
  var featureLayer: String {
    switch self {
    case .dense, .resnet: "hidden"
    case .conv, .convReLU: "conv2"
    }
  }

  /// The range that the network itself sees pixels in; what comes in is always [0, 1].
  public var pixelRange: ClosedRange<Double> {
    switch self {
    case .dense: 0...1
    case .conv, .convReLU, .resnet: -1...1
    }
  }

  /// Whether it can be trained on interval bounds. There are none of the moments of a batch.
  public var hasTrainingBounds: Bool { self != .resnet }

  /// Whether what an image becomes in training depends on its batch, by batch normalization.
  public var normalizesBatches: Bool { self == .resnet }
}
