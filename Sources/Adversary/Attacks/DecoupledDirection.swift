import Autograd

/// DDN: decoupled direction and norm (Rony et al., "Decoupling direction and norm for efficient
/// gradient-based L2 adversarial attacks and defenses", CVPR 2019, alg. 1), a minimum-norm attack in L2.
///
///     δ ← δ + α·g/‖g‖₂,       g = ∇cross-entropy(x + δ)
///     ε ← ε·(1 - γ) where x + δ fools, ε·(1 + γ) where it does not
///     δ ← ε·δ/‖δ‖₂, clipped to [0, 1]
///
/// α falls along a cosine from 1 to 0.01, γ = 0.05, ε starts at 1 (§4). Of all that fools, the nearest
/// counts, and the way back from it is bisected. The quantisation to bytes is left out.
public struct DecoupledDirection: Attack {
  /// The attack with 200 steps; ``steps`` is a variable.
  public init() {}

  /// `ddn`
  public let name = "ddn"
  /// L2.
  public let norm: Norm? = .l2
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// Steps, one gradient each.
  public var steps = 200

  private static let (stepSizes, radiusStep, firstRadius): ((Float, Float), Float, Float) = (
    (1, 0.01), 0.05, 1
  )

  /// The number of steps.
  public var settings: String { "\(steps) steps, bisected" }

  /// For each image the nearest one found that fools, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, .l2)
    var radii = [Float](repeating: Self.firstRadius, count: task.count)
    var change = Tensor.zeros(task.images.shape)
    for step in 0..<steps {
      let point = task.gradient(at: task.images + change, .crossEntropy)
      let fooled = nearest.offer(task.images + change, logits: point.logits)
      for index in radii.indices { radii[index] *= fooled[index] ? 1 - Self.radiusStep : 1 + Self.radiusStep }
      let moved = change + Norm.l2.steepest(point.gradient) * cosineFall(Self.stepSizes, step, of: steps)
      let scaled = Norm.l2.steepest(moved) * .perImage(radii)
      change = (task.images + scaled).clamped(to: 0...1) - task.images
    }
    nearest.offer(task.images + change)
    nearest.drawCloser()
    return .nearest(nearest.images)
  }
}
