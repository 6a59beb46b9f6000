import Glibc
import Kernels

/// Weighted by a Gaussian.
///
/// MNIST-C's own code passes a grey image as one of 28 channels, so that its Gaussian (here and in glass
/// blur) runs down the columns only. Here it is a blur in both directions, as in ImageNet-C.
struct GaussianBlur: Corruption {
  let name = "gaussian-blur"
  let summary = "blurred by a Gaussian"
  /// σ in pixels: `gaussian_blur` of MNIST-C.
  private static let deviations = [1.0, 2, 3, 4, 6]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    image.gaussianBlurred(deviation: Self.deviations[severity - 1])
  }
}

/// Every point a disk of light.
struct DefocusBlur: Corruption {
  let name = "defocus-blur"
  let summary = "out of focus: every point a disk"
  /// The disk's radius, and the σ of the Gaussian that softens its rim, in pixels: `defocus_blur` of MNIST-C.
  private static let settings = [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let (radius, softness) = Self.settings[severity - 1]
    return image.filtered(Self.disk(radius: radius, softness: softness), .mirrored)
  }

  /// The disk on a grid of its own, as large and as softened as in the source.
  static func disk(radius: Int, softness: Double) -> [(down: Int, right: Int, weight: Double)] {
    let reach = max(8, radius)
    let side = 2 * reach + 1
    let places = (0..<side * side).map { (down: $0 / side - reach, right: $0 % side - reach) }
    let inside = places.map { $0.down * $0.down + $0.right * $0.right <= radius * radius ? 1.0 : 0 }
    let area = inside.reduce(0, +)
    let soft = GreyImage(height: side, width: side, pixels: inside.map { $0 / area })
      .gaussianBlurred(deviation: softness, reach: radius <= 8 ? 1 : 2, .mirrored)
    return zip(places, soft.pixels).filter { $1 > 0 }.map { ($0.down, $0.right, $1) }
  }
}

/// Drawn out in one direction, as ImageMagick's `MotionBlurImage`: weights of half a Gaussian along a line of
/// whole pixels, the edge repeated.
struct MotionBlur: Corruption {
  let name = "motion-blur"
  let summary = "drawn out to one side, up to 45° from the horizontal"
  /// The radius, which makes 2·radius + 1 pixels, and σ, in pixels: `motion_blur` of MNIST-C.
  private static let settings = [(10, 3.0), (15, 5), (15, 8), (15, 12), (20, 15)]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let (radius, deviation) = Self.settings[severity - 1]
    let angle = (key.uniform(0) * 90 - 45) * .pi / 180
    let steps = (0...2 * radius).map(Double.init)
    let raw = steps.map { exp(-$0 * $0 / (2 * deviation * deviation)) }
    let sum = raw.reduce(0, +)
    /// To the nearest whole pixel; from a half to the smaller one, as ImageMagick does it.
    func whole(_ length: Double) -> Int { Int((length - 0.5).rounded(.up)) }
    return image.filtered(
      zip(steps, raw).map { (whole($0 * sin(angle)), whole($0 * cos(angle)), $1 / sum) }, .nearest)
  }
}

/// As through frosted glass: blurred, pixels exchanged with near ones, blurred again.
struct GlassBlur: Corruption {
  let name = "glass-blur"
  let summary = "frosted glass: blurred, near pixels exchanged, blurred again"
  /// σ of the blur, how far pixels move, how many rounds: `glass_blur` of MNIST-C. Its rounding down to bytes
  /// after the first blur is left out.
  private static let settings = [(0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let (deviation, reach, rounds) = Self.settings[severity - 1]
    var result = image.gaussianBlurred(deviation: deviation)
    // Downwards from the last row and column that has a neighbour in reach, each pixel with even odds; one
    // moves by -reach to reach - 1, so never past the end.
    var draw = 0
    for _ in 0..<rounds {
      for row in stride(from: image.height - reach, to: reach, by: -1) {
        for column in stride(from: image.width - reach, to: reach, by: -1) {
          if key.isHeads(draw) {
            let right = key.integer(draw + 1, in: -reach..<reach)
            let down = key.integer(draw + 2, in: -reach..<reach)
            result.pixels.swapAt(row * image.width + column, (row + down) * image.width + column + right)
          }
          draw += 3
        }
      }
    }
    return result.gaussianBlurred(deviation: deviation)
  }
}
