import Corruptions
import Glibc
import Kernels

/// Ways to spoil images, each at any strength; what a judge has to notice, and in the right order (Heusel et
/// al. 2017, §4.1). Images are bytes `[N, side, side]`; the same images, strength and key give the same
/// bytes.
public enum Damage: String, CaseIterable, Sendable {
  /// (1 - α)·x + α·n with uniform noise n.
  case noise
  /// A Gaussian of deviation σ pixels, black beyond the edge.
  case blur
  /// Five black rectangles of α times the side.
  case blocks
  /// A share of the pixels black or white.
  case saltAndPepper = "salt and pepper"
  /// Turned around the middle by s radians there, less and less towards the corners.
  case swirl
  /// Squares of so many pixels, each of its mean.
  case pixelize
  /// The middle of the image, so much of the side cut off, drawn large.
  case crop
  /// A share of the images replaced by their negatives, which no clothes look like.
  case contamination

  /// From nothing to much, as in the source; its noise is Gaussian, and its foreign images are photographs.
  public var strengths: [Double] {
    switch self {
    case .noise, .blocks, .contamination: [0, 0.25, 0.5, 0.75]
    case .blur, .swirl: [0, 1, 2, 4]
    case .pixelize: [0, 2, 4, 7]
    case .crop: [0, 0.15, 0.3, 0.45]
    case .saltAndPepper: [0, 0.1, 0.2, 0.3]
    }
  }

  /// Smaller steps, where the damage has them (dfaroughy/FID-MNIST's levels, coarser).
  var fineStrengths: [Double]? {
    switch self {
    case .noise: (0...10).map { 0.1 * Double($0) }
    case .blur: [0, 0.5, 0.75, 1, 1.25, 1.5]
    case .saltAndPepper: (0...6).map { 0.05 * Double($0) }
    default: nil
    }
  }

  /// The images, damaged; as they are where the strength is 0 or less.
  ///
  /// - Parameters:
  ///   - images: bytes `[N, side, side]`, grey.
  ///   - side: rows of an image, and columns.
  ///   - strength: in the unit that the case names: a share of at most 1, radians, or pixels; one pixel at
  ///     least for ``pixelize``.
  ///   - key: what the random ones follow from; each image has a key of its own.
  public func applied(to images: [UInt8], side: Int, strength: Double, key: Key) -> [UInt8] {
    guard strength > 0 else { return images }
    let size = side * side
    func each(_ body: (_ image: ArraySlice<UInt8>, _ key: Key) -> [UInt8]) -> [UInt8] {
      (0..<images.count / size).flatMap { body(images[$0 * size..<($0 + 1) * size], key.derived($0)) }
    }
    switch self {
    case .noise:
      return each { image, key in
        image.enumerated().map { index, pixel in
          let noise = Double(key.word(index) & 255)
          return UInt8(((1 - strength) * Double(pixel) + strength * noise).rounded())
        }
      }
    case .blur: return each { image, _ in Self.blurred(Array(image), side, deviation: strength) }
    case .blocks:
      return each { image, key in
        var image = Array(image)
        let edge = Int((strength * Double(side)).rounded())
        for block in 0..<5 {
          let top = Int(key.word(2 * block) % UInt64(side - edge + 1))
          let left = Int(key.word(2 * block + 1) % UInt64(side - edge + 1))
          for row in top..<top + edge { for column in left..<left + edge { image[row * side + column] = 0 } }
        }
        return image
      }
    case .saltAndPepper:
      return each { image, key in
        image.enumerated().map { index, pixel in
          let word = key.word(index)
          guard Double(word >> 11) * 0x1p-53 < strength else { return pixel }
          return word & 1 == 0 ? 0 : 255
        }
      }
    case .swirl:
      let radius = Double(side) / 2
      return each { image, _ in
        Self.warped(Array(image), side) { y, x in
          Self.turned(y, x, by: strength * exp(-(y * y + x * x).squareRoot() / radius * log(2) * 2))
        }
      }
    case .pixelize: return each { image, _ in Self.pixelized(Array(image), side, edge: Int(strength)) }
    case .crop:
      return each { image, _ in
        Self.warped(Array(image), side) { ($0 * (1 - strength), $1 * (1 - strength)) }
      }
    case .contamination:
      return each { image, key in
        Double(key.word(0) >> 11) * 0x1p-53 < strength ? image.map { 255 - $0 } : Array(image)
      }
    }
  }

  // MARK: - Changes that should not matter much

  /// Moved down and right by whole pixels, black behind.
  static func shifted(_ images: [UInt8], side: Int, by step: Int) -> [UInt8] {
    images.indices.map { index in
      let (image, row, column) = (index / (side * side), index / side % side, index % side)
      let (fromRow, fromColumn) = (row - step, column - step)
      guard (0..<side).contains(fromRow), (0..<side).contains(fromColumn) else { return 0 }
      return images[(image * side + fromRow) * side + fromColumn]
    }
  }

  /// Turned around the middle.
  static func rotated(_ images: [UInt8], side: Int, degrees: Double) -> [UInt8] {
    let size = side * side
    return (0..<images.count / size).flatMap { image in
      warped(Array(images[image * size..<(image + 1) * size]), side) {
        turned($0, $1, by: degrees * .pi / 180)
      }
    }
  }

  // MARK: - Pieces

  private static func turned(_ y: Double, _ x: Double, by angle: Double) -> (Double, Double) {
    (y * cos(angle) - x * sin(angle), y * sin(angle) + x * cos(angle))
  }

  /// Each pixel from the place that `source` gives for it, both counted from the middle; between pixels
  /// bilinear.
  private static func warped(
    _ image: [UInt8], _ side: Int, _ source: (_ y: Double, _ x: Double) -> (Double, Double)
  ) -> [UInt8] {
    bytes(
      grey(image, side).warped { x, y in
        let (fromY, fromX) = source(y, x)
        return (fromX, fromY)
      })
  }

  private static func pixelized(_ image: [UInt8], _ side: Int, edge: Int) -> [UInt8] {
    image.indices.map { index in
      let (top, left) = (index / side / edge * edge, index % side / edge * edge)
      let (bottom, right) = (min(side, top + edge), min(side, left + edge))
      let sum = (top..<bottom).reduce(0) { sum, row in
        (left..<right).reduce(sum) { $0 + Int(image[row * side + $1]) }
      }
      return UInt8((Double(sum) / Double((bottom - top) * (right - left))).rounded())
    }
  }

  /// Rows, then columns, cut off at three deviations.
  private static func blurred(_ image: [UInt8], _ side: Int, deviation: Double) -> [UInt8] {
    let weights = GreyImage.gaussianWeights(
      deviation: deviation, reach: Int((3 * deviation).rounded(.up)))
    return bytes(
      grey(image, side).filtered(weights.map { (0, $0, $1) }, .black)
        .filtered(weights.map { ($0, 0, $1) }, .black))
  }

  /// In steps of 1/255, which linear changes keep as they are: no byte is rounded on the way.
  private static func grey(_ image: [UInt8], _ side: Int) -> GreyImage {
    GreyImage(height: side, width: side, pixels: image.map(Double.init))
  }

  private static func bytes(_ image: GreyImage) -> [UInt8] { image.pixels.map { UInt8($0.rounded()) } }
}
