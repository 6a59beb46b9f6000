import Autograd
import Network

/// What an attack makes larger, one value an image, from logits z with the true label y or the target t.
///
/// | loss | untargeted | targeted | source |
/// |---|---|---|---|
/// | cross-entropy, as log-odds | ln (1 - p_y) / p_y | ln p_t / (1 - p_t) | Goodfellow et al. 2015 |
/// | margin | max_{i≠y} zᵢ - z_y | z_t - max_{i≠t} zᵢ | Carlini and Wagner 2017, f₆ |
/// | logit ratio (DLR) | -(z_y - max_{i≠y} zᵢ) / (z_π1 - z_π3) | -(z_y - z_t) / (z_π1 - ½(z_π3 + z_π4)) | Croce and Hein 2020, §4.1 |
///
/// p is the softmax of z. Cross-entropy is softplus of these log-odds: it orders images alike, and its
/// gradient is theirs times a positive number, so that attacks, which use the direction alone, lose nothing.
/// But that number comes near 0 where the classifier is certain, and in single precision cross-entropy's
/// gradient first loses the true label's part (p_y - 1 rounds to 0) and then all others, while that of the
/// log-odds keeps its digits.
///
/// π sorts the logits, largest first. The logit ratio does not change when the logits are scaled; it needs
/// three labels, with a target four.
public enum AttackLoss: String, Sendable {
  /// Cross-entropy, as log-odds: its gradient keeps its digits where the classifier is certain.
  case crossEntropy
  /// A difference of logits: above 0 where the image fools, below 0 where it does not.
  case margin
  /// A difference of logits in units of their spread (DLR). Needs three labels, with a target four.
  case logitRatio

  /// The loss of each image, `[N]`.
  ///
  /// - Parameters:
  ///   - logits: `[N, labels]`
  ///   - labels: the true ones.
  ///   - targets: the labels to be reached; nil to go away from the true ones.
  public func values(_ logits: Tensor, labels: [Int], targets: [Int]?) -> Tensor {
    switch self {
    case .crossEntropy:
      return targets.map { -logits.logOdds(against: $0) } ?? logits.logOdds(against: labels)
    case .margin:
      let aims = targets ?? labels
      let others = Self.ranked(logits).enumerated().map { row, order in
        order.first { $0 != aims[row] } ?? aims[row]
      }
      let margin = logits.picked(others) - logits.picked(aims)
      return targets == nil ? margin : -margin
    case .logitRatio:
      let order = Self.ranked(logits)
      let needed = targets == nil ? 3 : 4
      precondition(
        logits.shape[1] >= needed, "AttackLoss.logitRatio: \(logits.shape[1]) labels, \(needed) are needed")
      let (first, third) = (logits.picked(order.map { $0[0] }), logits.picked(order.map { $0[2] }))
      let ownLogit = logits.picked(labels)
      if let targets {
        let spread = first - (third + logits.picked(order.map { $0[3] })) * 0.5
        return (logits.picked(targets) - ownLogit) / (spread + Self.tiny)
      }
      let others = order.enumerated().map { row, order in order[0] == labels[row] ? order[1] : order[0] }
      return (logits.picked(others) - ownLogit) / (first - third + Self.tiny)
    }
  }

  /// Against a division by 0 (the reference's constant).
  private static let tiny: Float = 1e-12

  /// The labels by falling logits; of equals the first comes first.
  static func ranked(_ logits: Tensor) -> [[Int]] {
    let classes = logits.shape[1]
    return logits.withElements { z in
      (0..<logits.shape[0]).map { row in
        (0..<classes).sorted { (z[row * classes + $1], $0) < (z[row * classes + $0], $1) }
      }
    }
  }
}

extension Tensor {
  /// One element of each row of `[N, columns]`: `[N]`.
  func picked(_ columns: [Int]) -> Tensor {
    (self * Tensor.oneHot(columns, classes: shape[1])).sum(axes: [1])
  }
}

/// What an attack learns of images at one point.
public struct AttackGradient {
  /// ∂loss/∂x, masked, `[N, H, W, C]`.
  public let gradient: Tensor
  /// `[N]`
  public let losses: [Float]
  /// `[N, labels]`
  public let logits: Tensor
}

extension AttackTask {
  /// The loss of each image, from logits `[N, labels]`.
  public func losses(_ logits: Tensor, _ loss: AttackLoss) -> [Float] {
    loss.values(logits, labels: labels, targets: aims).elements
  }

  /// The loss of images `x` `[N, H, W, C]` and its gradient, from one pass forward and one back.
  ///
  /// The losses are summed, so that each image's gradient is its own. A gradient that is not a finite number
  /// counts as 0.
  public func gradient(at x: Tensor, _ loss: AttackLoss) -> AttackGradient {
    let tracked = x.tracked()
    let logits = classifier.logits(tracked)
    let values = loss.values(logits, labels: labels, targets: aims)
    let slope = masked(Autograd.gradient(of: values.sum(), wrt: tracked).finite)
    return AttackGradient(gradient: slope, losses: values.elements, logits: logits.detached)
  }
}

extension Tensor {
  /// The finite elements, and 0 for the others.
  var finite: Tensor {
    guard !withElements({ $0.allSatisfy(\.isFinite) }) else { return self }
    return Tensor(elements.map { $0.isFinite ? $0 : 0 }, shape: shape)
  }
}
