import Autograd
import Network

import struct Kernels.Key

/// Generator Y of Korkmaz and Erarslan, and the DCGAN of "Generating fashion and flowers using GANs".
enum ConvolutionalNetworks {
  /// Generator Y: dense 7·7·256 → nearest ×2, convolution 3×3 256 → nearest ×2, 128 → 64 → 1 tanh; ReLU and
  /// then batch normalization after each; 2,229,249 weights, 2,227,841 of them trained.
  static func yGenerator(labels: Int, key: Key) -> any GeneratorNetwork {
    func norm(_ channels: Int) -> BatchNormalization {
      BatchNormalization(channels: channels, momentum: .keras(0.8))
    }
    return LabelScaledGenerator(
      labels: labels, noise: 100,
      Sequential([
        "dense": Dense(inputs: 100, outputs: 12544, activation: .relu, key: key.derived(0)),
        "reshape": Reshape([7, 7, 256]), "norm1": norm(256), "up1": UpsampleNearest(factor: 2),
        "conv1": Convolution(inputs: 256, outputs: 256, kernel: 3, activation: .relu, key: key.derived(1)),
        "norm2": norm(256), "up2": UpsampleNearest(factor: 2),
        "conv2": Convolution(inputs: 256, outputs: 128, kernel: 3, activation: .relu, key: key.derived(2)),
        "norm3": norm(128),
        "conv3": Convolution(inputs: 128, outputs: 64, kernel: 3, activation: .relu, key: key.derived(3)),
        "norm4": norm(64), "image": Convolution(inputs: 64, outputs: 1, kernel: 3, key: key.derived(4)),
        "tanh": Tanh(),
      ]), key: key.derived(9))
  }

  /// Dense 7·7·256 → transposed convolutions 5×5: stride 1 to 128, stride 2 to 64, stride 2 to 1; no biases,
  /// batch normalization and LeakyReLU 0.3 (Keras' defaults) between, tanh at the end.
  static func dcganGenerator(key: Key) -> any GeneratorNetwork {
    let leaky = Activation.leakyRelu(slope: 0.3)
    func norm(_ channels: Int) -> BatchNormalization {
      BatchNormalization(channels: channels, momentum: .keras(0.99), epsilon: 1e-3)
    }
    func up(_ inputs: Int, _ outputs: Int, stride: Int, _ part: Int) -> TransposedConvolution {
      TransposedConvolution(
        inputs: inputs, outputs: outputs, kernel: 5, stride: stride, bias: false, key: key.derived(part))
    }
    return ChainGenerator(
      Sequential([
        "dense": Dense(inputs: 100, outputs: 12544, bias: false, key: key.derived(0)), "norm1": norm(12544),
        "leaky1": Activate(leaky), "reshape": Reshape([7, 7, 256]), "up1": up(256, 128, stride: 1, 1),
        "norm2": norm(128), "leaky2": Activate(leaky), "up2": up(128, 64, stride: 2, 2), "norm3": norm(64),
        "leaky3": Activate(leaky), "up3": up(64, 1, stride: 2, 3), "tanh": Tanh(),
      ]))
  }

  /// Convolutions 5×5 stride 2 to 64 and 128, LeakyReLU 0.3 and dropout 0.3 after each → dense 1.
  static func dcganDiscriminator(key: Key) -> any DiscriminatorNetwork {
    let leaky = Activation.leakyRelu(slope: 0.3)
    return ChainDiscriminator(
      Sequential([
        "conv1": Convolution(
          inputs: 1, outputs: 64, kernel: 5, stride: 2, activation: leaky, key: key.derived(0)),
        "dropout1": Dropout(rate: 0.3),
        "conv2": Convolution(
          inputs: 64, outputs: 128, kernel: 5, stride: 2, activation: leaky, key: key.derived(1)),
        "dropout2": Dropout(rate: 0.3), "flatten": Flatten(),
        "score": Dense(inputs: 6272, outputs: 1, key: key.derived(2)),
      ]))
  }
}
