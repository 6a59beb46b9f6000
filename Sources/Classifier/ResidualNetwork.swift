import Autograd
import Kernels
import Network

/// The network of ``ClassifierArchitecture/resnet``: a small residual network with batch normalization (He et
/// al. 2016; Ioffe and Szegedy 2015), in the form that fast trainings of CIFAR-10 have settled on (ResNet-9).
///
/// | layers | output for 28×28×1 |
/// |---|---|
/// | convolution to 32, convolution to 64, pooling | `[N, 14, 14, 64]` |
/// | residual block of two, convolution to 128, pooling | `[N, 7, 7, 128]` |
/// | residual block of two | `[N, 7, 7, 128]` |
/// | convolution 1×1 to 32, dense to 128 over all positions: the features | `[N, 128]` |
/// | dense | `[N, labels]` |
///
/// Every convolution but one is 3×3, each is followed by batch normalization and ReLU; pooling takes the
/// largest of 2×2 pixels. The features see where things are: a mean over the image would not.
enum ResidualNetwork {
  private static let (first, second, third, squeezed, features) = (32, 64, 128, 32, 128)

  static func make(imageShape: [Int], labels: Int, key: Key) -> Sequential {
    let sizes = sizes(imageShape)
    let last = sizes[2]
    return Sequential([
      "pixels": Affine(scale: 2, offset: -1),
      "stem": block(imageShape[2], first, key.derived(0)),
      "widen1": block(first, second, key.derived(1)),
      "pool1": MaxPooling(window: window(sizes[0])),
      "residual1": Residual(pair(second, key.derived(2))),
      "widen2": block(second, third, key.derived(3)),
      "pool2": MaxPooling(window: window(sizes[1])),
      "residual2": Residual(pair(third, key.derived(4))),
      "squeeze": block(third, squeezed, kernel: 1, key.derived(5)),
      "flatten": Flatten(),
      "hidden": Dense(
        inputs: last[0] * last[1] * squeezed, outputs: features, activation: .relu,
        initializer: .heUniform, key: key.derived(6)),
      "logits": Dense(inputs: features, outputs: labels, key: key.derived(7)),
    ])
  }

  /// The number of weights and running statistics, known without making them.
  static func weightCount(imageShape: [Int], labels: Int) -> Int {
    func block(_ inputs: Int, _ outputs: Int, kernel: Int = 3) -> Int {
      (kernel * kernel * inputs + 4) * outputs
    }
    let last = sizes(imageShape)[2]
    return block(imageShape[2], first) + block(first, second) + 2 * block(second, second)
      + block(second, third) + 2 * block(third, third) + block(third, squeezed, kernel: 1)
      + (last[0] * last[1] * squeezed + 1) * features + (features + 1) * labels
  }

  /// `[H, W, C]` of what the features are made of.
  static func flattened(_ imageShape: [Int]) -> [Int] { sizes(imageShape)[2] + [squeezed] }

  /// `[height, width]` before, between and behind the poolings.
  private static func sizes(_ imageShape: [Int]) -> [[Int]] {
    var sizes = [Array(imageShape.prefix(2))]
    for _ in 0..<2 { sizes.append(sizes[sizes.count - 1].map { $0 / window(sizes[sizes.count - 1]) }) }
    return sizes
  }

  /// Images of one row or column cannot be halved.
  private static func window(_ size: [Int]) -> Int { min(2, size.min() ?? 1) }

  private static func block(
    _ inputs: Int, _ outputs: Int, kernel: Int = 3, _ key: Key
  ) -> NormalizedConvolution {
    NormalizedConvolution(
      inputs: inputs, outputs: outputs, kernel: kernel, activation: .relu, initializer: .heUniform, key: key)
  }

  private static func pair(_ channels: Int, _ key: Key) -> Sequential {
    Sequential([
      "first": block(channels, channels, key.derived(0)), "second": block(channels, channels, key.derived(1)),
    ])
  }
}
