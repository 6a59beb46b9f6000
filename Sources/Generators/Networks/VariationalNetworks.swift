import Autograd
import Network

import struct Kernels.Key

/// The encoder of a variational autoencoder: InfoGAN's discriminator without its last layer, as Lucic et al.
/// (2018, code) have it → mean and log-variance of the latent. The label, where there is one, joins the 1024
/// features as a one-hot vector (Sohn, Lee and Yan 2015: q(z | x, y)).
public final class VariationalEncoder: Module {
  private let stem: Convolution
  private let trunk: Sequential
  private let head: Dense
  private let labels, size: Int

  /// An encoder of grey images of 28×28, with fresh weights.
  ///
  /// - Parameters:
  ///   - size: of the latent.
  ///   - labels: that there are, where it is told them; else 0.
  ///   - key: what the weights follow from.
  public init(latent size: Int, labels: Int = 0, key: Key) {
    self.size = size
    self.labels = labels
    stem = InfoGANNetworks.stem(key: key)
    trunk = InfoGANNetworks.features(normalized: true, key: key)
    head = Dense(
      inputs: 1024 + labels, outputs: 2 * size, initializer: InfoGANNetworks.initializer, key: key.derived(3))
  }

  /// Those of the convolutions, the trunk and the last layer.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    stem.namedParameters.map { ("conv1.\($0.name)", $0.parameter) } + trunk.namedParameters
      + head.namedParameters.map { ("head.\($0.name)", $0.parameter) }
  }

  /// Of images `[N, H, W, C]` in [-1, 1]: `[N, size]` each.
  func callAsFunction(
    _ images: Tensor, _ labels: [Int]?, _ pass: Pass
  ) -> (mean: Tensor, logVariance: Tensor) {
    var features = trunk(stem(images, pass), pass)
    if let labels {
      features = Tensor.concatenate([features, .oneHot(labels, classes: self.labels)], axis: 1)
    }
    let y = head(features, pass)
    func half(_ index: Int) -> Tensor { y.sliced(start: [0, index * size], size: [y.shape[0], size]) }
    return (half(0), half(1))
  }
}

/// The decoder: a generator whose last layer gives the logits l of pixels in [0, 1]; its image is their means
/// in [-1, 1], 2σ(l) - 1 = tanh(l/2).
public final class VariationalDecoder: GeneratorNetwork {
  package let chain: ChainGenerator

  /// A decoder of the logits that `chain` gives.
  ///
  /// - Parameter chain: as far as the logits.
  public init(_ chain: ChainGenerator) { self.chain = chain }

  /// Those of the chain.
  public var namedParameters: [(name: String, parameter: Parameter)] { chain.namedParameters }

  /// `[N, H, W, C]`
  func logits(_ latent: Latent, _ pass: Pass) -> Tensor { chain(latent, pass) }

  /// The mean images `[N, H, W, C]` in [-1, 1].
  public func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor { (logits(latent, pass) * 0.5).tanh() }
}
