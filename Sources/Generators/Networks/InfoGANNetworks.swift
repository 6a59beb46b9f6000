import Autograd
import Network

import struct Kernels.Key

/// The networks of InfoGAN (Chen et al. 2016, appendix C.1), which the ten GANs of the collection share.
///
/// Generator: dense 1024 → dense 7·7·128 → transposed convolutions 4×4 stride 2 to 64 and to 1 channel, batch
/// normalization and ReLU between them, tanh at the end. Discriminator: convolutions 4×4 stride 2 to 64 and
/// 128 → dense 1024 → dense, LeakyReLU 0.2 between them, and batch normalization but on the first.
enum InfoGANNetworks {
  /// The collection's initial weights: normal with deviation 0.02, biases 0.
  static let initializer = Initializer.normal(deviation: 0.02)
  private static let slope: Float = 0.2
  private static let padding = Padding.symmetric(1)

  /// - Parameter inputs: the size of the noise, with labels and codes.
  static func generator(inputs: Int, labels: Int = 0, key: Key) -> any GeneratorNetwork {
    chain(inputs: inputs, labels: labels, last: Tanh(), key: key)
  }

  /// The decoder of a variational autoencoder.
  static func decoder(inputs: Int, labels: Int, key: Key) -> VariationalDecoder {
    VariationalDecoder(chain(inputs: inputs, labels: labels, last: Identity(), key: key))
  }

  private static func chain(inputs: Int, labels: Int, last: any Layer, key: Key) -> ChainGenerator {
    ChainGenerator(
      Sequential([
        "dense1": Dense(inputs: inputs, outputs: 1024, initializer: initializer, key: key.derived(0)),
        "norm1": BatchNormalization(channels: 1024), "relu1": Activate(.relu),
        "dense2": Dense(inputs: 1024, outputs: 6272, initializer: initializer, key: key.derived(1)),
        "norm2": BatchNormalization(channels: 6272), "relu2": Activate(.relu),
        "reshape": Reshape([7, 7, 128]),
        "up1": TransposedConvolution(
          inputs: 128, outputs: 64, kernel: 4, stride: 2, padding: padding, initializer: initializer,
          key: key.derived(2)),
        "norm3": BatchNormalization(channels: 64), "relu3": Activate(.relu),
        "up2": TransposedConvolution(
          inputs: 64, outputs: 1, kernel: 4, stride: 2, padding: padding, initializer: initializer,
          key: key.derived(3)),
        "tanh": last,
      ]), labels: labels)
  }

  /// - Parameters:
  ///   - normalized: batch normalization; never under a gradient penalty, which is a matter of each image by
  ///     itself.
  ///   - outputs: 1 for a score alone; more for heads on the same trunk.
  static func trunk(normalized: Bool, outputs: Int, key: Key) -> Sequential {
    Sequential(
      features(normalized: normalized, key: key).layers + [
        ("dense4", Dense(inputs: 1024, outputs: outputs, initializer: initializer, key: key.derived(3)))
      ])
  }

  /// From the first activation to the 1024 features.
  static func features(normalized: Bool, key: Key) -> Sequential {
    func normalization(_ channels: Int) -> any Layer {
      normalized ? BatchNormalization(channels: channels) : Identity()
    }
    return Sequential([
      "leaky1": Activate(.leakyRelu(slope: slope)),
      "conv2": Convolution(
        inputs: 64, outputs: 128, kernel: 4, stride: 2, padding: padding, initializer: initializer,
        key: key.derived(1)),
      "norm2": normalization(128), "leaky2": Activate(.leakyRelu(slope: slope)), "flatten": Flatten(),
      "dense3": Dense(inputs: 6272, outputs: 1024, initializer: initializer, key: key.derived(2)),
      "norm3": normalization(1024), "leaky3": Activate(.leakyRelu(slope: slope)),
    ])
  }

  /// The first convolution, before its activation.
  static func stem(key: Key) -> Convolution {
    Convolution(
      inputs: 1, outputs: 64, kernel: 4, stride: 2, padding: padding, initializer: initializer,
      key: key.derived(0))
  }

  static func discriminator(normalized: Bool = true, key: Key) -> any DiscriminatorNetwork {
    InfoGANDiscriminator(normalized: normalized, key: key)
  }

  /// With the label as ten more planes of the image.
  static func conditionalDiscriminator(labels: Int, key: Key) -> any DiscriminatorNetwork {
    LabelPlaneDiscriminator(
      stem: stem(key: key),
      labelStem: Convolution(
        inputs: labels, outputs: 64, kernel: 4, stride: 2, padding: padding, bias: false,
        initializer: initializer,
        key: key.derived(4)),
      trunk: trunk(normalized: true, outputs: 1, key: key), labels: labels, size: 28)
  }
}

/// The discriminator, with heads beside the score where asked for: `outputs` = score, codes, labels, in this
/// order.
final class InfoGANDiscriminator: DiscriminatorNetwork {
  private let stem: Convolution
  private let trunk: Sequential
  private let codes, labels: Int

  init(normalized: Bool = true, codes: Int = 0, labels: Int = 0, key: Key) {
    stem = InfoGANNetworks.stem(key: key)
    trunk = InfoGANNetworks.trunk(normalized: normalized, outputs: 1 + codes + labels, key: key)
    self.codes = codes
    self.labels = labels
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    stem.namedParameters.map { ("conv1.\($0.name)", $0.parameter) } + trunk.namedParameters
  }

  func callAsFunction(_ images: Tensor, _ _: [Int]?, _ pass: Pass) -> Judgement {
    let count = images.shape[0]
    let y = trunk(stem(images, pass), pass)
    func columns(_ start: Int, _ size: Int) -> Tensor? {
      size > 0 ? y.sliced(start: [0, start], size: [count, size]) : nil
    }
    return Judgement(
      score: (codes + labels > 0 ? y.sliced(start: [0, 0], size: [count, 1]) : y).reshaped([count]),
      labels: columns(1 + codes, labels), codes: columns(1, codes))
  }
}
