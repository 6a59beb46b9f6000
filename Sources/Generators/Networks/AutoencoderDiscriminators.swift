import Autograd
import Network

import struct Kernels.Key

/// Discriminators that are autoencoders: what they fail to reconstruct is not real.
///
/// - EBGAN (Zhao, Mathieu and LeCun 2017): the energy of an image is ‖decoded - x‖₂, its embedding the code
///   of 32.
/// - BEGAN (Berthelot, Schumm and Metz 2017): the loss of an image is the mean of |decoded - x|.
///
/// Without batch normalization: the energy of an image must not depend on its batch.
final class AutoencoderDiscriminator: DiscriminatorNetwork {
  enum Energy { case euclidean, meanAbsolute }

  private let encoder, decoder: Sequential
  private let energy: Energy

  init(_ energy: Energy, encoder: Sequential, decoder: Sequential) {
    self.energy = energy
    self.encoder = encoder
    self.decoder = decoder
  }

  /// Convolution 4×4 stride 2, 64 → dense 32 → dense 14·14·64 → transposed convolution 4×4 stride 2 (the
  /// collection's).
  static func ebgan(key: Key) -> AutoencoderDiscriminator {
    let initializer = InfoGANNetworks.initializer
    return AutoencoderDiscriminator(
      .euclidean,
      encoder: Sequential([
        "conv": Convolution(
          inputs: 1, outputs: 64, kernel: 4, stride: 2, padding: .symmetric(1), activation: .relu,
          initializer: initializer, key: key.derived(0)),
        "flatten": Flatten(),
        "code": Dense(inputs: 12544, outputs: 32, initializer: initializer, key: key.derived(1)),
      ]),
      decoder: Sequential([
        "dense": Dense(
          inputs: 32, outputs: 12544, activation: .relu, initializer: initializer, key: key.derived(2)),
        "reshape": Reshape([14, 14, 64]),
        "image": TransposedConvolution(
          inputs: 64, outputs: 1, kernel: 4, stride: 2, padding: .symmetric(1), initializer: initializer,
          key: key.derived(3)),
      ]))
  }

  /// The two-convolution autoencoder of Lucic et al. (2018, code): convolutions 4×4 stride 2 to 64 and 128,
  /// dense 64, and back; ELU as in the paper.
  static func began(key: Key) -> AutoencoderDiscriminator {
    AutoencoderDiscriminator(
      .meanAbsolute,
      encoder: Sequential([
        "conv1": Convolution(
          inputs: 1, outputs: 64, kernel: 4, stride: 2, padding: .symmetric(1), key: key.derived(0)),
        "elu1": ELU(),
        "conv2": Convolution(
          inputs: 64, outputs: 128, kernel: 4, stride: 2, padding: .symmetric(1), key: key.derived(1)),
        "elu2": ELU(), "flatten": Flatten(),
        "code": Dense(inputs: 6272, outputs: 64, key: key.derived(2)),
      ]),
      decoder: Sequential([
        "dense": Dense(inputs: 64, outputs: 6272, key: key.derived(3)), "elu3": ELU(),
        "reshape": Reshape([7, 7, 128]),
        "up1": TransposedConvolution(
          inputs: 128, outputs: 64, kernel: 4, stride: 2, padding: .symmetric(1), key: key.derived(4)),
        "elu4": ELU(),
        "up2": TransposedConvolution(
          inputs: 64, outputs: 1, kernel: 4, stride: 2, padding: .symmetric(1), key: key.derived(5)),
      ]))
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    encoder.namedParameters.map { ("encoder.\($0.name)", $0.parameter) }
      + decoder.namedParameters.map { ("decoder.\($0.name)", $0.parameter) }
  }

  func callAsFunction(_ images: Tensor, _ _: [Int]?, _ pass: Pass) -> Judgement {
    let code = encoder(images, pass.part(0))
    let error = (decoder(code, pass.part(1)) - images).flattened()
    let score =
      switch energy {
      // A hair inside of the root: its slope at a perfect reconstruction is infinite.
      case .euclidean: (error.square().sum(axes: [1]) + 1e-8).squareRoot()
      case .meanAbsolute: error.absolute().mean(axes: [1])
      }
    return Judgement(score: score, embedding: code)
  }
}
