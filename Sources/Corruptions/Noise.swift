import Kernels

/// x + σ·n with Gaussian n.
struct GaussianNoise: Corruption {
  let name = "gaussian-noise"
  let summary = "Gaussian noise, the same everywhere"
  /// σ, in units of [0, 1]: `gaussian_noise` of MNIST-C.
  private static let deviations = [0.08, 0.12, 0.18, 0.26, 0.38]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let deviation = Self.deviations[severity - 1]
    return image.mapped { index, x in x + deviation * key.gaussian(index) }
  }
}

/// Poisson(c·x) / c: as if a white pixel were c photons.
struct ShotNoise: Corruption {
  let name = "shot-noise"
  let summary = "few photons: Poisson noise, stronger where it is bright"
  /// c, photons of a white pixel: `shot_noise` of MNIST-C.
  private static let photons = [60.0, 25, 12, 5, 3]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let photons = Self.photons[severity - 1]
    return image.mapped { index, x in Double(key.poisson(index, mean: photons * x)) / photons }
  }
}

/// A share of the pixels black or white.
struct ImpulseNoise: Corruption {
  let name = "impulse-noise"
  let summary = "pixels black or white at random (salt and pepper)"
  /// The share: `impulse_noise` of MNIST-C, half of it salt (scikit-image's `random_noise`).
  private static let shares = [0.03, 0.06, 0.09, 0.17, 0.27]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let share = Self.shares[severity - 1]
    return image.mapped { index, x in
      guard key.uniform(2 * index) < share else { return x }
      return key.isHeads(2 * index + 1) ? 0 : 1
    }
  }
}

/// x + x·σ·n with Gaussian n.
struct SpeckleNoise: Corruption {
  let name = "speckle-noise"
  let summary = "Gaussian noise in proportion to the brightness"
  /// σ: `speckle_noise` of MNIST-C.
  private static let deviations = [0.15, 0.2, 0.35, 0.45, 0.6]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let deviation = Self.deviations[severity - 1]
    return image.mapped { index, x in x + x * deviation * key.gaussian(index) }
  }
}
