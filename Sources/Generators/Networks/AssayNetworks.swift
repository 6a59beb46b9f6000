import Autograd
import Network

import struct Kernels.Key

/// The networks of assay-gan: small, conditional, and stable from the start.
///
/// The generator looks at the label in its batch normalizations (Miyato and Koyama 2018, as in their generator), the
/// discriminator in a projection (eq. 3 there) and is spectrally normalized throughout (Miyato et al. 2018). Kernels of
/// 4×4 at stride 2, as DCGANs have them, and a last convolution 3×3 that smooths what transposed convolutions chequer.
enum AssayNetworks {
  static let initializer = Initializer.normal(deviation: 0.02)

  /// Noise and one-hot label → dense 7·7·128 → transposed convolutions to 14·14·64 and 28·28·64 → convolution 3×3 to 1, tanh;
  /// conditional batch normalization and ReLU between.
  final class AssayGenerator: GeneratorNetwork {
    private let dense: Dense
    private let up1, up2: TransposedConvolution
    private let image: Convolution
    private let norms: [ConditionalBatchNormalization]
    private let labelCount: Int

    init(noise: Int, labels: Int, key: Key) {
      func up(_ inputs: Int, _ outputs: Int, _ part: Int) -> TransposedConvolution {
        TransposedConvolution(
          inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: .symmetric(1), bias: false,
          initializer: initializer, key: key.derived(part))
      }
      labelCount = labels
      // Biases are the normalizations' matter.
      dense = Dense(
        inputs: noise + labels, outputs: 6272, bias: false, initializer: initializer, key: key.derived(0))
      up1 = up(128, 64, 1)
      up2 = up(64, 64, 2)
      image = Convolution(inputs: 64, outputs: 1, kernel: 3, initializer: initializer, key: key.derived(3))
      norms = [128, 64, 64].map { ConditionalBatchNormalization(channels: $0, labels: labels) }
    }

    var namedParameters: [(name: String, parameter: Parameter)] {
      let parts: [(String, any Module)] =
        [("dense", dense), ("up1", up1), ("up2", up2), ("image", image)]
        + norms.enumerated().map { ("norm\($0.offset + 1)", $0.element) }
      return parts.flatMap { name, part in part.namedParameters.map { ("\(name).\($0.name)", $0.parameter) } }
    }

    func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
      guard let labels = latent.labels else { preconditionFailure("AssayGenerator: a latent without labels") }
      let input = Tensor.concatenate([latent.noise, .oneHot(labels, classes: labelCount)], axis: 1)
      var y = dense(input, pass).reshaped([labels.count, 7, 7, 128])
      y = norms[0](y, labels: labels, pass).relu()
      y = norms[1](up1(y, pass), labels: labels, pass).relu()
      y = norms[2](up2(y, pass), labels: labels, pass).relu()
      return image(y, pass).tanh()
    }
  }

  /// Convolutions 3×3 to 32, 4×4 stride 2 to 64 and 128, 3×3 to 128, LeakyReLU 0.1 after each → the sum over the pixels,
  /// φ `[N, 128]` → score = φ·w + b + φ·embedding[label].
  final class AssayDiscriminator: DiscriminatorNetwork {
    private let features: Sequential
    private let score: Dense
    private let embedding: Embedding

    init(labels: Int, key: Key) {
      func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int, _ part: Int) -> Convolution {
        Convolution(
          inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, padding: .symmetric(1),
          activation: .leakyRelu(slope: 0.1), initializer: initializer, isSpectral: true,
          key: key.derived(part))
      }
      features = Sequential([
        "conv1": convolution(1, 32, kernel: 3, stride: 1, 0),
        "conv2": convolution(32, 64, kernel: 4, stride: 2, 1),
        "conv3": convolution(64, 128, kernel: 4, stride: 2, 2),
        "conv4": convolution(128, 128, kernel: 3, stride: 1, 3),
      ])
      score = Dense(inputs: 128, outputs: 1, initializer: initializer, isSpectral: true, key: key.derived(4))
      embedding = Embedding(
        entries: labels, size: 128, initializer: initializer, isSpectral: true, key: key.derived(5))
    }

    var namedParameters: [(name: String, parameter: Parameter)] {
      features.namedParameters + score.namedParameters.map { ("score.\($0.name)", $0.parameter) }
        + embedding.namedParameters.map { ("embedding.\($0.name)", $0.parameter) }
    }

    func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
      guard let labels else { preconditionFailure("AssayDiscriminator: images without labels") }
      let pooled = features(images, pass).sum(axes: [1, 2])
      let projection = (pooled * embedding(labels, pass)).sum(axes: [1])
      return Judgement(score: score(pooled, pass).reshaped([images.shape[0]]) + projection)
    }
  }
}
