import Autograd
import Network

import struct Kernels.Key

/// The networks of the colorizer: a DCGAN whose generator gets a grey image in the place of noise, and whose
/// discriminator sees that image beside the coloured one (Brayton et al., *E_in-style*, 2021, §IV-C and VI-C, after
/// Fu, Hsu and Ma 2017).
///
/// The report gives the kind of the layers: batch normalization with a momentum of 0.9 but on the generator's output
/// and the discriminator's input, LeakyReLU in the discriminator. Widths and connections are ours: those of DCGAN
/// (Radford et al. 2016), and from each layer downwards one across to its counterpart upwards (Isola et al. 2017).
enum ColorizerNetworks {
  fileprivate static let initializer = Initializer.normal(deviation: 0.02)
  fileprivate static let leaky = Activation.leakyRelu(slope: 0.2)

  fileprivate static func norm(_ channels: Int) -> BatchNormalization {
    BatchNormalization(channels: channels, momentum: .keras(0.9))
  }

  fileprivate static func down(_ inputs: Int, _ outputs: Int, _ key: Key) -> Convolution {
    Convolution(
      inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: .symmetric(1),
      initializer: initializer,
      key: key)
  }

  fileprivate static func up(_ inputs: Int, _ outputs: Int, _ key: Key) -> TransposedConvolution {
    TransposedConvolution(
      inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: .symmetric(1),
      initializer: initializer,
      key: key)
  }
}

/// From grey images, flattened in the place of noise, `[N, 784]` in [-1, 1], to RGB ones `[N, 28, 28, 3]` in [-1, 1].
///
/// | layers | output |
/// |---|---|
/// | convolution 4×4 stride 2 | `[N, 14, 14, 64]` |
/// | convolution 4×4 stride 2 | `[N, 7, 7, 128]` |
/// | convolution 3×3 | `[N, 7, 7, 128]` |
/// | transposed convolution, the first layer beside it | `[N, 14, 14, 64 + 64]` |
/// | transposed convolution, the grey image beside it | `[N, 28, 28, 32 + 1]` |
/// | convolution 3×3, tanh | `[N, 28, 28, 3]` |
final class ColorizerGenerator: GeneratorNetwork {
  static let size = 28

  private let first: Sequential
  private let second: Sequential
  private let upper: Sequential
  private let last: Sequential

  init(key: Key) {
    first = Sequential([
      "down1": ColorizerNetworks.down(1, 64, key.derived(0)), "leaky1": Activate(ColorizerNetworks.leaky),
    ])
    second = Sequential([
      "down2": ColorizerNetworks.down(64, 128, key.derived(1)), "norm2": ColorizerNetworks.norm(128),
      "leaky2": Activate(ColorizerNetworks.leaky),
      "middle": Convolution(
        inputs: 128, outputs: 128, kernel: 3, initializer: ColorizerNetworks.initializer, key: key.derived(2)),
      "norm3": ColorizerNetworks.norm(128), "relu3": Activate(.relu),
      "up1": ColorizerNetworks.up(128, 64, key.derived(3)), "norm4": ColorizerNetworks.norm(64),
      "relu4": Activate(.relu),
    ])
    upper = Sequential([
      "up2": ColorizerNetworks.up(128, 32, key.derived(4)), "norm5": ColorizerNetworks.norm(32),
      "relu5": Activate(.relu),
    ])
    last = Sequential([
      "colour": Convolution(
        inputs: 33, outputs: 3, kernel: 3, initializer: ColorizerNetworks.initializer, key: key.derived(5)),
      "tanh": Tanh(),
    ])
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    first.namedParameters + second.namedParameters + upper.namedParameters + last.namedParameters
  }

  func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    let grey = latent.noise.reshaped([latent.noise.shape[0], Self.size, Self.size, 1])
    let x = first(grey, pass)
    let y = upper(Tensor.concatenate([second(x, pass), x], axis: 3), pass)
    return last(Tensor.concatenate([y, grey], axis: 3), pass)
  }
}

/// From a grey image and a coloured one beside it, `[N, 28, 28, 4]`, to a score: convolutions 4×4 stride 2 to 64 and
/// 128, LeakyReLU 0.2, batch normalization on the second → dense 1.
final class ColorizerDiscriminator: DiscriminatorNetwork {
  private let layers: Sequential

  init(key: Key) {
    layers = Sequential([
      "conv1": ColorizerNetworks.down(4, 64, key.derived(0)), "leaky1": Activate(ColorizerNetworks.leaky),
      "conv2": ColorizerNetworks.down(64, 128, key.derived(1)), "norm2": ColorizerNetworks.norm(128),
      "leaky2": Activate(ColorizerNetworks.leaky), "flatten": Flatten(),
      "score": Dense(
        inputs: 6272, outputs: 1, initializer: ColorizerNetworks.initializer, key: key.derived(2)),
    ])
  }

  var namedParameters: [(name: String, parameter: Parameter)] { layers.namedParameters }

  func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
    Judgement(score: layers(images, pass).reshaped([images.shape[0]]))
  }
}
