import Autograd
import Kernels

/// DiffAugment (Zhao, Liu, Lin, Zhu and Han 2020, §3.2 and their code): colour, translation and cutout, for
/// sets of a few hundred pictures, which a discriminator soon knows by heart.
///
/// | part | of each image x, with u uniform in [0, 1) |
/// |---|---|
/// | brightness | x + u - 0.5 |
/// | saturation | (x - c)·2u + c, c the mean of a pixel's colours |
/// | contrast | (x - m)·(u + 0.5) + m, m the mean of the image |
/// | translation | by up to an eighth of the side, 0 where nothing is left |
/// | cutout | a square of half the side becomes 0 |
public struct DifferentiableAugmentation: InputAugmentation, Equatable {
  private static let translationShare = 0.125
  private static let cutoutShare = 0.5

  /// All parts of the table.
  public init() {}

  /// Images `[N, H, W, C]` in [-1, 1], each changed in its own way by all parts of the table, in their order.
  public func callAsFunction(_ images: Tensor, key: Key) -> Tensor {
    cutout(translated(recolored(images, key.derived(0)), key.derived(1)), key.derived(2))
  }

  package func recolored(_ images: Tensor, _ key: Key) -> Tensor {
    func random(_ part: Int) -> Tensor { .uniform([images.shape[0], 1, 1, 1], key: key.derived(part)) }
    let bright = images + (random(0) - 0.5)
    let grey = bright.mean(axes: [3], keepDimensions: true)
    let saturated = (bright - grey) * (random(1) * 2) + grey
    let mean = saturated.mean(axes: [1, 2, 3], keepDimensions: true)
    return (saturated - mean) * (random(2) + 0.5) + mean
  }

  package func translated(_ images: Tensor, _ key: Key) -> Tensor {
    let (count, height, width, channels) = (
      images.shape[0], images.shape[1], images.shape[2], images.shape[3]
    )
    let (rows, columns) = (
      Self.share(Self.translationShare, of: height), Self.share(Self.translationShare, of: width)
    )
    let (tall, wide) = (height + 2 * rows, width + 2 * columns)
    let padded = images.padded(before: [0, rows, columns, 0], after: [0, rows, columns, 0])
    var places: [Int] = []
    places.reserveCapacity(count * height * width)
    for image in 0..<count {
      let top = key.derived(0).integer(image, in: 0..<2 * rows + 1)
      let left = key.derived(1).integer(image, in: 0..<2 * columns + 1)
      for y in 0..<height {
        let start = (image * tall + top + y) * wide + left
        places += start..<start + width
      }
    }
    return padded.reshaped([count * tall * wide, channels]).gatherRows(places).reshaped(images.shape)
  }

  package func cutout(_ images: Tensor, _ key: Key) -> Tensor {
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    let (tall, wide) = (Self.share(Self.cutoutShare, of: height), Self.share(Self.cutoutShare, of: width))
    var mask = [Float](repeating: 1, count: count * height * width)
    for image in 0..<count {
      // The middle of the square lies anywhere, so that a part of it may lie outside.
      let top = key.derived(0).integer(image, in: 0..<height + 1 - tall % 2) - tall / 2
      let left = key.derived(1).integer(image, in: 0..<width + 1 - wide % 2) - wide / 2
      for y in max(0, top)..<min(height, top + tall) {
        for x in max(0, left)..<min(width, left + wide) { mask[(image * height + y) * width + x] = 0 }
      }
    }
    return images * Tensor(mask, shape: [count, height, width, 1])
  }

  private static func share(_ share: Double, of side: Int) -> Int { Int(share * Double(side) + 0.5) }
}
