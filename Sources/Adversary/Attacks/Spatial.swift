import Autograd
import Glibc
import Kernels
import Network

/// Small rotations and shifts (Engstrom et al., "Exploring the landscape of spatial robustness", ICML 2019,
/// §3): the worst of a grid.
///
///     x'(p) = x(R(-θ)·(p - centre - shift) + centre), bilinear, black outside
///
/// ε from 0 to 1 is the share of the largest motion: 30° and a tenth of the image's width, as in the paper.
/// Every angle is tried with every shift. Where a mask is given, the moved image shows inside it only. No
/// norm measures such a change.
public struct Spatial: Attack {
  /// The attack, which has no options.
  public init() {}

  /// `spatial`
  public let name = "spatial"
  /// Nil: ε is a share of the largest motion.
  public let norm: Norm? = nil
  /// It sees the logits, and no gradient.
  public let role = AttackRole.gradientFree
  /// What a table states beside the numbers.
  public let settings = "grid of 11 angles × 5 × 5 shifts, at ε = 1 up to 30° and a tenth of the width"

  private static let largestAngle = Float.pi / 6
  private static let largestShift: Float = 0.1
  /// From -1 to 1.
  private static let angles = (0..<11).map { Float($0 - 5) / 5 }
  private static let shifts = (0..<5).map { Float($0 - 2) / 2 }

  /// At each ε a motion of the grid that fools, else that of the highest cross-entropy.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      let best = BestImages(task)
      let reach = Self.largestShift * Float(task.images.shape[2]) * epsilon
      for angle in Self.angles {
        for down in Self.shifts {
          for right in Self.shifts where !best.isDone {
            let task = best.task
            let moved = Self.moved(
              task.images, angle: angle * Self.largestAngle * epsilon, down: down * reach,
              right: right * reach)
            let x = task.images + task.masked(moved - task.images)
            let logits = task.classifier.logits(x)
            best.offer(x, task.losses(logits, .crossEntropy), logits)
          }
        }
      }
      return best.images
    }
  }

  /// Images `[N, H, W, C]` turned by an angle in radians about their middle, then shifted in pixels.
  static func moved(_ images: Tensor, angle: Float, down: Float, right: Float) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let middle = (row: Float(height - 1) / 2, column: Float(width - 1) / 2)
    let (sine, cosine) = (sin(angle), cos(angle))
    let size = height * width * channels
    return Tensor(shape: images.shape) { y in
      images.withElements { x in
        let x = x
        Parallel.forEach(count: images.shape[0], chunkSize: 8) { range in
          for image in range {
            func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Float {
              guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
              return x[image * size + (row * width + column) * channels + channel]
            }
            for row in 0..<height {
              for column in 0..<width {
                let (v, h) = (Float(row) - middle.row - down, Float(column) - middle.column - right)
                let (from, across) = (
                  middle.row + cosine * v - sine * h, middle.column + sine * v + cosine * h
                )
                let (top, left) = (from.rounded(.down), across.rounded(.down))
                let (a, b) = (from - top, across - left)
                for channel in 0..<channels {
                  let upper =
                    (1 - b) * pixel(Int(top), Int(left), channel) + b
                    * pixel(Int(top), Int(left) + 1, channel)
                  let lower =
                    (1 - b) * pixel(Int(top) + 1, Int(left), channel)
                    + b * pixel(Int(top) + 1, Int(left) + 1, channel)
                  y[image * size + (row * width + column) * channels + channel] = (1 - a) * upper + a * lower
                }
              }
            }
          }
        }
      }
    }
  }
}
