import Autograd

import struct Kernels.Key

/// A random change of all images that a discriminator sees, real and drawn alike; the generator learns
/// through it.
///
/// Changing the real images alone would teach the generator to draw changed ones.
public protocol InputAugmentation: Sendable {
  /// The changed images.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]` in [-1, 1].
  ///   - key: what is random follows from it: equal keys change equal images alike.
  /// - Returns: of the same shape, differentiable in the images.
  func callAsFunction(_ images: Tensor, key: Key) -> Tensor
}

/// x + σ·n, n normal: noise that makes what is real and what is drawn overlap, so that the discriminator is
/// never certain (Sønderby et al. 2017, §3.1; Huszár's "Instance noise", 2016).
///
/// σ stays what it is; the papers let it fall to 0.
public struct InstanceNoise: InputAugmentation, Equatable {
  /// σ, in units of pixels in [-1, 1].
  public let deviation: Float

  /// Noise of a deviation that stays the same for the whole training.
  public init(deviation: Float) { self.deviation = deviation }

  /// Images `[N, H, W, C]` with noise on every value; it is not clipped.
  public func callAsFunction(_ images: Tensor, key: Key) -> Tensor {
    images + Tensor.normal(images.shape, key: key) * deviation
  }
}
