import Autograd
import Kernels

/// The input gradient of a convolution as a layer: `[N, H, W, Cin]` → `[N, H·stride, W·stride, Cout]`.
///
/// Weights are `[K, K, Cout, Cin]`, those of the convolution from Cout to Cin channels whose input gradient
/// this is. `padding` is that convolution's, so `.same` crops as Keras does.
public final class TransposedConvolution: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  private let stride: Int
  private let padding: Padding
  private let activation: Activation

  public init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Padding = .same, bias: Bool = true,
    activation: Activation = .identity, initializer: Initializer = .glorotUniform, key: Key
  ) {
    weight = Parameter(initializer([kernel, kernel, outputs, inputs], key: key))
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    precondition(x.rank == 4, "TransposedConvolution: the input has the shape \(x.shape), not [N, H, W, C]")
    let size = [x.shape[1] * stride, x.shape[2] * stride]
    let (kernel, outputs) = (weight.value.shape[0], weight.value.shape[2])
    let y = Tensor.convolutionInputGradient(
      x, weight.value, inputShape: [x.shape[0]] + size + [outputs],
      padding.geometry(kernel: kernel, stride: stride, size: size))
    return (bias.map { y + $0.value } ?? y).activated(activation)
  }
}
