import Autograd
import Kernels

/// How much is added around an image before a convolution.
public enum Padding: Hashable, Sendable {
  /// As in Keras: ⌈size / stride⌉ output rows; an odd row of zeros lies below, an odd column to the right.
  case same
  /// Rows and columns of zeros: top, bottom, left, right.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)

  /// As in PyTorch: the same on all four sides.
  public static func symmetric(_ count: Int) -> Padding {
    .explicit(top: count, bottom: count, left: count, right: count)
  }

  package func geometry(kernel: Int, stride: Int, size: [Int]) -> ConvolutionGeometry {
    switch self {
    case .same: .same(kernel: [kernel, kernel], strides: [stride, stride], size: size)
    case .explicit(let top, let bottom, let left, let right):
      ConvolutionGeometry(strides: [stride, stride], padding: [top, bottom, left, right])
    }
  }
}

/// activation(x ∗ w + b): `[N, H, W, Cin]` → `[N, OH, OW, Cout]`, weights `[K, K, Cin, Cout]`.
public final class Convolution: BoundedLayer {
  /// `[K, K, Cin, Cout]`.
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
  ///   - stride: of rows and columns.
  ///   - padding: what is added around the image.
  ///   - bias: whether b is added.
  ///   - activation: of the sums; none by default.
  ///   - initializer: of the weights; the bias starts at 0.
  ///   - key: what the weights follow from.
  public init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .same, bias: Bool = true,
    activation: Activation = .identity, initializer: Initializer = .glorotUniform, key: Key
  ) {
    weight = Parameter(initializer([kernel, kernel, inputs, outputs], key: key))
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }

  /// `weight`, and `bias` where there is one.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  /// `[N, H, W, Cin]` → `[N, OH, OW, Cout]`, alike in both passes.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    Tensor.convolution(x, weight.value, bias: bias?.value, geometry(x), activation: activation)
  }

  /// A box `[N, OH, OW, Cout]` that contains the outputs for all inputs in `x`.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    let geometry = geometry(x.center)
    return x.mapped(weight: weight.value, bias: bias?.value, activation: activation) {
      Tensor.convolution($0, $1, bias: $2, geometry)
    }
  }

  func geometry(_ x: Tensor) -> ConvolutionGeometry {
    precondition(x.rank == 4, "Convolution: the input has the shape \(x.shape), not [N, H, W, C]")
    return padding.geometry(kernel: weight.value.shape[0], stride: stride, size: [x.shape[1], x.shape[2]])
  }
}
