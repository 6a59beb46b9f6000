import Autograd
import Network

import struct Kernels.Key

/// The generator of assay-gan, small and told the label in every layer.
///
/// Noise and one-hot label → dense 7·7·128 → transposed convolutions 4×4 stride 2 to 14·14·64 and 28·28·64 →
/// convolution 3×3 to one channel, tanh. Between them conditional batch normalization, as in the generator of
/// Miyato and Koyama (2018, §5), and ReLU. The last convolution smooths what transposed ones chequer (Odena
/// et al. 2016).
package final class AssayGenerator: GeneratorNetwork {
  package let dense: Dense
  package let up1, up2: TransposedConvolution
  package let image: Convolution
  /// Behind the dense layer and each transposed convolution.
  package let norms: [ConditionalBatchNormalization]
  package let labelCount: Int
  /// `[H, W, C]` of what the dense layer gives.
  package static let firstShape = [7, 7, 128]

  init(noise: Int, labels: Int, key: Key) {
    func up(_ inputs: Int, _ outputs: Int, _ part: Int) -> TransposedConvolution {
      TransposedConvolution(
        inputs: inputs, outputs: outputs, kernel: 4, stride: 2, padding: .symmetric(1), bias: false,
        initializer: InfoGANNetworks.initializer, key: key.derived(part))
    }
    labelCount = labels
    // Biases are the normalizations' matter.
    dense = Dense(
      inputs: noise + labels, outputs: 6272, bias: false, initializer: InfoGANNetworks.initializer,
      key: key.derived(0))
    up1 = up(128, 64, 1)
    up2 = up(64, 64, 2)
    image = Convolution(
      inputs: 64, outputs: 1, kernel: 3, initializer: InfoGANNetworks.initializer, key: key.derived(3))
    norms = [128, 64, 64].map { ConditionalBatchNormalization(channels: $0, labels: labels) }
  }

  package var namedParameters: [(name: String, parameter: Parameter)] {
    let parts: [(String, any Module)] =
      [("dense", dense), ("up1", up1), ("up2", up2), ("image", image)]
      + norms.enumerated().map { ("norm\($0.offset + 1)", $0.element) }
    return parts.flatMap { name, part in part.namedParameters.map { ("\(name).\($0.name)", $0.parameter) } }
  }

  package func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    guard let labels = latent.labels else { preconditionFailure("AssayGenerator: a latent without labels") }
    let input = Tensor.concatenate([latent.noise, .oneHot(labels, classes: labelCount)], axis: 1)
    var y = dense(input, pass).reshaped([labels.count] + Self.firstShape)
    y = norms[0](y, labels: labels, pass).relu()
    y = norms[1](up1(y, pass), labels: labels, pass).relu()
    y = norms[2](up2(y, pass), labels: labels, pass).relu()
    return image(y, pass).tanh()
  }
}
