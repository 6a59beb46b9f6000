import Autograd
import Network

/// One step of a program: tensors in, one tensor out, in inference mode.
///
/// Products and convolutions are known as such, so that what follows them can become a part of them; all
/// other steps are functions. Every function is made of differentiable tensor operations.
enum Operation {
  case dense(Dense)
  case convolution(Convolution)
  case function(Function)

  /// activation(x·w + b): `[N, in]` → `[N, out]`
  struct Dense {
    /// `[in, out]`
    var weight: Tensor
    /// `[out]`
    var bias: Tensor?
    var activation = Activation.identity
  }

  /// activation(x ∗ w + b): `[N, H, W, Cin]` → `[N, OH, OW, Cout]`
  struct Convolution {
    /// `[KH, KW, Cin / groups, Cout]`
    var weight: Tensor
    /// `[Cout]`
    var bias: Tensor?
    var geometry: ConvolutionGeometry
    var activation = Activation.identity
  }

  struct Function {
    let value: ([Tensor]) -> Tensor
    /// The box of its results for all inputs in boxes; nil where none is known.
    let bounds: (([Interval]) -> Interval)?
  }

  func callAsFunction(_ x: [Tensor]) -> Tensor {
    switch self {
    case .dense(let dense):
      Tensor.dense(x[0], dense.weight, bias: dense.bias, activation: dense.activation)
    case .convolution(let part):
      Tensor.convolution(x[0], part.weight, bias: part.bias, part.geometry, activation: part.activation)
    case .function(let function): function.value(x)
    }
  }

  var hasBounds: Bool {
    if case .function(let function) = self { function.bounds != nil } else { true }
  }

  /// - Precondition: ``hasBounds``.
  func bounds(_ x: [Interval]) -> Interval {
    switch self {
    case .dense(let dense):
      return x[0].mapped(weight: dense.weight, bias: dense.bias, activation: dense.activation) {
        Tensor.dense($0, $1, bias: $2)
      }
    case .convolution(let part):
      return x[0].mapped(weight: part.weight, bias: part.bias, activation: part.activation) {
        Tensor.convolution($0, $1, bias: $2, part.geometry)
      }
    case .function(let function):
      guard let bounds = function.bounds else {
        preconditionFailure("Operation.bounds: a function without")
      }
      return bounds(x)
    }
  }
}

extension Operation {
  /// A function of which no bounds are known.
  static func any(_ value: @escaping ([Tensor]) -> Tensor) -> Operation {
    .function(Function(value: value, bounds: nil))
  }

  /// A linear function of one tensor, without negative weights.
  static func weighting(_ value: @escaping (Tensor) -> Tensor) -> Operation {
    .function(Function(value: { value($0[0]) }, bounds: { $0[0].mappedByParts(value) }))
  }

  /// A function of one tensor that does not fall in any element.
  static func rising(_ value: @escaping (Tensor) -> Tensor) -> Operation {
    .function(Function(value: { value($0[0]) }, bounds: { $0[0].mappedByEnds(value) }))
  }

  /// x·factor + a constant; the factor is broadcast, and 1 where it is nil.
  static func affine(factor: Tensor?, _ value: @escaping (Tensor) -> Tensor) -> Operation {
    .function(
      Function(
        value: { value($0[0]) },
        bounds: { x in
          Interval(
            center: value(x[0].center), radius: factor.map { x[0].radius * $0.absolute() } ?? x[0].radius)
        }))
  }
}

// What follows a product or a convolution, as a part of it; nil where it cannot be.
extension Operation {
  /// Behind it, y·factor + shift, one number an output channel: `[Cout]`.
  func scaled(by factor: Tensor, plus shift: Tensor) -> Operation? {
    switch self {
    case .dense(var dense) where dense.activation == .identity:
      dense.weight = dense.weight * factor
      dense.bias = dense.bias.map { $0 * factor + shift } ?? shift
      return .dense(dense)
    case .convolution(var part) where part.activation == .identity:
      part.weight = part.weight * factor
      part.bias = part.bias.map { $0 * factor + shift } ?? shift
      return .convolution(part)
    default: return nil
    }
  }

  /// Behind it, one number more an output channel: `[Cout]`.
  func adding(bias: Tensor) -> Operation? {
    switch self {
    case .dense(var dense) where dense.activation == .identity && dense.bias == nil:
      dense.bias = bias
      return .dense(dense)
    case .convolution(var part) where part.activation == .identity && part.bias == nil:
      part.bias = bias
      return .convolution(part)
    default: return nil
    }
  }

  func activated(_ activation: Activation) -> Operation? {
    switch self {
    case .dense(var dense) where dense.activation == .identity:
      dense.activation = activation
      return .dense(dense)
    case .convolution(var part) where part.activation == .identity:
      part.activation = activation
      return .convolution(part)
    default: return nil
    }
  }
}
