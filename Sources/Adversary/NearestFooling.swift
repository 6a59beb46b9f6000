import Autograd
import Network

/// For each image of a task the nearest version so far that fools the classifier.
///
/// What a minimum-norm attack keeps while it searches. Images that are mistaken as they are have the length
/// 0.
public struct NearestFooling {
  private let task: AttackTask
  private let norm: Norm
  /// `[N, H, W, C]`; the clean image where none was found.
  public private(set) var images: Tensor
  /// Infinite where none has been found.
  public private(set) var lengths: [Float]

  /// Starts with the clean images, and classifies them: those that are mistaken are found already.
  public init(_ task: AttackTask, _ norm: Norm) {
    self.task = task
    self.norm = norm
    images = task.images
    lengths = [Float](repeating: .infinity, count: task.count)
    offer(task.images)
  }

  /// Which images have a version that fools.
  public var isFound: [Bool] { lengths.map(\.isFinite) }

  /// Takes a version of every image; classifies them where the logits are not at hand.
  ///
  /// - Returns: which of them fool.
  @discardableResult
  public mutating func offer(_ x: Tensor, logits: Tensor? = nil) -> [Bool] {
    let fooled = task.isFooled(logits ?? task.classifier.logits(x))
    let found = norm.lengths(of: x - task.images)
    let isNearer = found.indices.map { fooled[$0] && found[$0] < lengths[$0] }
    images = images.replacingRows(where: isNearer, with: x)
    for index in found.indices where isNearer[index] { lengths[index] = found[index] }
    return fooled
  }

  /// Moves each image towards its clean one as long as it fools, by bisection: in L2 along the straight way
  /// between them, in L∞ by cutting off what goes farther than a radius.
  ///
  /// - Precondition: the norm is L∞ or L2.
  public mutating func drawCloser(rounds: Int = 16) {
    let change = images - task.images
    var (low, high) = ([Float](repeating: 0, count: task.count), norm.lengths(of: change))
    for _ in 0..<rounds {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      let fooled = offer(task.images + norm.projected(change, to: .perImage(middle)))
      for index in middle.indices {
        if fooled[index] { high[index] = middle[index] } else { low[index] = middle[index] }
      }
    }
  }
}
