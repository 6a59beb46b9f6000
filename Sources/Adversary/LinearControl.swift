import Autograd
import Kernels
import Network

/// A linear classifier of two labels, on which the distance to the nearest mistake is known: the analytic
/// control of attacks.
///
/// Logits x·w and 0, w normal. An image x with x·w > 0 has the label 0 and the distance x·w / ‖w‖ in the dual
/// norm: the L1 norm of w for L∞, the L2 norm for L2. Images are near grey, so that no pixel runs out of room
/// on the way.
public struct LinearControl: ImageClassifier {
  /// `linear`
  public let name = "linear"
  /// `0` where x·w is 0 or more, else `1`.
  public let labelNames = ["0", "1"]
  /// `[H, W, C]`
  public let imageShape: [Int]
  private let weights: Tensor

  /// A classifier of images `[H, W, C]` whose weights are drawn from `key`.
  public init(imageShape: [Int], key: Key = Key(seed: 27)) {
    self.imageShape = imageShape
    weights = .normal([imageShape.reduce(1, *), 1], key: key)
  }

  /// x·w and 0: `[N, 2]` of images `[N, H, W, C]`.
  public func logits(_ images: Tensor) -> Tensor {
    let score = Tensor.matmul(images.flattened(), weights)
    return .concatenate([score, .zeros(score.shape)], axis: 1)
  }

  /// How many times farther than the nearest mistake each minimum-norm attack of the catalogue goes, at worst
  /// over 20 images.
  ///
  /// Without those that see labels only, which approach it as slowly as they are given queries.
  public func ratios() -> [(attack: String, ratio: Double)] {
    let count = 20
    let images = Tensor.uniform([count] + imageShape, in: 0.45..<0.55, key: Key(seed: 28))
    let labels = predictions(images)
    let task = AttackTask(
      self, images: images, labels: labels, keys: labels.indices.map { Key(seed: 29).derived($0) })
    let scores = logits(images).elements
    return AttackCatalog.all.compactMap { attack in
      guard let norm = attack.norm, norm != .l0, !(attack is HopSkipJump),
        case .nearest(let found) = attack.perturbation(task)
      else { return nil }
      let dual = norm == .linf ? weights.absolute().sum().scalar : weights.square().sum().squareRoot().scalar
      let ratios = norm.lengths(of: found - images).enumerated().map { image, length in
        // What was not found is infinitely far.
        length > 0 ? Double(length) / Double(scores[2 * image].magnitude / dual) : .infinity
      }
      return (attack.name, ratios.max() ?? .infinity)
    }
  }
}
