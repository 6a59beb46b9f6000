import Autograd
import Kernels
import Network

/// The networks, for images `[H, W, C]`: the two of the source, and one that teaches.
public enum ClassifierArchitecture: String, CaseIterable, Codable, Sendable {
  /// Flatten → dense 128, ReLU → dense, one logit a label. Pixels in [0, 1].
  case dense
  /// Convolution 5×5 stride 2, 64 → the same, 128 → flatten → dense, one logit a label; LeakyReLU 0.3 and
  /// dropout 0.3 after each convolution, "same" padding. Pixels in [-1, 1].
  case conv
  /// Five 3×3 convolutions with batch normalization and ReLU: 32, then 64 twice, then 128 twice, the second and the
  /// fourth with stride 2 → global average → dense, one logit a label. Pixels in [-1, 1].
  ///
  /// Not one of the reference classifiers: it is the teacher whose probabilities the reference conv classifier learns.
  case deep

  /// The architectures whose weights ship with the package.
  public static let references: [ClassifierArchitecture] = [.dense, .conv]

  /// The network with fresh weights (Glorot-uniform, zero biases: the defaults of Keras, as in the source).
  func network(imageShape: [Int], labels: Int, key: Key) -> Sequential {
    let (height, width, channels) = (imageShape[0], imageShape[1], imageShape[2])
    switch self {
    case .dense:
      return Sequential([
        "flatten": Flatten(),
        "hidden": Dense(
          inputs: height * width * channels, outputs: 128, activation: .relu, key: key.derived(0)),
        "logits": Dense(inputs: 128, outputs: labels, key: key.derived(1)),
      ])
    case .conv:
      let quarter = [height, width].map { (($0 + 1) / 2 + 1) / 2 }
      return Sequential([
        "pixels": Affine(scale: 2, offset: -1),
        "conv1": Convolution(
          inputs: channels, outputs: 64, kernel: 5, stride: 2, activation: .leakyRelu(slope: 0.3),
          key: key.derived(0)),
        "dropout1": Dropout(rate: 0.3),
        "conv2": Convolution(
          inputs: 64, outputs: 128, kernel: 5, stride: 2, activation: .leakyRelu(slope: 0.3),
          key: key.derived(1)),
        "dropout2": Dropout(rate: 0.3),
        "flatten": Flatten(),
        "logits": Dense(inputs: quarter[0] * quarter[1] * 128, outputs: labels, key: key.derived(2)),
      ])
    case .deep:
      func block(_ index: Int, _ inputs: Int, _ outputs: Int, stride: Int = 1) -> Sequential {
        Sequential([
          "convolution": Convolution(
            inputs: inputs, outputs: outputs, kernel: 3, stride: stride, bias: false,
            initializer: .heNormal, key: key.derived(index)),
          "norm": BatchNormalization(channels: outputs),
          "relu": Activate(.relu),
        ])
      }
      return Sequential([
        "pixels": Affine(scale: 2, offset: -1),
        "block1": block(0, channels, 32),
        "block2": block(1, 32, 64, stride: 2),
        "block3": block(2, 64, 64),
        "block4": block(3, 64, 128, stride: 2),
        "block5": block(4, 128, 128),
        "average": GlobalAveragePooling(),
        "logits": Dense(inputs: 128, outputs: labels, key: key.derived(5)),
      ])
    }
  }

  /// The number of weights of ``network(imageShape:labels:key:)``, known without making it.
  package func weightCount(imageShape: [Int], labels: Int) -> Int {
    let (height, width, channels) = (imageShape[0], imageShape[1], imageShape[2])
    switch self {
    case .dense: return (height * width * channels + 1) * 128 + (128 + 1) * labels
    case .conv:
      let quarter = [height, width].map { (($0 + 1) / 2 + 1) / 2 }
      return (25 * channels + 1) * 64 + (25 * 64 + 1) * 128 + (quarter[0] * quarter[1] * 128 + 1) * labels
    case .deep:
      // A kernel and the four figures a channel of a batch normalization, for each block.
      let sizes = [channels, 32, 64, 64, 128, 128]
      let blocks = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + (9 * $1.0 + 4) * $1.1 }
      return blocks + (128 + 1) * labels
    }
  }

  /// The range that the network itself sees pixels in; what comes in is always [0, 1].
  public var pixelRange: ClosedRange<Double> {
    switch self {
    case .dense: 0...1
    case .conv, .deep: -1...1
    }
  }
}
