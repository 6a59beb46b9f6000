import Autograd
import Kernels

/// activation(x·w + b): `[N, in]` → `[N, out]`, weights `[in, out]`.
public final class Dense: BoundedLayer {
  public let weight: Parameter
  public let bias: Parameter?
  let activation: Activation

  public init(
    inputs: Int, outputs: Int, bias: Bool = true, activation: Activation = .identity,
    initializer: Initializer = .glorotUniform, key: Key
  ) {
    weight = Parameter(initializer([inputs, outputs], key: key))
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    Tensor.dense(x, weight.value, bias: bias?.value, activation: activation)
  }

  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    x.mapped(weight: weight.value, bias: bias?.value, activation: activation) {
      Tensor.dense($0, $1, bias: $2)
    }
  }
}
