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

  /// Half of the images that this package is made for.
  public static let largestShift = 14

  public static let none = Augmentation(mirrors: false, shift: 0)

  public init(mirrors: Bool, shift: Int) {
    self.mirrors = mirrors
    self.shift = shift
  }

  /// The images at `indices` as `[n, H, W, C]` in [0, 1], each changed by its own random numbers from `key`.
  package func batch(_ images: LabeledImages, _ indices: [Int], key: Key) -> Tensor {
    guard self != .none else { return images.tensor(indices) }
    let (height, width, channels) = (images.height, images.width, images.channels)
    let size = images.valuesPerImage
    let sides = UInt64(2 * shift + 1)
    return Tensor(shape: [indices.count, height, width, channels]) { target in
      images.pixels.withUnsafeBufferPointer { pixels in
        let source = pixels.baseAddress.unsafelyUnwrapped
        Parallel.forEach(count: indices.count, chunkSize: 16) { range in
          for i in range {
            let word = key.word(i)
            let isMirrored = mirrors && word & 1 == 1
            let down = Int((word >> 1) % 0xFFFF_FFFF % sides) - shift
            let right = Int((word >> 33) % sides) - shift
            let from = source + indices[i] * size
            let to = target + i * size
            for y in 0..<height {
              for x in 0..<width {
                let sourceY = y - down
                let shifted = x - right
                let sourceX = isMirrored ? width - 1 - shifted : shifted
                let isInside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width
                for c in 0..<channels {
                  to[(y * width + x) * channels + c] =
                    isInside ? Float(from[(sourceY * width + sourceX) * channels + c]) / 255 : 0
                }
              }
            }
          }
        }
      }
    }
  }
}
