import Glibc
import Kernels

/// Slanted to the left or right.
///
/// The source's angle slants the vertical axis without making it longer (scikit-image before 0.20), so what
/// is slanted by φ also grows by 1/cos φ.
struct Shear: Corruption {
  let name = "shear"
  let summary = "slanted to the left or right"
  /// φ in radians: `shear` of MNIST-C.
  private static let angles = [0.2, 0.4, 0.6, 0.8, 1]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let angle = key.sign(0) * Self.angles[severity - 1]
    return image.warped { x, y in (x - sin(angle) * y, cos(angle) * y) }
  }
}

/// Made smaller, black around.
struct Scaling: Corruption {
  let name = "scale"
  let summary = "smaller, black around"
  /// The size that remains: `scale` of MNIST-C.
  private static let sizes = [0.9, 0.8, 0.7, 0.6, 0.5]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let size = Self.sizes[severity - 1]
    return image.warped { x, y in (x / size, y / size) }
  }
}

/// Turned around the middle, either way.
struct Rotation: Corruption {
  let name = "rotate"
  let summary = "turned to the left or right"
  /// Radians: `rotate` of MNIST-C.
  private static let angles = [0.2, 0.4, 0.6, 0.8, 1]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let angle = key.sign(0) * Self.angles[severity - 1]
    return image.warped { x, y in (cos(angle) * x - sin(angle) * y, sin(angle) * x + cos(angle) * y) }
  }
}

/// Moved sideways and up or down by the same distance, black behind.
struct Translation: Corruption {
  let name = "translate"
  let summary = "moved towards one of the corners"
  /// Pixels in each direction: `translate` of MNIST-C.
  private static let steps = [1.0, 2, 3, 4, 5]

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let step = Self.steps[severity - 1]
    let (right, down) = (key.sign(0) * step, key.sign(1) * step)
    return image.warped { x, y in (x + right, y + down) }
  }
}

/// Mirrored, or turned by a quarter: a garment all the same, but not as the data set shows it.
struct Turn: Corruption {
  let name: String
  let summary: String
  let source = "Fashion-MNIST-C (Weiss and Tonella 2022)"
  let severities = SeverityOrder.single
  /// Whether the pixel at x, y from the middle comes from there with the two exchanged, and their signs.
  private let exchanges: Bool
  private let signs: (x: Double, y: Double)

  static let leftRight = Turn(
    name: "flip-left-right", summary: "left and right exchanged", exchanges: false, signs: (-1, 1))
  static let upDown = Turn(
    name: "flip-up-down", summary: "up and down exchanged", exchanges: false, signs: (1, -1))
  static let left = Turn(
    name: "turn-left", summary: "turned by a quarter to the left", exchanges: true, signs: (-1, 1))
  static let right = Turn(
    name: "turn-right", summary: "turned by a quarter to the right", exchanges: true, signs: (1, -1))

  /// - Precondition: an image to turn by a quarter is square.
  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    precondition(
      !exchanges || image.height == image.width, "\(name): \(image.height)×\(image.width) is not square")
    return image.warped { x, y in exchanges ? (signs.x * y, signs.y * x) : (signs.x * x, signs.y * y) }
  }
}

extension GreyImage {
  /// Each pixel from the place that `source` gives for it, both counted from the middle, x to the right and y
  /// down; between pixels bilinear, beyond the edge black (scikit-image's `warp` of order 1).
  package func warped(_ source: (_ x: Double, _ y: Double) -> (x: Double, y: Double)) -> GreyImage {
    let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    func pixel(_ row: Int, _ column: Int) -> Double {
      (0..<height).contains(row) && (0..<width).contains(column) ? pixels[row * width + column] : 0
    }
    return rebuilt { row, column in
      let place = source(Double(column) - middleX, Double(row) - middleY)
      let (x, y) = (place.x + middleX, place.y + middleY)
      let (left, top) = (x.rounded(.down), y.rounded(.down))
      let (c, r) = (Int(left), Int(top))
      let upper = pixel(r, c) * (left + 1 - x) + pixel(r, c + 1) * (x - left)
      let lower = pixel(r + 1, c) * (left + 1 - x) + pixel(r + 1, c + 1) * (x - left)
      return upper * (top + 1 - y) + lower * (y - top)
    }
  }
}
