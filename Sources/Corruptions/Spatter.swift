import Kernels

/// Drops of mud.
struct Spatter: Corruption {
  let name = "spatter"
  let summary = "splashes of dark grey mud"
  /// From 4 on the drops are so soft that more of them is rim, which the source leaves out.
  let severities = SeverityOrder.unordered

  private struct Setting {
    /// Mean, deviation and smoothness (σ in pixels) of the random layer; where it is above the threshold,
    /// there is mud.
    let mean, deviation, smoothness, threshold: Double
    /// σ of the Gaussian that softens the drops, in pixels.
    let softness: Double
  }

  /// `spatter` of MNIST-C, which has mud at every severity.
  private static let settings = [
    Setting(mean: 0.65, deviation: 0.3, smoothness: 4, threshold: 0.69, softness: 0.6),
    Setting(mean: 0.65, deviation: 0.3, smoothness: 3, threshold: 0.68, softness: 0.6),
    Setting(mean: 0.65, deviation: 0.3, smoothness: 2, threshold: 0.68, softness: 0.5),
    Setting(mean: 0.65, deviation: 0.3, smoothness: 1, threshold: 0.65, softness: 1.5),
    Setting(mean: 0.67, deviation: 0.4, smoothness: 1, threshold: 0.65, softness: 1.5),
  ]
  /// The mud's own grey.
  private static let grey = 63.0 / 255

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let setting = Self.settings[severity - 1]
    let mud = image.mapped { index, _ in setting.mean + setting.deviation * key.gaussian(index) }
      .gaussianBlurred(deviation: setting.smoothness)
      .mapped { _, level in level > setting.threshold ? 1 : 0 }
      .gaussianBlurred(deviation: setting.softness)
    return image.mapped { index, x in
      // The thin rims of the drops are left out.
      let cover = mud.pixels[index] < 0.8 ? 0 : mud.pixels[index]
      return x * (1 - cover) + Self.grey * cover
    }
  }
}
