import Network

import struct Kernels.Key

/// A variational autoencoder: its networks, and how they are changed.
public struct VariationalRecipe: Sendable {
  /// From images to a distribution of latents; with fresh weights.
  public var encoder: @Sendable (Key) -> VariationalEncoder
  /// From latents back to images, which makes it the generator; with fresh weights.
  public var decoder: @Sendable (Key) -> VariationalDecoder
  /// How the weights of both are changed, and at which rate.
  public var optimizer: GeneratorRecipe.OptimizerChoice

  /// Two networks that learn together; the decoder's latent is the encoder's.
  public init(
    encoder: @escaping @Sendable (Key) -> VariationalEncoder,
    decoder: @escaping @Sendable (Key) -> VariationalDecoder, optimizer: GeneratorRecipe.OptimizerChoice
  ) {
    self.encoder = encoder
    self.decoder = decoder
    self.optimizer = optimizer
  }
}
