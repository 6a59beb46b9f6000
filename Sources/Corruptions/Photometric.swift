import Kernels

/// x + c.
struct Brightness: Corruption {
  let name = "brightness"
  let summary = "brighter everywhere"
  /// c: `brightness` of MNIST-C; of a grey pixel it raises the value of HSV, which is the pixel itself.
  private static let additions = [0.1, 0.2, 0.3, 0.4, 0.5]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let addition = Self.additions[severity - 1]
    return image.mapped { _, x in x + addition }
  }
}

/// (x - mean)·c + mean.
struct Contrast: Corruption {
  let name = "contrast"
  let summary = "less contrast around the image's mean"
  /// c: `contrast` of MNIST-C.
  private static let factors = [0.4, 0.3, 0.2, 0.1, 0.05]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let factor = Self.factors[severity - 1]
    let mean = image.pixels.reduce(0, +) / Double(image.pixels.count)
    return image.mapped { _, x in (x - mean) * factor + mean }
  }
}

/// Hue, saturation and value each times a gain plus an offset, clipped, and made grey again.
///
/// Of a grey pixel, hue and saturation are 0. So this is a change of value, darker for gains below 1 and
/// overexposed above; where there is an offset, the pixel also takes on a tint of that hue and saturation, of
/// which the conversion to grey leaves a few per cent less light.
struct Saturation: Corruption {
  let name = "saturate"
  let summary = "severities 1 and 2 darken, 3 to 5 overexpose"
  let severities = SeverityOrder.unordered
  /// `saturate` of MNIST-C.
  private static let settings = [(0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let (gain, offset) = Self.settings[severity - 1]
    let luma = Self.luma(hue: offset, saturation: offset)
    return image.mapped { _, x in luma * min(x * gain + offset, 1) }
  }

  /// The grey of a colour of value 1, by the weights of ITU-R 709 as scikit-image's `rgb2gray` has them.
  private static func luma(hue: Double, saturation: Double) -> Double {
    /// The share of red, green or blue at so many sixths of the circle from it (Smith 1978).
    func channel(_ shift: Double) -> Double {
      let place = (shift + 6 * hue).truncatingRemainder(dividingBy: 6)
      return 1 - saturation * max(0, min(place, 4 - place, 1))
    }
    return 0.2125 * channel(5) + 0.7154 * channel(3) + 0.0721 * channel(1)
  }
}

/// 1 - x.
struct Inversion: Corruption {
  let name = "inverse"
  let summary = "the negative"
  let severities = SeverityOrder.single

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    image.mapped { _, x in 1 - x }
  }
}

/// 1 - x in the left and the right quarter.
struct Stripe: Corruption {
  let name = "stripe"
  let summary = "the negative, but for a stripe of half the width in the middle"
  let severities = SeverityOrder.single

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    // Columns 7 to 20 of 28 stay: `stripe` of MNIST-C.
    let middle = image.width / 4..<image.width - image.width / 4
    return image.mapped { index, x in middle.contains(index % image.width) ? x : 1 - x }
  }
}
