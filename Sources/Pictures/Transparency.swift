/// Samples of which the last one of a pixel may say how opaque it is, laid over a background.
///
/// A sample becomes (sample · alpha + background · (255 - alpha)) / 255, rounded: in the bytes as they are
/// stored, as Pillow and most programs do, and not in linear light.
package struct TransparentSamples {
  private let samples: [UInt8]
  private let channels: Int
  /// Whether a pixel is not wholly opaque.
  package let isTransparent: Bool

  /// - Parameter channels: of a pixel: 1 or 3 colours, and with 2 or 4 its alpha.
  package init(_ samples: [UInt8], channels: Int) {
    (self.samples, self.channels) = (samples, channels)
    let hasAlpha = channels == 2 || channels == 4
    isTransparent =
      hasAlpha && stride(from: channels - 1, to: samples.count, by: channels).contains { samples[$0] < 255 }
  }

  private var colors: Int { channels - (channels == 2 || channels == 4 ? 1 : 0) }

  /// 3 where grey is laid over a colour.
  package func channelsOver(_ background: Color) -> Int { isTransparent && !background.isGrey ? 3 : colors }

  package func laidOver(_ background: Color) -> [UInt8] {
    guard colors < channels else { return samples }
    let paper = [Int(background.red), Int(background.green), Int(background.blue)]
    let newColors = channelsOver(background)
    let step = newColors == colors ? 1 : 0
    var result = [UInt8](repeating: 0, count: samples.count / channels * newColors)
    var (from, to) = (0, 0)
    while from < samples.count {
      let alpha = Int(samples[from + colors])
      for color in 0..<newColors {
        let sum = Int(samples[from + color * step]) * alpha + paper[color] * (255 - alpha)
        result[to + color] = UInt8((sum + 127) / 255)
      }
      from += channels
      to += newColors
    }
    return result
  }
}
