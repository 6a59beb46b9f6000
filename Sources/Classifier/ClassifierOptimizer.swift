import Autograd
import Network

/// How a classifier's weights follow the gradients.
public enum ClassifierOptimizer: String, CaseIterable, Codable, Sendable {
  /// Adam with decoupled decay of everything (Loshchilov and Hutter 2019).
  case adamW = "adamw"
  /// Gradient descent with Nesterov's momentum 0.9; the decay is part of the gradient and spares biases,
  /// scales and offsets, as is usual beside batch normalization.
  case sgd

  func optimizer(of parameters: [Parameter], weightDecay: Float) -> Optimizer {
    switch self {
    case .adamW: Optimizer(Adam(decoupledDecay: weightDecay), parameters)
    case .sgd:
      Optimizer(parameters) { parameter in
        SGD(momentum: 0.9, nesterov: true, weightDecay: parameter.value.rank > 1 ? weightDecay : 0)
      }
    }
  }
}
