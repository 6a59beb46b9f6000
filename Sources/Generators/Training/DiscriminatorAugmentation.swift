import Autograd

import struct Kernels.Key

/// What is done to every image, real or generated, before a discriminator sees it.
///
/// The same random changes for both, and the generator learns through them, so that it does not learn to draw them
/// (Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training").
public struct DiscriminatorAugmentation: Equatable, Sendable {
  /// Each image is moved by up to this many pixels along both axes; black comes in.
  public var translation = 0
  /// Deviation of normal noise on the pixels (instance noise, Sønderby et al. 2017).
  public var noise: Float = 0

  public init(translation: Int = 0, noise: Float = 0) {
    self.translation = translation
    self.noise = noise
  }

  /// - Parameter images: `[N, H, W, C]` in [-1, 1].
  func callAsFunction(_ images: Tensor, key: Key) -> Tensor {
    var x = images
    if translation > 0 {
      let places = UInt64(2 * translation + 1)
      let offsets = (0..<x.shape[0]).map { index in
        let word = key.derived(0).word(index)
        return (
          down: Int((word & 0xFFFF_FFFF) % places) - translation,
          right: Int((word >> 32) % places) - translation
        )
      }
      // Black is -1, and what comes in is 0.
      x = (x + 1).translated(by: offsets) - 1
    }
    return noise > 0 ? x + Tensor.normal(x.shape, key: key.derived(1)) * noise : x
  }
}
