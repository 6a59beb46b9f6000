import Autograd
import Network

import struct Kernels.Key

/// The small DCGAN of Cuesta Córdova, "GANs on Fashion-MNIST", and the larger networks that the report tried
/// instead.
enum SmallDCGANNetworks {
  /// Which layers batch normalization follows.
  enum Normalization {
    case none
    /// The generator's transposed convolutions and the discriminator's second convolution (figures 2 and 3).
    case asPrinted
    /// Every layer but the last one of the discriminator, a score.
    case everywhere
  }

  /// What turns the discriminator's last pixels into a score.
  enum Top {
    /// The maximum over the pixels → dense 1.
    case maximum
    /// All pixels → dense 1.
    case flatten
  }

  private static let leaky = Activation.leakyRelu(slope: 0.2)

  /// Dense 7·7·128 → transposed convolutions 4×4 stride 2 to 128, twice, batch normalization and LeakyReLU
  /// after each → convolution 7×7 to 1, tanh; as printed 1,340,929 weights, 1,340,417 of them trained.
  static func generator(_ normalization: Normalization, key: Key) -> any GeneratorNetwork {
    func up(_ part: Int) -> TransposedConvolution {
      TransposedConvolution(inputs: 128, outputs: 128, kernel: 4, stride: 2, key: key.derived(part))
    }
    let isEverywhere = normalization == .everywhere
    let norms = normalization != .none
    return ChainGenerator(
      Sequential(
        [("dense", Dense(inputs: 128, outputs: 6272, key: key.derived(0)))]
          + norm("norm0", 6272, if: isEverywhere) + [("reshape", Reshape([7, 7, 128])), ("up1", up(1))]
          + norm("norm1", 128, if: norms) + [("leaky1", Activate(leaky)), ("up2", up(2))]
          + norm("norm2", 128, if: norms)
          + [
            ("leaky2", Activate(leaky)),
            ("image", Convolution(inputs: 128, outputs: 1, kernel: 7, key: key.derived(3))),
          ] + norm("norm3", 1, if: isEverywhere) + [("tanh", Tanh())]))
  }

  /// Convolutions 3×3 stride 2 to 64 and 128, batch normalization on the second, LeakyReLU → maximum over the
  /// pixels → dense 1; as printed 75,137 weights, 74,881 of them trained.
  static func discriminator(_ normalization: Normalization, key: Key) -> any DiscriminatorNetwork {
    ChainDiscriminator(
      Sequential(
        [("conv1", Convolution(inputs: 1, outputs: 64, kernel: 3, stride: 2, key: key.derived(0)))]
          + norm("norm1", 64, if: normalization == .everywhere)
          + [
            ("leaky1", Activate(leaky)),
            ("conv2", Convolution(inputs: 64, outputs: 128, kernel: 3, stride: 2, key: key.derived(1))),
          ] + norm("norm2", 128, if: normalization != .none)
          + [
            ("leaky2", Activate(leaky)), ("maximum", GlobalMaxPooling()),
            ("score", Dense(inputs: 128, outputs: 1, key: key.derived(2))),
          ]))
  }

  /// Four transposed convolutions by DCGAN's guidelines (Radford et al. 2016, §3): dense 7·7·256 → 5×5 to 128
  /// (stride 1), 64 (2), 32 (1) and 1 (2), batch normalization and ReLU before each, tanh at the end. The
  /// report gives no widths.
  static func tallGenerator(key: Key) -> any GeneratorNetwork {
    func up(_ inputs: Int, _ outputs: Int, stride: Int, _ part: Int) -> TransposedConvolution {
      TransposedConvolution(
        inputs: inputs, outputs: outputs, kernel: 5, stride: stride, bias: false, key: key.derived(part))
    }
    return ChainGenerator(
      Sequential([
        "dense": Dense(inputs: 128, outputs: 12544, bias: false, key: key.derived(0)),
        "reshape": Reshape([7, 7, 256]), "norm1": BatchNormalization(channels: 256), "relu1": Activate(.relu),
        "up1": up(256, 128, stride: 1, 1), "norm2": BatchNormalization(channels: 128),
        "relu2": Activate(.relu), "up2": up(128, 64, stride: 2, 2),
        "norm3": BatchNormalization(channels: 64), "relu3": Activate(.relu),
        "up3": up(64, 32, stride: 1, 3), "norm4": BatchNormalization(channels: 32),
        "relu4": Activate(.relu), "up4": up(32, 1, stride: 2, 4), "tanh": Tanh(),
      ]))
  }

  /// Its mirror image: convolutions 5×5 stride 2 to 32, 64, 128 and 256, LeakyReLU after each and batch
  /// normalization on all but the first → `top`.
  static func tallDiscriminator(_ top: Top, key: Key) -> any DiscriminatorNetwork {
    func down(_ inputs: Int, _ outputs: Int, _ part: Int) -> Convolution {
      Convolution(inputs: inputs, outputs: outputs, kernel: 5, stride: 2, key: key.derived(part))
    }
    let end: (pooling: any Layer, inputs: Int) =
      switch top {
      case .maximum: (GlobalMaxPooling(), 256)
      case .flatten: (Flatten(), 2 * 2 * 256)
      }
    return ChainDiscriminator(
      Sequential([
        "conv1": down(1, 32, 0), "leaky1": Activate(leaky), "conv2": down(32, 64, 1),
        "norm2": BatchNormalization(channels: 64), "leaky2": Activate(leaky), "conv3": down(64, 128, 2),
        "norm3": BatchNormalization(channels: 128), "leaky3": Activate(leaky), "conv4": down(128, 256, 3),
        "norm4": BatchNormalization(channels: 256), "leaky4": Activate(leaky), "pooling": end.pooling,
        "score": Dense(inputs: end.inputs, outputs: 1, key: key.derived(4)),
      ]))
  }

  private static func norm(
    _ name: String, _ channels: Int, if isThere: Bool
  ) -> [(name: String, layer: any Layer)] {
    isThere ? [(name, BatchNormalization(channels: channels))] : []
  }
}
