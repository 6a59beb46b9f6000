import Autograd
import Kernels

/// activation(x·w + b): `[N, in]` → `[N, out]`, weights `[in, out]`.
public final class Dense: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  private let activation: Activation
  private let spectral: SpectralNormalization?

  /// - Parameter isSpectral: whether the weight is divided by its largest singular value.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, activation: Activation = .identity,
    initializer: Initializer = .glorotUniform, isSpectral: Bool = false, key: Key
  ) {
    weight = Parameter(initializer([inputs, outputs], key: key))
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
    spectral = isSpectral ? SpectralNormalization(outputs: outputs, key: key.derived(1)) : nil
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? []) + (spectral?.namedParameters ?? [])
  }

  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let weight = spectral?(weight.value, pass) ?? weight.value
    return Tensor.dense(x, weight, bias: bias?.value, activation: activation)
  }
}
