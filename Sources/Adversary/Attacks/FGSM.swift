import Autograd
import Network

/// The fast gradient sign method (Goodfellow, Shlens and Szegedy, "Explaining and harnessing adversarial
/// examples", ICLR 2015, §4): x' = clip(x + ε·sign(∂L/∂x)), L∞.
///
/// L is the cross-entropy of the logits with the true label, summed over the images so that each image's
/// gradient is its own; the model is in inference mode. With a target, the sign that raises its probability.
/// One gradient serves every ε. A pixel whose gradient is exactly 0 stays. The sign is that of exact
/// arithmetic also where the classifier is so certain that cross-entropy's gradient rounds to 0
/// (``AttackLoss``).
public struct FGSM: Attack {
  /// The attack, which has no options.
  public init() {}

  /// `fgsm`
  public let name = "fgsm"
  /// L∞.
  public let norm: Norm? = .linf
  /// One gradient.
  public let role = AttackRole.oneStep
  /// What a table states beside the numbers.
  public let settings = "one step of size ε"
  /// One gradient step is the weakest attack that uses a gradient.
  public var caveat: String { Self.warning }

  /// Of every attack of one step.
  static let warning =
    "FGSM alone does not prove robustness: one gradient step is the weakest attack that uses a gradient."

  /// The signs of the masked gradient, one direction for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(Norm.linf.steepest(Self.gradient(task)))
  }

  /// The masked gradient of cross-entropy up to a positive factor an image (``AttackLoss``), as it is: where
  /// it is 0 or no number the method has no direction.
  static func gradient(_ task: AttackTask) -> Tensor {
    let x = task.images.tracked()
    let loss = AttackLoss.crossEntropy.values(
      task.classifier.logits(x), labels: task.labels, targets: task.aims
    ).sum()
    return task.masked(Autograd.gradient(of: loss, wrt: x))
  }
}

/// The fast gradient method in L2 (Miyato et al. 2016; Kurakin et al. 2017): x' = clip(x + ε·g/‖g‖₂).
///
/// The gradient is masked before it is normalised, so that all of ε goes into pixels that may change.
public struct FastGradientL2: Attack {
  /// The attack, which has no options.
  public init() {}

  /// `fgm-l2`
  public let name = "fgm-l2"
  /// L2.
  public let norm: Norm? = .l2
  /// One gradient.
  public let role = AttackRole.oneStep
  /// What a table states beside the numbers.
  public let settings = "one step of size ε"
  /// One gradient step is the weakest attack that uses a gradient.
  public var caveat: String { FGSM.warning }

  /// The masked gradient, scaled to the length 1: one direction for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(Norm.l2.steepest(FGSM.gradient(task).finite))
  }
}
