import Autograd
import Network

/// DeepFool (Moosavi-Dezfooli, Fawzi and Frossard, CVPR 2016, alg. 2): walks to the nearest decision boundary
/// as if the classifier were linear, again and again.
///
///     for every label k ≠ y:  w_k = ∇(z_k - z_y), d_k = z_y - z_k
///     x ← x + (1 + η)·r,  r the shortest of the steps with w_k·r = d_k
///
/// The steps stay within [0, 1] and the mask (`ShortestStep`), so the answer is exact for a linear
/// classifier also where pixels run out of room. Afterwards the way back to the clean image is bisected.
/// Untargeted; ε plays no part.
public struct DeepFool: Attack {
  /// `deepfool` or `deepfool-l2`.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// False: it walks to the nearest label, whichever that is.
  public let isTargetable = false
  /// The paper's limit (§3) and overshoot (§2.2).
  public var steps = 50
  /// η: by which share of its length each step is made longer.
  public var overshoot: Float = 0.02

  /// Longer than any step.
  private static let unreachable: Float = 1e6

  /// `deepfool`: the nearest in L∞.
  public static let linf = DeepFool("deepfool", .linf)
  /// `deepfool-l2`: the nearest in L2.
  public static let l2 = DeepFool("deepfool-l2", .l2)

  private init(_ name: String, _ norm: Norm) {
    self.name = name
    self.norm = norm
  }

  /// Steps at most, and overshoot.
  public var settings: String { "at most \(steps) steps, overshoot \(overshoot), bisected" }

  /// For each image the nearest one found that fools, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    let norm = norm ?? .l2
    var nearest = NearestFooling(task, norm)
    var (x, places) = (task.images, nearest.isFound.indices.filter { !nearest.isFound[$0] })
    for _ in 0..<steps where !places.isEmpty {
      let moved = step(task.at(places), x.rows(at: places), norm)
      x.writeRows(places, of: moved, from: Array(places.indices))
      let fooled = nearest.offer(x)
      places = places.filter { !fooled[$0] }
    }
    nearest.drawCloser()
    return .nearest(nearest.images)
  }

  private func step(_ task: AttackTask, _ x: Tensor, _ norm: Norm) -> Tensor {
    let tracked = x.tracked()
    let logits = task.classifier.logits(tracked)
    let own = logits.picked(task.labels)
    var shortest = Tensor.zeros(x.shape)
    var lengths = [Float](repeating: .infinity, count: task.count)
    for label in 0..<logits.shape[1] {
      let gap = own - logits.picked([Int](repeating: label, count: task.count))
      let normal = task.masked(Autograd.gradient(of: -gap.sum(), wrt: tracked).finite)
      let gaps = gap.elements
      let step = ShortestStep.steps(norm, along: normal, by: gaps, from: x, mask: task.mask)
      // A label that its own linear model cannot reach comes after all that can be reached.
      let rises = (normal * step).sum(axes: [1, 2, 3]).elements
      let found = zip(norm.lengths(of: step), zip(rises, gaps)).map { length, rise in
        rise.0 < rise.1 * (1 - 1e-4) ? length + Self.unreachable : length
      }
      let isShorter = found.indices.map { row in
        task.labels[row] != label && found[row] < lengths[row] && rises[row] > 0
      }
      shortest = shortest.replacingRows(where: isShorter, with: step)
      for row in found.indices where isShorter[row] { lengths[row] = found[row] }
    }
    return (x + shortest * (1 + overshoot)).clamped(to: 0...1)
  }
}
