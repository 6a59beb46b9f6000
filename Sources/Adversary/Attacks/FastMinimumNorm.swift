import Autograd

/// The fast minimum-norm attack (Pintor, Roli, Brendel and Biggio, NeurIPS 2021, alg. 1), in L∞.
///
///     δ ← Π_ε(δ + α·sign(g)), clipped to [0, 1],      g = ∇margin(x + δ)
///     ε ← ε·(1 - γ) where x + δ fools, ε·(1 + γ) where it does not; (‖δ‖∞ - margin/‖g‖₁)·(1 + γ) before it
///     ever has
///
/// The quotient is the distance to the boundary, were the classifier linear. α falls along a cosine from 1 to
/// 10⁻⁵, γ from 0.05 to 10⁻⁴. The paper steps along g/‖g‖₂ in every norm; the sign reaches all corners of the
/// ball at once and is exact on linear classifiers. Of all that fools, the nearest counts, and the way back
/// from it is bisected. For L2 see ``DecoupledDirection``.
public struct FastMinimumNorm: Attack {
  /// The attack with 200 steps; ``steps`` is a variable.
  public init() {}

  /// `fmn`
  public let name = "fmn"
  /// L∞.
  public let norm: Norm? = .linf
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// Steps, one gradient each.
  public var steps = 200

  private static let (stepSizes, radiusSteps): ((Float, Float), (Float, Float)) = ((1, 1e-5), (0.05, 1e-4))

  /// The number of steps.
  public var settings: String { "\(steps) steps, bisected" }

  /// For each image the nearest one found that fools, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, .linf)
    var radii = [Float](repeating: .infinity, count: task.count)
    var change = Tensor.zeros(task.images.shape)
    for step in 0..<steps {
      let point = task.gradient(at: task.images + change, .margin)
      let hadFooled = nearest.isFound
      let fooled = nearest.offer(task.images + change, logits: point.logits)
      let lengths = Norm.linf.lengths(of: change)
      let slopes = point.gradient.absolute().sum(axes: [1, 2, 3]).elements
      let shrink = cosineFall(Self.radiusSteps, step, of: steps)
      for index in radii.indices {
        if fooled[index] {
          radii[index] = min(radii[index] * (1 - shrink), nearest.lengths[index])
        } else if hadFooled[index] {
          radii[index] *= 1 + shrink
        } else {
          // A little beyond: exactly on the boundary of a linear classifier nothing fools yet.
          radii[index] = (lengths[index] - point.losses[index] / max(slopes[index], 1e-12)) * (1 + shrink)
        }
      }
      // No pixel can move farther than 1, and infinity is no radius.
      let radius = Tensor.perImage(radii.map { min($0, 1) })
      let along = Norm.linf.steepest(point.gradient) * cosineFall(Self.stepSizes, step, of: steps)
      let moved = task.images + Norm.linf.projected(change + along, to: radius)
      change = moved.clamped(to: 0...1) - task.images
    }
    nearest.offer(task.images + change)
    nearest.drawCloser()
    return .nearest(nearest.images)
  }
}
