import Autograd
import Network

import struct Kernels.Key

/// Fully connected networks: the basic GAN of Liu, pair X of Korkmaz and Erarslan, and the flowers of
/// "Generating fashion and flowers using GANs".
enum DenseNetworks {
  private static let slope: Float = 0.2

  /// z → 256 → 512 → 1024 → size², ReLU between, tanh at the end. The report gives the kind of the layers,
  /// not their widths; these are those of pair X.
  static func basicGenerator(noise: Int, size: Int, key: Key) -> any GeneratorNetwork {
    ChainGenerator(
      Sequential([
        "dense1": Dense(inputs: noise, outputs: 256, activation: .relu, key: key.derived(0)),
        "dense2": Dense(inputs: 256, outputs: 512, activation: .relu, key: key.derived(1)),
        "dense3": Dense(inputs: 512, outputs: 1024, activation: .relu, key: key.derived(2)),
        "image": Dense(inputs: 1024, outputs: size * size, key: key.derived(3)),
        "tanh": Tanh(), "reshape": Reshape([size, size, 1]),
      ]))
  }

  static func basicDiscriminator(size: Int, key: Key) -> any DiscriminatorNetwork {
    let leaky = Activation.leakyRelu(slope: slope)
    return ChainDiscriminator(
      Sequential([
        "flatten": Flatten(),
        "dense1": Dense(inputs: size * size, outputs: 512, activation: leaky, key: key.derived(0)),
        "dense2": Dense(inputs: 512, outputs: 256, activation: leaky, key: key.derived(1)),
        "score": Dense(inputs: 256, outputs: 1, key: key.derived(2)),
      ]))
  }

  /// Generator X: 100 → 256 → 512 → 1024 → 784 tanh, LeakyReLU and then batch normalization after each hidden
  /// layer; 1,493,520 weights, 1,489,936 of them trained. Keras' momentum of 0.8 is that of the Keras-GAN
  /// code it follows.
  static func xGenerator(labels: Int, key: Key) -> any GeneratorNetwork {
    LabelScaledGenerator(
      labels: labels, noise: 100, growing(from: 100, to: [28, 28, 1], key: key), key: key.derived(9))
  }

  /// The flowers' generator: 100 → 256 → 512 → 1024 → 2352 tanh, as X but for the last layer; 3,100,720
  /// weights, 3,097,136 of them trained.
  static func flowerGenerator(noise: Int, key: Key) -> any GeneratorNetwork {
    ChainGenerator(growing(from: noise, to: [28, 28, 3], key: key))
  }

  /// z → 256 → 512 → 1024 → an image, LeakyReLU and then batch normalization after each hidden layer, tanh at
  /// the end.
  private static func growing(from noise: Int, to shape: [Int], key: Key) -> Sequential {
    func dense(_ inputs: Int, _ outputs: Int, _ part: Int) -> Dense {
      Dense(inputs: inputs, outputs: outputs, activation: .leakyRelu(slope: slope), key: key.derived(part))
    }
    return Sequential([
      "dense1": dense(noise, 256, 0), "norm1": norm(256), "dense2": dense(256, 512, 1), "norm2": norm(512),
      "dense3": dense(512, 1024, 2), "norm3": norm(1024),
      "image": Dense(inputs: 1024, outputs: shape.reduce(1, *), key: key.derived(3)), "tanh": Tanh(),
      "reshape": Reshape(shape),
    ])
  }

  private static func norm(_ channels: Int) -> BatchNormalization {
    BatchNormalization(channels: channels, momentum: .keras(0.8))
  }

  /// 2352 → 1024 → 512 → 256, LeakyReLU and then batch normalization after each → 1; 3,073,025 weights,
  /// 3,069,441 of them trained.
  static func flowerDiscriminator(key: Key) -> any DiscriminatorNetwork {
    func dense(_ inputs: Int, _ outputs: Int, _ part: Int) -> Dense {
      Dense(inputs: inputs, outputs: outputs, activation: .leakyRelu(slope: slope), key: key.derived(part))
    }
    return ChainDiscriminator(
      Sequential([
        "flatten": Flatten(), "dense1": dense(2352, 1024, 0), "norm1": norm(1024),
        "dense2": dense(1024, 512, 1),
        "norm2": norm(512), "dense3": dense(512, 256, 2), "norm3": norm(256),
        "score": Dense(inputs: 256, outputs: 1, key: key.derived(3)),
      ]))
  }

  /// Discriminators X and Y: dense layers of `widths`, LeakyReLU after each, dropout 0.5 → 1. With 512, 256,
  /// 128: 566,273 weights; with 1024 before them 1,492,993.
  static func labelledDiscriminator(widths: [Int], labels: Int, key: Key) -> any DiscriminatorNetwork {
    LabelScaledDiscriminator(labels: labels, pixels: 784, widths: widths, slope: slope, key: key)
  }
}

/// A generator whose noise is multiplied, element by element, with a vector learnt for the label.
package final class LabelScaledGenerator: GeneratorNetwork {
  package let embedding: Embedding
  package let layers: Sequential

  init(labels: Int, noise: Int, _ layers: Sequential, key: Key) {
    embedding = Embedding(entries: labels, size: noise, key: key)
    self.layers = layers
  }

  package var namedParameters: [(name: String, parameter: Parameter)] {
    embedding.namedParameters.map { ("embedding.\($0.name)", $0.parameter) } + layers.namedParameters
  }

  package func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    guard let labels = latent.labels else {
      preconditionFailure("LabelScaledGenerator: a latent without labels")
    }
    return layers(latent.noise * embedding(labels), pass)
  }
}

/// A dense discriminator whose flattened images are multiplied, element by element, with a vector learnt for
/// the label.
final class LabelScaledDiscriminator: DiscriminatorNetwork {
  private let embedding: Embedding
  private let hidden: [Dense]
  private let dropout = Dropout(rate: 0.5)
  private let score: Dense

  init(labels: Int, pixels: Int, widths: [Int], slope: Float, key: Key) {
    embedding = Embedding(entries: labels, size: pixels, key: key.derived(9))
    let sizes = [pixels] + widths
    hidden = zip(sizes, widths).enumerated().map { index, sizes in
      Dense(
        inputs: sizes.0, outputs: sizes.1, activation: .leakyRelu(slope: slope), key: key.derived(index))
    }
    score = Dense(inputs: sizes[sizes.count - 1], outputs: 1, key: key.derived(widths.count))
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    embedding.namedParameters.map { ("embedding.\($0.name)", $0.parameter) }
      + hidden.enumerated().flatMap { index, layer in
        layer.namedParameters.map { ("dense\(index + 1).\($0.name)", $0.parameter) }
      } + score.namedParameters.map { ("score.\($0.name)", $0.parameter) }
  }

  func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
    guard let labels else { preconditionFailure("LabelScaledDiscriminator: images without labels") }
    var y = images.flattened() * embedding(labels)
    for layer in hidden { y = layer(y, pass) }
    return Judgement(score: score(dropout(y, pass), pass).reshaped([images.shape[0]]))
  }
}
