import Autograd
import Kernels

/// A part of a model that owns parameters.
public protocol Module: AnyObject {
  /// Every parameter with its name, in a fixed order.
  var namedParameters: [(name: String, parameter: Parameter)] { get }
}

extension Module {
  /// Every parameter, in the order of ``namedParameters``.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// The number of weights, and of those that are trained; running statistics make the difference.
  public var parameterCount: (total: Int, trainable: Int) {
    parameters.reduce((0, 0)) {
      ($0.0 + $1.value.count, $0.1 + ($1.isTrainable ? $1.value.count : 0))
    }
  }
}

/// A module from one tensor to one tensor.
public protocol Layer: Module {
  /// The output for `x`. Shapes are those that the layer states; the first axis is the batch.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor
}

/// Whether a model is used or trained, and where its random numbers come from.
///
/// An argument, never a global: two models can be in different passes at the same time.
public enum Pass {
  /// Dropout does nothing, and normalization uses the running moments.
  case inference
  /// Dropout is active and normalization uses the batch's own moments.
  ///
  /// Several batches of one size may stand one behind the other, which is faster than one pass for each:
  /// normalization takes each of them by itself.
  case training(Key, batches: Int = 1)

  /// The pass of the part with this index: its random numbers are unrelated to those of the other parts.
  public func part(_ index: Int) -> Pass {
    switch self {
    case .inference: .inference
    case .training(let key, let batches): .training(key.derived(index), batches: batches)
    }
  }
}
