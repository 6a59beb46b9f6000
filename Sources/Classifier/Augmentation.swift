import Autograd
import Datasets
import Kernels
import Network

/// Random changes of training images that keep their label.
public struct Augmentation: Codable, Equatable, Sendable {
  /// Mirror left and right with probability ½.
  public var mirrors: Bool
  /// Move by up to this many pixels along each axis; black comes in from outside.
  public var shift: Int
  /// The share of the images in which a rectangle is covered by noise (Zhong et al. 2020, "Random erasing");
  /// nil for none. Each side has 3 to 11 pixels, as far as the image does; each value is uniform in [0, 1].
  public var erasing: Double?

  /// Half of the images that this package is made for.
  public static let largestShift = 14

  /// Images as they are.
  public static let none = Augmentation(mirrors: false, shift: 0)

  private static let erasedSides = 3...11

  /// The changes that are named; no rectangles of noise where `erasing` is left out.
  ///
  /// - Parameters:
  ///   - mirrors: left and right, with probability ½.
  ///   - shift: pixels along each axis, from 0 to ``largestShift``.
  ///   - erasing: the share of the images, from 0 to 1.
  public init(mirrors: Bool, shift: Int, erasing: Double? = nil) {
    precondition(shift >= 0, "Augmentation: a shift of \(shift) pixels")
    self.mirrors = mirrors
    self.shift = shift
    self.erasing = erasing
  }

  /// The images at `indices` as `[n, H, W, C]` in [0, 1], each changed by its own random numbers from `key`.
  package func batch(_ images: LabeledImages, _ indices: [Int], key: Key) -> Tensor {
    guard self != .none else { return images.tensor(indices) }
    let size = images.valuesPerImage
    return Tensor(shape: [indices.count, images.height, images.width, images.channels]) { target in
      images.pixels.withUnsafeBufferPointer { pixels in
        let source = pixels.baseAddress.unsafelyUnwrapped
        Parallel.forEach(count: indices.count, chunkSize: 16) { range in
          for i in range {
            let to = target + i * size
            move(source + indices[i] * size, images.extent, by: key.word(i), into: to)
            if let erasing { erase(to, images.extent, share: erasing, key: key.derived(i)) }
          }
        }
      }
    }
  }

  /// One image, mirrored and shifted as the bits of `word` say.
  private func move(
    _ source: UnsafePointer<UInt8>, _ extent: Extent, by word: UInt64,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (height, width, channels) = extent
    let sides = UInt64(2 * shift + 1)
    let isMirrored = mirrors && word & 1 == 1
    let down = Int((word >> 1) % 0xFFFF_FFFF % sides) - shift
    let right = Int((word >> 33) % sides) - shift
    for y in 0..<height {
      for x in 0..<width {
        let sourceY = y - down
        let shifted = x - right
        let sourceX = isMirrored ? width - 1 - shifted : shifted
        let isInside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width
        for c in 0..<channels {
          target[(y * width + x) * channels + c] =
            isInside ? Float(source[(sourceY * width + sourceX) * channels + c]) / 255 : 0
        }
      }
    }
  }

  /// Covers a rectangle of one image with noise, or leaves it alone.
  private func erase(_ image: UnsafeMutablePointer<Float>, _ extent: Extent, share: Double, key: Key) {
    let (height, width, channels) = extent
    guard Key.uniform(key.bits(0)) < Float(share) else { return }
    func sides(_ length: Int, _ index: Int) -> (start: Int, count: Int) {
      let range = min(length, Self.erasedSides.lowerBound)...min(length, Self.erasedSides.upperBound)
      let count = range.lowerBound + Int(key.word(index) % UInt64(range.count))
      return (Int(key.word(index + 1) % UInt64(length - count + 1)), count)
    }
    let (rows, columns) = (sides(height, 1), sides(width, 3))
    let noise = key.derived(0)
    var drawn = 0
    for y in rows.start..<rows.start + rows.count {
      for x in columns.start..<columns.start + columns.count {
        for c in 0..<channels {
          image[(y * width + x) * channels + c] = Key.uniform(noise.bits(drawn))
          drawn += 1
        }
      }
    }
  }
}

private typealias Extent = (height: Int, width: Int, channels: Int)

extension LabeledImages {
  fileprivate var extent: Extent { (height, width, channels) }
}

extension Key {
  fileprivate func bits(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: word(index)) }
}
