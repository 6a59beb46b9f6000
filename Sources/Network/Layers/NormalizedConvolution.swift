import Autograd
import Kernels

/// activation(norm(x ∗ w)): a convolution without bias, stride 1 and "same" padding, normalized over the
/// batch; `[N, H, W, Cin]` → `[N, H, W, Cout]`.
///
/// In inference normalization is affine, and the convolution does it: with y = factor·x + shift for a
/// channel, the weights are w·factor and the bias is shift.
public final class NormalizedConvolution: BoundedLayer {
  /// The convolution, without bias and activation.
  public let convolution: Convolution
  /// The normalization of its outputs, with the defaults of PyTorch.
  public let normalization: BatchNormalization
  package let activation: Activation

  /// A layer with fresh weights, drawn by `initializer`; equal keys give equal weights.
  ///
  /// - Parameters:
  ///   - inputs: Cin, the channels of the input.
  ///   - outputs: Cout, those of the output.
  ///   - kernel: rows and columns of the window.
  ///   - activation: after the normalization.
  ///   - initializer: of the convolution's weights.
  ///   - key: what the weights follow from.
  public init(
    inputs: Int, outputs: Int, kernel: Int, activation: Activation, initializer: Initializer, key: Key
  ) {
    convolution = Convolution(
      inputs: inputs, outputs: outputs, kernel: kernel, bias: false, initializer: initializer, key: key)
    normalization = BatchNormalization(channels: outputs)
    self.activation = activation
  }

  /// The convolution's `weight`, and the four parameters of the normalization.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    convolution.namedParameters + normalization.namedParameters
  }

  /// `[N, H, W, Cin]` → `[N, H, W, Cout]`. While training, the running moments follow the batch.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard case .inference = pass else {
      return normalization(convolution(x, pass), pass).activated(activation)
    }
    let (weight, bias) = folded
    return Tensor.convolution(x, weight, bias: bias, convolution.geometry(x), activation: activation)
  }

  /// A box `[N, H, W, Cout]` that contains the outputs for all inputs in `x`.
  ///
  /// - Precondition: inference. While training, the normalization follows from the batch, for which there are
  ///   no bounds.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    guard case .inference = pass else {
      preconditionFailure("NormalizedConvolution.bounds: there are none of the moments of a batch")
    }
    let (weight, bias) = folded
    let geometry = convolution.geometry(x.center)
    return x.mapped(weight: weight, bias: bias, activation: activation) {
      Tensor.convolution($0, $1, bias: $2, geometry)
    }
  }

  /// The weights `[K, K, Cin, Cout]` and the bias `[Cout]` of the convolution that inference computes.
  package var folded: (weight: Tensor, bias: Tensor) {
    let (factor, shift) = normalization.inferenceMap
    return (convolution.weight.value * factor, shift)
  }
}
