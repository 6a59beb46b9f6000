import Autograd
import Network

/// The fast adaptive boundary attack, targeted (Croce and Hein, "Minimally distorted adversarial examples
/// with a fast adaptive boundary attack", ICML 2020, alg. 1).
///
///     π = {z | linear model of f_t - f_y at x' is 0}
///     x' ← clip((1 - α)·(x' + η·(proj_π(x') - x')) + α·(x + η·(proj_π(x) - x)))
///     x' ← x + β·(x' - x)   where x' fools
///
/// α = min(‖proj_π(x') - x'‖ / (‖proj_π(x') - x'‖ + ‖proj_π(x) - x‖), 0.1), η = 1.05, β = 0.9. Each of the
/// nine likeliest wrong labels is aimed at in turn; of all that fools, the nearest counts, and the way back
/// from it is bisected.
public struct FAB: Attack {
  /// `fab-t` or `fab-t-l2`.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// Steps for each label aimed at, one gradient each.
  public var steps = 100
  /// How many wrong labels are aimed at in turn, where the task has no target.
  public var targets = 9

  /// `fab-t`: the nearest in L∞.
  public static let linf = FAB("fab-t", .linf)
  /// `fab-t-l2`: the nearest in L2.
  public static let l2 = FAB("fab-t-l2", .l2)

  private init(_ name: String, _ norm: Norm) {
    self.name = name
    self.norm = norm
  }

  /// α_max, η, β of the paper (§4).
  private static let (pull, overshoot, retreat): (Float, Float, Float) = (0.1, 1.05, 0.9)

  /// Steps, and how many labels are aimed at.
  public var settings: String { "\(steps) steps, \(targets) targets, bisected" }
  /// 250 images.
  public var batchSize: Int { 250 }

  /// For each image the nearest one found that fools, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, norm ?? .linf)
    if task.targets == nil {
      for turn in 0..<task.turns(targets) { search(task.aimed(at: task.likeliestWrong(turn)), &nearest) }
    } else {
      search(task, &nearest)
    }
    nearest.drawCloser()
    return .nearest(nearest.images)
  }

  /// The images within `epsilon`: those that a turn has brought there are left out of the next.
  public func images(_ task: AttackTask, within epsilon: Float) -> Tensor {
    func made(_ task: AttackTask) -> Tensor {
      var nearest = NearestFooling(task, norm ?? .linf)
      search(task, &nearest)
      nearest.drawCloser()
      return Perturbation.nearest(nearest.images).made(of: task, norm: norm, epsilon: epsilon)
    }
    return task.targets == nil ? task.aimingInTurn(at: targets, made) : made(task)
  }

  /// - Parameter task: with aims.
  private func search(_ task: AttackTask, _ nearest: inout NearestFooling) {
    let norm = norm ?? .linf
    let clean = task.images
    var x = clean
    for _ in 0..<steps {
      let tracked = x.tracked()
      let logits = task.classifier.logits(tracked)
      // Without targets any mistake counts, and only the labels y and t decide; with them t must be ahead of
      // all others.
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
