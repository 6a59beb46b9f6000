import Autograd
import Network

/// A way to disturb images so that a classifier mistakes them.
///
/// An attack is given a task (clean images, true labels, the pixels that it may change) and answers with
/// images for every size ε. There are three kinds, by what ε costs them: an attack along a fixed direction
/// computes it once for all ε (``Perturbation/along(_:)``); a minimum-norm attack also runs once and has for
/// each image the smallest change it found (``Perturbation/nearest(_:)``); the others run anew for each ε.
///
/// An attack keeps for each image the best that it has seen, not the last. It promises nothing more: whoever
/// runs it clips the images, puts back the pixels outside the mask, measures how far they went and classifies
/// them anew (``EpsilonSweep``).
///
/// What a new attack needs is in ``AttackTask``: ``AttackTask/gradient(at:_:)``, ``AttackTask/masked(_:)``,
/// ``AttackTask/projected(_:_:_:)``, ``AttackTask/random(_:stream:)``, ``AttackTask/isFooled(_:)``;
/// ``BestImages`` keeps the best of what it offers, ``NearestFooling`` the nearest.
public protocol Attack: Sendable {
  /// As on the command line.
  var name: String { get }

  /// What ε measures; nil where it is not the length of a difference of pixels.
  var norm: Norm? { get }

  /// What it knows of the classifier, and how it searches.
  var role: AttackRole { get }

  /// Whether it can aim at a label (``AttackTask/targets``) instead of away from the true one.
  var isTargetable: Bool { get }

  /// What the curve of this attack must not be taken for; empty where there is nothing to warn of.
  var caveat: String { get }

  /// Steps, step sizes, restarts and queries, as a table states them beside the numbers.
  var settings: String { get }

  /// How many labels its loss needs, with or without a target.
  var leastLabels: Int { get }

  /// How many images to give it at a time: few, where each takes long.
  var batchSize: Int { get }

  /// What the attack makes of the images, `[N, H, W, C]` as they are in the task.
  ///
  /// It changes only pixels of the task's mask, aims at the task's targets where there are any, and goes on
  /// with images that fool where the task does not stop at success.
  func perturbation(_ task: AttackTask) -> Perturbation

  /// The images `[N, H, W, C]` at one ε (in units of the pixel range [0, 1], in L0 pixels) as the attack
  /// makes them, where no other ε is asked for: a minimum-norm attack can stop there for each image.
  func images(_ task: AttackTask, within epsilon: Float) -> Tensor
}

extension Attack {
  /// True, where an attack does not say otherwise.
  public var isTargetable: Bool { true }
  /// Empty, where an attack does not say otherwise.
  public var caveat: String { "" }
  /// Two, where an attack does not say otherwise.
  public var leastLabels: Int { 2 }
  /// 500 images keep the second convolution's input in the last-level cache.
  public var batchSize: Int { 500 }

  /// What ``perturbation(_:)`` gives at this ε; of the nearest images only those within ε, else the clean
  /// one.
  public func images(_ task: AttackTask, within epsilon: Float) -> Tensor {
    perturbation(task).made(of: task, norm: norm, epsilon: epsilon)
  }
}

/// All attacks by name. A new one is one file and one line here.
public enum AttackCatalog {
  /// Every attack that has a name on the command line, with its usual settings.
  public static let all: [any Attack] = [
    FGSM(), FastGradientL2(), SignNoise(), UniformNoise(), RandomDirection(),
    ProjectedGradient.bim, ProjectedGradient.pgd, ProjectedGradient.pgdDecay, ProjectedGradient.pgdL2,
    ProjectedGradient.momentum,
    AutoPGD.crossEntropy, AutoPGD.crossEntropyL2, AutoPGD.logitRatio, AutoPGD.logitRatioL2,
    AutoPGD.targeted, AutoPGD.targetedL2,
    DeepFool.linf, DeepFool.l2, FAB.linf, FAB.l2, CarliniWagner(), FastMinimumNorm(), DecoupledDirection(),
    Square.linf, Square.l2, HopSkipJump.linf, HopSkipJump.l2, Spatial(), SigmaZero(),
    AutoAttack.linf, AutoAttack.l2,
  ]

  /// The attack of that name, such as `pgd`; nil where there is none.
  public static func named(_ name: String) -> (any Attack)? { all.first { $0.name == name } }
}
