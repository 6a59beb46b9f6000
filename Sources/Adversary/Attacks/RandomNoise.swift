import Autograd
import Kernels
import Network

/// Random signs: as large as FGSM's disturbance in every pixel, but blind to the model.
///
/// The control for every attack: what it costs beyond this is what the gradient adds.
public struct SignNoise: Attack {
  public init() {}

  public let name = "noise"
  public let norm: Norm? = .linf
  public let role = AttackRole.blind
  public let isTargetable = false
  public let settings = "random signs of size ε"
  public let caveat = "Random signs are a control, not an attack."

  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(task.random(.sign, stream: 0))
  }
}

/// Noise that is uniform in [-ε, ε].
public struct UniformNoise: Attack {
  public init() {}

  public let name = "uniform-noise"
  public let norm: Norm? = .linf
  public let role = AttackRole.blind
  public let isTargetable = false
  public let settings = "uniform in [-ε, ε]"
  public let caveat = "Random noise is a control, not an attack."

  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(task.random(.uniform, stream: 0))
  }
}

/// Gaussian noise, scaled to the length ε: a direction that is uniform on the sphere.
public struct RandomDirection: Attack {
  public init() {}

  public let name = "gaussian-noise"
  public let norm: Norm? = .l2
  public let role = AttackRole.blind
  public let isTargetable = false
  public let settings = "Gaussian, scaled to the length ε"
  public let caveat = "Random noise is a control, not an attack."

  public func perturbation(_ task: AttackTask) -> Perturbation {
    .along(Norm.l2.steepest(task.random(.normal, stream: 0)))
  }
}
