import Autograd
import Kernels
import Network

/// Random signs: as large as FGSM's disturbance in every pixel, but blind to the model.
///
/// The control for every attack: what it costs beyond this is what the gradient adds.
public struct SignNoise: Attack {
  /// The noise, which has no options.
  public init() {}

  /// `noise`
  public let name = "noise"
  /// L∞.
  public let norm: Norm? = .linf
  /// It knows nothing of the classifier.
  public let role = AttackRole.blind
  /// False: noise cannot aim.
  public let isTargetable = false
  /// What a table states beside the numbers.
  public let settings = "random signs of size ε"
  /// It is a control, not an attack.
  public let caveat = "Random signs are a control, not an attack."

  /// Random signs, one direction for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(task.random(.sign, stream: 0))
  }
}

/// Noise that is uniform in [-ε, ε].
public struct UniformNoise: Attack {
  /// The noise, which has no options.
  public init() {}

  /// `uniform-noise`
  public let name = "uniform-noise"
  /// L∞.
  public let norm: Norm? = .linf
  /// It knows nothing of the classifier.
  public let role = AttackRole.blind
  /// False: noise cannot aim.
  public let isTargetable = false
  /// What a table states beside the numbers.
  public let settings = "uniform in [-ε, ε]"
  /// It is a control, not an attack.
  public let caveat = "Random noise is a control, not an attack."

  /// Numbers uniform in [-1, 1), one direction for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(task.random(.uniform, stream: 0))
  }
}

/// Gaussian noise, scaled to the length ε: a direction that is uniform on the sphere.
public struct RandomDirection: Attack {
  /// The noise, which has no options.
  public init() {}

  /// `gaussian-noise`
  public let name = "gaussian-noise"
  /// L2.
  public let norm: Norm? = .l2
  /// It knows nothing of the classifier.
  public let role = AttackRole.blind
  /// False: noise cannot aim.
  public let isTargetable = false
  /// What a table states beside the numbers.
  public let settings = "Gaussian, scaled to the length ε"
  /// It is a control, not an attack.
  public let caveat = "Random noise is a control, not an attack."

  /// A random direction of length 1, the same for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(Norm.l2.steepest(task.random(.normal, stream: 0)))
  }
}
