import Autograd
import Kernels

/// The input gradient of a convolution as a layer: `[N, H, W, Cin]` → `[N, H·stride, W·stride, Cout]`.
///
/// Weights are `[K, K, Cout, Cin]`, those of the convolution from Cout to Cin channels whose input gradient
/// this is. `padding` is that convolution's, so `.same` crops as Keras does.
public final class TransposedConvolution: Layer {
  /// `[K, K, Cout, Cin]`.
  public let weight: Parameter
  /// `[Cout]`, 0 at first; nil for a layer without.
  public let bias: Parameter?
  package let stride: Int
  package let padding: Padding
  package let activation: Activation

  /// A layer with fresh weights, drawn by `initializer`; equal keys give equal weights.
  ///
  /// - Parameters:
  ///   - inputs: Cin, the channels of the input.
  ///   - outputs: Cout, those of the output.
  ///   - kernel: K, rows and columns of the window.
  ///   - stride: how many times as many rows and columns the output has.
  ///   - padding: that of the convolution whose input gradient this is.
  ///   - bias: whether one is added to each output channel.
  ///   - activation: of the sums; none by default.
  ///   - initializer: of the weights; the bias starts at 0.
  ///   - key: what the weights follow from.
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

  /// `weight`, and `bias` where there is one.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  /// `[N, H, W, Cin]` → `[N, H·stride, W·stride, Cout]`, alike in both passes.
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
