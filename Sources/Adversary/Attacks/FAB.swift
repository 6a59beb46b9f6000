import Autograd

/// The fast adaptive boundary attack, targeted (Croce and Hein, "Minimally distorted adversarial examples with a fast
/// adaptive boundary attack", ICML 2020, alg. 1).
///
///     π = {z | linear model of f_t - f_y at x' is 0}
///     x' ← clip((1 - α)·(x' + η·(proj_π(x') - x')) + α·(x + η·(proj_π(x) - x)))
///     x' ← x + β·(x' - x)   where x' fools
///
/// α = min(‖proj_π(x') - x'‖ / (‖proj_π(x') - x'‖ + ‖proj_π(x) - x‖), 0.1), η = 1.05, β = 0.9. Each of the nine likeliest wrong
/// labels is aimed at in turn; of all that fools, the nearest counts, and the way back from it is bisected.
public struct FAB: Attack {
  public let name: String
  public let norm: Norm?
  public var steps = 100
  public var targets = 9

  public static let linf = FAB("fab-t", .linf)
  public static let l2 = FAB("fab-t-l2", .l2)

  private init(_ name: String, _ norm: Norm) {
    self.name = name
    self.norm = norm
  }

  /// α_max, η, β of the paper (§4).
  private static let (pull, overshoot, retreat): (Float, Float, Float) = (0.1, 1.05, 0.9)

  public var settings: String { "\(steps) steps, \(targets) targets, bisected" }
  public var batchSize: Int { 250 }

  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, norm ?? .linf)
    for turn in 0..<turns(task) { search(task, &nearest, turn: turn) }
    nearest.drawCloser()
    return .nearest(nearest.images)
  }

  /// The images within `epsilon`: those that a turn has brought there are left out of the next.
  public func images(_ task: AttackTask, within epsilon: Float) -> Tensor {
    Standing.attacked(task) { standing in
      for turn in 0..<turns(task) where !standing.isEmpty {
        let part = standing.task
        var nearest = NearestFooling(part, norm ?? .linf)
        search(part, &nearest, turn: turn)
        nearest.drawCloser()
        standing.offer(
          Perturbation.nearest(nearest.images).applied(to: part, norm: norm, epsilon: epsilon))
      }
    }
  }

  private func turns(_ task: AttackTask) -> Int {
    task.targets == nil ? min(targets, task.classifier.labelNames.count - 1) : 1
  }

  private func search(_ whole: AttackTask, _ nearest: inout NearestFooling, turn: Int) {
    let norm = norm ?? .linf
    let task = whole.targets == nil ? whole.aimed(at: whole.likeliestWrong(turn)) : whole
    let clean = task.images
    var x = clean
    for _ in 0..<steps {
      let tracked = x.tracked()
      let logits = task.classifier.logits(tracked)
      // Without targets any mistake counts, and only the labels y and t decide; with them t must be ahead of all others.
      let gap =
        task.targets == nil
        ? logits.picked(task.labels) - logits.picked(task.aims ?? task.labels)
        : -AttackLoss.margin.values(logits, labels: task.labels, targets: task.targets)
      let normal = task.masked(Autograd.gradient(of: -gap.sum(), wrt: tracked).finite)
      let rises = gap.elements
      // The linear model's gap at the clean image: gap(x') + w·(x' - x), w the normal.
      let cleanRises = zip(
        rises, (normal * (x - clean)).sum(axes: [1, 2, 3]).elements
      ).map { $0 + $1 }
      let own = ShortestStep.steps(norm, along: normal, by: rises, from: x, mask: task.mask)
      let fromClean = ShortestStep.steps(norm, along: normal, by: cleanRises, from: clean, mask: task.mask)
      let shares = zip(norm.lengths(of: own), norm.lengths(of: fromClean)).map { own, other in
        min(own / max(own + other, .leastNormalMagnitude), Self.pull)
      }
      let ahead = x + own * Self.overshoot
      let other = clean + fromClean * Self.overshoot
      x = (ahead + (other - ahead) * .perImage(shares)).clamped(to: 0...1)
      let fooled = nearest.offer(x)
      x = x.replacingRows(where: fooled, with: clean + (x - clean) * Self.retreat)
    }
  }
}

extension AttackTask {
  /// Each image's wrong label of rank `turn` by the clean logits.
  func likeliestWrong(_ turn: Int) -> [Int] {
    AttackLoss.ranked(classifier.logits(images)).enumerated().map { row, order in
      order.filter { $0 != labels[row] }[turn]
    }
  }
}
