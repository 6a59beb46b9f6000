import Network

import struct Kernels.Key

/// A variational autoencoder: its networks, and how they are changed.
public struct VariationalRecipe: Sendable {
  /// Networks with fresh weights.
  public var encoder: @Sendable (Key) -> VariationalEncoder
  public var decoder: @Sendable (Key) -> VariationalDecoder
  public var optimizer: GeneratorRecipe.OptimizerChoice

  public init(
    encoder: @escaping @Sendable (Key) -> VariationalEncoder,
    decoder: @escaping @Sendable (Key) -> VariationalDecoder, optimizer: GeneratorRecipe.OptimizerChoice
  ) {
    self.encoder = encoder
    self.decoder = decoder
    self.optimizer = optimizer
  }
}
