import Autograd
import Network

/// σ-zero (Cinà et al., "σ-zero: gradient-based optimization of ℓ₀-norm adversarial examples", ICLR 2025,
/// alg. 1): as few changed pixels as it can find, each changed by as much as it likes.
///
///     g = ∇_δ [max(-margin(x + δ), 0) + (1/d)·Σ δᵢ²/(δᵢ² + σ)]
///     δ ← clip(x + δ - η·g/‖g‖∞) - x;  δᵢ ← 0 where ǀδᵢǀ < τ
///     τ ← clip(τ ± 0.01·η, 0, 1): up where x + δ fools, down where it does not
///
/// The second term approximates the share of changed pixels smoothly, σ = 10⁻³; τ starts at 0.3; η falls
/// along a cosine from 1. ε counts pixels (L0).
public struct SigmaZero: Attack {
  /// The attack with 300 steps; ``steps`` is a variable.
  public init() {}

  /// `sigma-zero`
  public let name = "sigma-zero"
  /// L0.
  public let norm: Norm? = .l0
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// Steps, one gradient each.
  public var steps = 300

  private static let (sigma, firstThreshold, thresholdStep): (Float, Float, Float) = (1e-3, 0.3, 0.01)

  /// The number of steps.
  public var settings: String { "\(steps) steps" }

  /// For each image the one found that fools with the fewest changed pixels, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, .l0)
    var change = Tensor.zeros(task.images.shape)
    var thresholds = [Float](repeating: Self.firstThreshold, count: task.count)
    let pixels = Float(task.images.count / max(1, task.count))
    for step in 0..<steps {
      let rate = cosineFall((1, 0), step, of: steps)
      let tracked = change.tracked()
      let logits = task.classifier.logits(task.images + tracked)
      let margin = AttackLoss.margin.values(logits, labels: task.labels, targets: task.aims)
      let squares = tracked.square()
      let share = (squares / (squares + Self.sigma)).sum(axes: [1, 2, 3]) / pixels
      let slope = task.masked(
        Autograd.gradient(of: ((-margin).relu() + share).sum(), wrt: tracked).finite)
      let fooled = nearest.offer(task.images + change, logits: logits.detached)
      for index in thresholds.indices {
        let moved = thresholds[index] + (fooled[index] ? 1 : -1) * Self.thresholdStep * rate
        thresholds[index] = min(max(moved, 0), 1)
      }
      let largest = Norm.linf.perImage(slope)
      let moved = (task.images + change - slope / (largest + largest.isZero) * rate).clamped(to: 0...1)
      change = (moved - task.images).cut(below: thresholds)
    }
    nearest.offer(task.images + change)
    return .nearest(nearest.images)
  }
}

extension Tensor {
  /// 0 in place of elements that are smaller in size than their image's threshold.
  fileprivate func cut(below thresholds: [Float]) -> Tensor {
    let distance = absolute() - .perImage(thresholds)
    return self * (distance.sign() + 0.5).sign().relu()
  }
}
