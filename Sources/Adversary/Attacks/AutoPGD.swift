import Autograd

/// Auto-PGD (Croce and Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks", ICML 2020, §3): PGD that chooses its own step size.
///
///     z  = Π(x_k + η·steepest(∇L(x_k)))
///     x_{k+1} = Π(x_k + α·(z - x_k) + (1 - α)·(x_k - x_{k-1}))        α = 0.75, at first 1
///
/// η starts at 2ε. At checkpoints, which come closer together, η is halved and the search goes back to the
/// best point where at most ρ = 0.75 of the steps raised the loss, or the best loss has not risen since the
/// last checkpoint and η was not halved then (§3.2). Starts at random, one run. With the targeted loss each
/// of the nine likeliest other labels is aimed at in turn (§4.1), on the images that still stand.
public struct AutoPGD: Attack {
  /// `apgd-ce`, `apgd-dlr` or `apgd-t`, each also with `-l2`.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// ``AttackRole/targeted`` where labels are aimed at in turn, else ``AttackRole/iterative``.
  public var role: AttackRole { targets > 0 ? .targeted : .iterative }
  /// What the steps make larger.
  public let loss: AttackLoss
  /// How many labels are aimed at in turn; 0 for an untargeted search.
  public let targets: Int
  /// Steps of a run; each label aimed at has a run of its own.
  public var steps = 100

  /// `apgd-ce`: on cross-entropy, in L∞.
  public static let crossEntropy = AutoPGD("apgd-ce", .linf, .crossEntropy)
  /// `apgd-ce-l2`: on cross-entropy, in L2.
  public static let crossEntropyL2 = AutoPGD("apgd-ce-l2", .l2, .crossEntropy)
  /// `apgd-dlr`: on the logit ratio, in L∞.
  public static let logitRatio = AutoPGD("apgd-dlr", .linf, .logitRatio)
  /// `apgd-dlr-l2`: on the logit ratio, in L2.
  public static let logitRatioL2 = AutoPGD("apgd-dlr-l2", .l2, .logitRatio)
  /// `apgd-t`: on the logit ratio, aimed at nine labels in turn, in L∞.
  public static let targeted = AutoPGD("apgd-t", .linf, .logitRatio, targets: 9)
  /// `apgd-t-l2`: on the logit ratio, aimed at nine labels in turn, in L2.
  public static let targetedL2 = AutoPGD("apgd-t-l2", .l2, .logitRatio, targets: 9)

  private init(_ name: String, _ norm: Norm, _ loss: AttackLoss, targets: Int = 0) {
    self.name = name
    self.norm = norm
    self.loss = loss
    self.targets = targets
  }

  /// ρ, and the checkpoints' distances as shares of all steps: the first, what each is shorter, the least
  /// (§3.2).
  private static let (improvement, firstShare, shareDecrease, leastShare) = (0.75, 0.22, 0.03, 0.06)
  /// α of the update.
  private static let momentum: Float = 0.75

  /// Steps, step size and start, and how many labels are aimed at.
  public var settings: String {
    "\(steps) steps, step size from 2 ε down by itself, random start"
      + (targets > 0 ? ", \(targets) targets" : "")
  }

  /// Four for the logit ratio, as its form with a target needs them; else two.
  public var leastLabels: Int { loss == .logitRatio ? 4 : 2 }

  /// A run for each ε, or one for each ε and label where labels are aimed at and the task has no target.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      guard targets > 0, task.targets == nil else {
        let best = BestImages(task)
        climb(best, epsilon)
        return best.images
      }
      return task.aimingInTurn(at: targets) { part in
        let best = BestImages(part)
        climb(best, epsilon)
        return best.images
      }
    }
  }

  private func climb(_ best: BestImages, _ epsilon: Float) {
    var search = Search(best, norm ?? .linf, loss, epsilon)
    guard search.isOpen else { return }
    func share(_ part: Double) -> Int { max(Int(part * Double(steps)), 1) }
    var (interval, stepsSinceCheck) = (share(Self.firstShare), 0)
    for step in 0..<steps {
      search.step(momentum: step == 0 ? 1 : Self.momentum)
      guard search.isOpen else { return }
      stepsSinceCheck += 1
      if stepsSinceCheck == interval {
        search.adaptStepSizes(after: interval, improvement: Self.improvement)
        interval = max(interval - share(Self.shareDecrease), share(Self.leastShare))
        stepsSinceCheck = 0
      }
    }
  }

  /// Where each image's search stands.
  private struct Search {
    private let best: BestImages
    private let norm: Norm
    private let loss: AttackLoss
    private let epsilon: Float
    private var x: Tensor
    private var previous: Tensor
    private var slope: Tensor
    private var losses: [Float] = []
    /// The point of the highest loss, its gradient and its loss.
    private var top: Tensor
    private var topSlope: Tensor
    private var topLosses: [Float] = []
    private var stepSizes: [Float]
    /// Steps since the last checkpoint that raised the loss.
    private var rises: [Int]
    private var wasHalved: [Bool]
    private var topLossesAtCheck: [Float] = []
    private(set) var isOpen = true

    init(_ best: BestImages, _ norm: Norm, _ loss: AttackLoss, _ epsilon: Float) {
      self.best = best
      self.norm = norm
      self.loss = loss
      self.epsilon = epsilon
      let task = best.task
      x = task.startOnBall(norm, epsilon)
      (previous, top, slope, topSlope) = (x, x, x, x)
      stepSizes = [Float](repeating: 2 * epsilon, count: task.count)
      rises = [Int](repeating: 0, count: task.count)
      wasHalved = [Bool](repeating: true, count: task.count)
      look { search, point in
        (search.slope, search.losses) = (point.gradient, point.losses)
        (search.top, search.topSlope, search.topLosses) = (search.x, point.gradient, point.losses)
        search.topLossesAtCheck = point.losses
      }
    }

    mutating func step(momentum: Float) {
      let task = best.task
      let along = task.projected(x + norm.steepest(slope) * .perImage(stepSizes), norm, epsilon)
      let drift = x - previous
      previous = x
      x = task.projected(x + (along - x) * momentum + drift * (1 - momentum), norm, epsilon)
      look { search, point in
        for index in point.losses.indices where point.losses[index] > search.losses[index] {
          search.rises[index] += 1
        }
        (search.slope, search.losses) = (point.gradient, point.losses)
        let isHigher = zip(point.losses, search.topLosses).map { $0 > $1 }
        search.top = search.top.replacingRows(where: isHigher, with: search.x)
        search.topSlope = search.topSlope.replacingRows(where: isHigher, with: point.gradient)
        search.topLosses = zip(point.losses, search.topLosses).map { max($0, $1) }
      }
    }

    /// Condition 1: at most ρ of the steps rose. Condition 2: no new best and no halving last time.
    mutating func adaptStepSizes(after steps: Int, improvement: Double) {
      let isHalved = stepSizes.indices.map { index in
        Double(rises[index]) <= improvement * Double(steps)
          || (!wasHalved[index] && topLossesAtCheck[index] >= topLosses[index])
      }
      for index in stepSizes.indices where isHalved[index] { stepSizes[index] /= 2 }
      x = x.replacingRows(where: isHalved, with: top)
      slope = slope.replacingRows(where: isHalved, with: topSlope)
      (wasHalved, topLossesAtCheck) = (isHalved, topLosses)
      rises = [Int](repeating: 0, count: rises.count)
    }

    /// Loss and gradient at x; images that are fooled there leave the search.
    private mutating func look(_ note: (inout Search, AttackGradient) -> Void) {
      let point = best.task.gradient(at: x, loss)
      note(&self, point)
      guard let left = best.offer(x, point.losses, point.logits) else { return }
      isOpen = !left.isEmpty
      guard isOpen else { return }
      func kept<Element>(_ values: [Element]) -> [Element] { left.map { values[$0] } }
      (x, previous, slope) = (x.rows(at: left), previous.rows(at: left), slope.rows(at: left))
      (top, topSlope) = (top.rows(at: left), topSlope.rows(at: left))
      (losses, topLosses, topLossesAtCheck) = (kept(losses), kept(topLosses), kept(topLossesAtCheck))
      (stepSizes, rises, wasHalved) = (kept(stepSizes), kept(rises), kept(wasHalved))
    }
  }
}

extension AttackTask {
  /// A random point on the surface of the ball, clipped to [0, 1].
  fileprivate func startOnBall(_ norm: Norm, _ epsilon: Float) -> Tensor {
    let drawn = random(norm == .linf ? .uniform : .normal, stream: 0)
    let length = norm.perImage(drawn)
    return (images + drawn / (length + length.isZero) * epsilon).clamped(to: 0...1)
  }
}
