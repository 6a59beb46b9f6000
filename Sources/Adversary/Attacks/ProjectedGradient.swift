import Autograd
import Glibc
import Kernels
import Network

/// Steps along the gradient, each followed by a projection back into the ball: BIM, PGD and MI-FGSM.
///
///     m ← μ·m + g/‖g‖₁            (μ = 0: m = g)
///     x' ← clip(Π_ε(x' + α·steepest(m) - x) + x)
///
/// g = ∂L/∂x' masked, Π_ε the projection onto the L∞ or L2 ball around the clean x. The step α is relative to
/// ε, so that one setting serves a whole curve; it stays what it is, or falls to 0 along half a cosine. Every
/// iterate is tested, the last too, and each image keeps the first that fools; one that none fools keeps that
/// of the highest loss.
public struct ProjectedGradient: Attack {
  /// The name that it was given; those of the attacks below are names on the command line.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// Many gradients, away from the true label.
  public let role = AttackRole.iterative
  /// Steps of a run, one gradient each.
  public var steps: Int
  /// α / ε.
  public var relativeStep: Float
  /// Whether the steps fall from α to 0 along half a cosine.
  public let stepsFall: Bool
  /// Whether the first iterate is drawn from the ball, or is the clean image.
  public var startsAtRandom: Bool
  /// μ: how much of the gradients before goes into a step.
  public var momentum: Float
  /// Runs for an image that none has fooled yet; they differ where starts are random.
  public var restarts: Int
  /// What the steps make larger.
  public var loss: AttackLoss = .crossEntropy

  /// Kurakin, Goodfellow and Bengio 2017 ("Adversarial examples in the physical world"), §2.2, with ten
  /// steps.
  public static let bim = ProjectedGradient(
    "bim", .linf, steps: 10, relativeStep: 1.0 / 10, startsAtRandom: false)
  /// Madry et al. 2018: 40 steps on MNIST (§5), a random start (§3), steps of 2.5·ε/steps.
  public static let pgd = ProjectedGradient(
    "pgd", .linf, steps: 40, relativeStep: 2.5 / 40, startsAtRandom: true)
  /// ``pgd`` with steps that fall from ε to 0, from three starts.
  ///
  /// Small steps of one length can get stuck where large ones pass (docs/decisions/0007).
  public static let pgdDecay = ProjectedGradient(
    "pgd-decay", .linf, steps: 40, relativeStep: 1, stepsFall: true, startsAtRandom: true, restarts: 3)
  /// ``pgd`` in L2.
  public static let pgdL2 = ProjectedGradient(
    "pgd-l2", .l2, steps: 40, relativeStep: 2.5 / 40, startsAtRandom: true)
  /// Dong et al. 2018 ("Boosting adversarial attacks with momentum"), §4.1: ten steps, μ = 1.
  public static let momentum = ProjectedGradient(
    "mi-fgsm", .linf, steps: 10, relativeStep: 1.0 / 10, startsAtRandom: false, momentum: 1)

  /// An attack on the cross-entropy, unless ``loss`` is set.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - norm: L∞ or L2.
  ///   - steps: 1 or more.
  ///   - relativeStep: α / ε.
  ///   - stepsFall: whether the steps fall from α to 0 along half a cosine; else all are α.
  ///   - startsAtRandom: whether the first iterate is drawn from the ball; else it is the clean image.
  ///   - momentum: μ.
  ///   - restarts: how many runs.
  public init(
    _ name: String, _ norm: Norm, steps: Int, relativeStep: Float, stepsFall: Bool = false,
    startsAtRandom: Bool, momentum: Float = 0, restarts: Int = 1
  ) {
    precondition(steps >= 1 && norm != .l0, "ProjectedGradient: \(steps) steps in \(norm)")
    self.name = name
    self.norm = norm
    self.steps = steps
    self.relativeStep = relativeStep
    self.stepsFall = stepsFall
    self.startsAtRandom = startsAtRandom
    self.momentum = momentum
    self.restarts = restarts
  }

  /// Steps and their size, starts and momentum.
  public var settings: String {
    "\(steps) steps " + (stepsFall ? "from \(relativeStep) ε down to 0" : "of \(relativeStep) ε")
      + (startsAtRandom ? restarts > 1 ? ", \(restarts) random starts" : ", random start" : "")
      + (momentum > 0 ? ", momentum \(momentum)" : "")
  }

  /// For each ε an iterate that fools, else that of the highest loss.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      let best = BestImages(task)
      for restart in 0..<restarts where !best.isDone { climb(best, epsilon, restart: restart) }
      return best.images
    }
  }

  /// Which images are fooled by any iterate of a single run, and which by the last one.
  public func everAndLastFooled(_ task: AttackTask, epsilon: Float) -> (ever: [Bool], last: [Bool]) {
    let task = task.goingOn
    var (ever, last) = ([Bool](repeating: false, count: task.count), [Bool]())
    let best = BestImages(task) { fooled in
      ever = zip(ever, fooled).map { $0 || $1 }
      last = fooled
    }
    climb(best, epsilon, restart: 0)
    return (ever, last)
  }

  /// The iterate after all steps of a single run, fooling or not: what a training goes on with, at no pass
  /// more than the steps.
  package func lastIterate(_ task: AttackTask, epsilon: Float) -> Tensor {
    var walk = Walk(self, task, epsilon, restart: 0)
    for step in 0..<steps { walk.step(step, along: task.gradient(at: walk.x, loss).gradient, task) }
    return walk.x
  }

  private func climb(_ best: BestImages, _ epsilon: Float, restart: Int) {
    var task = best.task
    var walk = Walk(self, task, epsilon, restart: restart)
    for step in 0..<steps {
      let point = task.gradient(at: walk.x, loss)
      var slope = point.gradient
      if let left = best.offer(walk.x, point.losses, point.logits) {
        guard !left.isEmpty else { return }
        (task, slope) = (best.task, slope.rows(at: left))
        walk.keep(left)
      }
      walk.step(step, along: slope, task)
    }
    let logits = task.classifier.logits(walk.x)
    best.offer(walk.x, task.losses(logits, loss), logits)
  }

  /// Where each image's run stands.
  private struct Walk {
    private(set) var x: Tensor
    private var velocity: Tensor
    private let attack: ProjectedGradient
    private let norm: Norm
    private let epsilon: Float

    init(_ attack: ProjectedGradient, _ task: AttackTask, _ epsilon: Float, restart: Int) {
      self.attack = attack
      self.epsilon = epsilon
      norm = attack.norm ?? .linf
      x = attack.startsAtRandom ? task.randomStart(norm, epsilon, stream: restart) : task.images
      velocity = .zeros(x.shape)
    }

    /// - Parameters:
    ///   - index: of the step, from 0.
    ///   - task: of the images that are left.
    mutating func step(_ index: Int, along gradient: Tensor, _ task: AttackTask) {
      var slope = gradient
      if attack.momentum > 0 {
        let size = slope.absolute().sum(axes: [1, 2, 3], keepDimensions: true)
        velocity = velocity * attack.momentum + slope / (size + size.isZero)
        slope = velocity
      }
      let share: Float = attack.stepsFall ? cosineFall((1, 0), index, of: attack.steps) : 1
      x = task.projected(x + norm.steepest(slope) * (share * attack.relativeStep * epsilon), norm, epsilon)
    }

    mutating func keep(_ rows: [Int]) { (x, velocity) = (x.rows(at: rows), velocity.rows(at: rows)) }
  }
}

extension AttackTask {
  /// Images drawn from the ball: uniform in the L∞ ball, and in the L2 ball of the pixels that may change.
  func randomStart(_ norm: Norm, _ epsilon: Float, stream: Int) -> Tensor {
    switch norm {
    case .linf: return (images + random(.uniform, stream: stream) * epsilon).clamped(to: 0...1)
    default:
      // In d dimensions the share of the ball within the radius r is r^d.
      let radii = zip(keys, freePixels).map { key, pixels in
        epsilon * Float(pow(key.derived(stream).uniform(0), 1 / Double(max(1, pixels))))
      }
      return (images + Norm.l2.steepest(random(.normal, stream: stream)) * .perImage(radii)).clamped(
        to: 0...1)
    }
  }
}
