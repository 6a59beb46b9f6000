import Autograd
import Network

import struct Kernels.Key

/// The networks of the colorizer: a DCGAN whose generator gets a grey image in the place of noise, and whose
/// discriminator sees that image beside the coloured one (Brayton et al., *E_in-style*, 2021, §IV-C and VI-C,
/// after Fu, Hsu and Ma 2017).
///
/// The report gives the kind of the layers: batch normalization with a momentum of 0.9 but on the generator's
/// output and the discriminator's input, LeakyReLU in the discriminator. Widths and connections are ours.
/// Kernels are DCGAN's, 5×5 with stride 2 (Radford et al. 2016); from the layers downwards one goes across to
/// its counterpart upwards (Isola et al. 2017). What a thing is decides its colour, and no window of a
/// convolution sees the whole of it: a dense layer does, and is added to every place (Iizuka et al., "Let
/// there be Color!", 2016, §3.3).
enum ColorizerNetworks {
  fileprivate static let initializer = Initializer.normal(deviation: 0.02)
  fileprivate static let leaky = Activation.leakyRelu(slope: 0.2)

  fileprivate static func norm(_ channels: Int) -> BatchNormalization {
    BatchNormalization(channels: channels, momentum: .keras(0.9))
  }

  fileprivate static func down(_ inputs: Int, _ outputs: Int, _ key: Key) -> Convolution {
    Convolution(
      inputs: inputs, outputs: outputs, kernel: 5, stride: 2, initializer: initializer, key: key)
  }

  fileprivate static func up(_ inputs: Int, _ outputs: Int, _ key: Key) -> TransposedConvolution {
    TransposedConvolution(
      inputs: inputs, outputs: outputs, kernel: 5, stride: 2, initializer: initializer, key: key)
  }

  fileprivate static func dense(
    _ inputs: Int, _ outputs: Int, _ activation: Activation = .identity, _ key: Key
  ) -> Dense {
    Dense(inputs: inputs, outputs: outputs, activation: activation, initializer: initializer, key: key)
  }
}

/// From grey images, flattened in the place of noise, `[N, 784]` in [-1, 1], to RGB ones `[N, 28, 28, 3]` in
/// [-1, 1].
///
/// | layers | output |
/// |---|---|
/// | convolution 5×5 stride 2 | `[N, 14, 14, 64]` |
/// | convolution 5×5 stride 2 | `[N, 7, 7, 128]` |
/// | dense 256, dense 128, added to every place | `[N, 7, 7, 128]` |
/// | convolution 3×3 | `[N, 7, 7, 128]` |
/// | transposed convolution, the first layer beside it | `[N, 14, 14, 64 + 64]` |
/// | transposed convolution, the grey image beside it | `[N, 28, 28, 32 + 1]` |
/// | convolution 1×1, tanh | `[N, 28, 28, 3]` |
package final class ColorizerGenerator: GeneratorNetwork {
  package static let size = 28

  package let first: Sequential
  package let second: Sequential
  package let whole: Sequential
  package let lower: Sequential
  package let upper: Sequential
  package let last: Sequential

  package init(key: Key) {
    first = Sequential([
      "down1": ColorizerNetworks.down(1, 64, key.derived(0)), "leaky1": Activate(ColorizerNetworks.leaky),
    ])
    second = Sequential([
      "down2": ColorizerNetworks.down(64, 128, key.derived(1)), "norm2": ColorizerNetworks.norm(128),
      "leaky2": Activate(ColorizerNetworks.leaky),
    ])
    whole = Sequential([
      "flatten": Flatten(),
      "whole1": ColorizerNetworks.dense(7 * 7 * 128, 256, ColorizerNetworks.leaky, key.derived(2)),
      "whole2": ColorizerNetworks.dense(256, 128, .identity, key.derived(3)), "spread": Reshape([1, 1, 128]),
    ])
    lower = Sequential([
      "middle": Convolution(
        inputs: 128, outputs: 128, kernel: 3, initializer: ColorizerNetworks.initializer, key: key.derived(4)),
      "norm3": ColorizerNetworks.norm(128), "relu3": Activate(.relu),
      "up1": ColorizerNetworks.up(128, 64, key.derived(5)), "norm4": ColorizerNetworks.norm(64),
      "relu4": Activate(.relu),
    ])
    upper = Sequential([
      "up2": ColorizerNetworks.up(128, 32, key.derived(6)), "norm5": ColorizerNetworks.norm(32),
      "relu5": Activate(.relu),
    ])
    last = Sequential([
      "colour": Convolution(
        inputs: 33, outputs: 3, kernel: 1, initializer: ColorizerNetworks.initializer, key: key.derived(7)),
      "tanh": Tanh(),
    ])
  }

  package var namedParameters: [(name: String, parameter: Parameter)] {
    [first, second, whole, lower, upper, last].flatMap(\.namedParameters)
  }

  package func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    let grey = latent.noise.reshaped([latent.noise.shape[0], Self.size, Self.size, 1])
    let x = first(grey, pass)
    let places = second(x, pass)
    let y = lower(places + whole(places, pass), pass)
    let z = upper(Tensor.concatenate([y, x], axis: 3), pass)
    return last(Tensor.concatenate([z, grey], axis: 3), pass)
  }
}

/// From a grey image and a coloured one beside it, `[N, 28, 28, 4]`, to a score: convolutions 5×5 stride 2 to
/// 64 and 128, LeakyReLU 0.2, batch normalization on the second → dense 256, LeakyReLU 0.2 → 1.
final class ColorizerDiscriminator: DiscriminatorNetwork {
  private let layers: Sequential

  init(key: Key) {
    layers = Sequential([
      "conv1": ColorizerNetworks.down(4, 64, key.derived(0)), "leaky1": Activate(ColorizerNetworks.leaky),
      "conv2": ColorizerNetworks.down(64, 128, key.derived(1)), "norm2": ColorizerNetworks.norm(128),
      "leaky2": Activate(ColorizerNetworks.leaky), "flatten": Flatten(),
      "dense": ColorizerNetworks.dense(7 * 7 * 128, 256, ColorizerNetworks.leaky, key.derived(2)),
      "score": ColorizerNetworks.dense(256, 1, .identity, key.derived(3)),
    ])
  }

  var namedParameters: [(name: String, parameter: Parameter)] { layers.namedParameters }

  func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
    Judgement(score: layers(images, pass).reshaped([images.shape[0]]))
  }
}
