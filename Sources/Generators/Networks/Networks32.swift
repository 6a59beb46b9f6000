import Autograd
import Network

import struct Kernels.Key

/// The convolutional conditional networks of Liu, for 32×32 images.
///
/// The report says: convolutional, near to DCGAN (Radford, Metz and Chintala 2016), tanh at the end. The
/// widths are ours: DCGAN's with a quarter of its channels.
enum Networks32 {
  private static let initializer = Initializer.normal(deviation: 0.02)
  private static let padding = Padding.symmetric(1)

  /// Dense 4·4·256 → transposed convolutions 4×4 stride 2 to 128, 64 and the colours; batch normalization and
  /// ReLU between, tanh.
  static func generator(noise: Int, labels: Int, channels: Int = 1, key: Key) -> any GeneratorNetwork {
    func up(_ inputs: Int, _ outputs: Int, _ part: Int) -> TransposedConvolution {
      TransposedConvolution(
        inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: padding, initializer: initializer,
        key: key.derived(part))
    }
    return ChainGenerator(
      Sequential([
        "dense": Dense(inputs: noise + labels, outputs: 4096, initializer: initializer, key: key.derived(0)),
        "norm1": BatchNormalization(channels: 4096), "relu1": Activate(.relu),
        "reshape": Reshape([4, 4, 256]),
        "up1": up(256, 128, 1), "norm2": BatchNormalization(channels: 128), "relu2": Activate(.relu),
        "up2": up(128, 64, 2), "norm3": BatchNormalization(channels: 64), "relu3": Activate(.relu),
        "up3": up(64, channels, 3), "tanh": Tanh(),
      ]), labels: labels)
  }

  /// Convolutions 4×4 stride 2 to 64, 128 and 256, LeakyReLU 0.2 → dense 1; the label as planes of the image.
  ///
  /// - Parameter normalized: batch normalization on the second and the third; not for critics.
  static func discriminator(
    labels: Int, channels: Int = 1, normalized: Bool, key: Key
  ) -> any DiscriminatorNetwork {
    func down(_ inputs: Int, _ outputs: Int, _ part: Int, bias: Bool = true) -> Convolution {
      Convolution(
        inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: padding, bias: bias,
        initializer: initializer, key: key.derived(part))
    }
    func norm(_ channels: Int) -> any Layer {
      normalized ? BatchNormalization(channels: channels) : Identity()
    }
    let leaky = Activation.leakyRelu(slope: 0.2)
    return LabelPlaneDiscriminator(
      stem: down(channels, 64, 0), labelStem: down(labels, 64, 4, bias: false),
      trunk: Sequential([
        "leaky1": Activate(leaky), "conv2": down(64, 128, 1), "norm2": norm(128), "leaky2": Activate(leaky),
        "conv3": down(128, 256, 2), "norm3": norm(256), "leaky3": Activate(leaky), "flatten": Flatten(),
        "score": Dense(inputs: 4096, outputs: 1, initializer: initializer, key: key.derived(3)),
      ]), labels: labels, size: 32)
  }
}
