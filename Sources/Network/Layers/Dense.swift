import Autograd
import Kernels

/// activation(x·w + b): `[N, in]` → `[N, out]`, weights `[in, out]`.
public final class Dense: BoundedLayer {
  /// `[in, out]`.
  public let weight: Parameter
  /// `[out]`, 0 at first; nil for a layer without.
  public let bias: Parameter?
  package let activation: Activation

  /// A layer with fresh weights, drawn by `initializer`; equal keys give equal weights.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, activation: Activation = .identity,
    initializer: Initializer = .glorotUniform, key: Key
  ) {
    weight = Parameter(initializer([inputs, outputs], key: key))
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  /// A layer of given weights: `[in, out]`, and `[out]` where there is a bias.
  ///
  /// - Precondition: they fit.
  public init(weight: Tensor, bias: Tensor?, activation: Activation = .identity) {
    precondition(
      weight.rank == 2 && bias.map { $0.shape == [weight.shape[1]] } ?? true,
      "Dense: weights \(weight.shape), bias \(bias?.shape ?? [])")
    self.weight = Parameter(weight)
    self.bias = bias.map { Parameter($0) }
    self.activation = activation
  }

  /// `weight`, and `bias` where there is one.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  /// `[N, in]` → `[N, out]`, alike in both passes.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    Tensor.dense(x, weight.value, bias: bias?.value, activation: activation)
  }

  /// A box `[N, out]` that contains the outputs for all inputs in `x`.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    x.mapped(weight: weight.value, bias: bias?.value, activation: activation) {
      Tensor.dense($0, $1, bias: $2)
    }
  }
}
