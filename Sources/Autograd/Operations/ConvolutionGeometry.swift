import Kernels

/// Where the windows of a convolution lie, and which channels see each other.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// The step between windows, `[height, width]`.
  public let strides: [Int]
  /// Rows and columns of zeros around the image: top, bottom, left, right.
  public let padding: [Int]
  /// The step from one tap of a window to the next, `[height, width]`.
  public let dilations: [Int]
  /// The number of equal parts of the channels: each part of the outputs sees one part of the inputs.
  public let groups: Int

  /// Windows `strides` apart (`[height, width]`), of an image with `padding` zeros around it (top, bottom,
  /// left, right).
  ///
  /// - Parameters:
  ///   - dilations: 2 leaves out every second pixel under a window.
  ///   - groups: weights are `[KH, KW, Cin / groups, Cout]`, and `groups` divides Cin and Cout.
  /// - Precondition: strides, dilations and groups are 1 or more, paddings 0 or more.
  public init(strides: [Int], padding: [Int], dilations: [Int] = [1, 1], groups: Int = 1) {
    precondition(
      strides.count == 2 && padding.count == 4 && dilations.count == 2 && groups > 0
        && (strides + dilations).allSatisfy { $0 > 0 } && padding.allSatisfy { $0 >= 0 },
      "ConvolutionGeometry: strides \(strides), padding \(padding), dilations \(dilations), groups \(groups)")
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.groups = groups
  }

  /// As in Keras and TensorFlow: the output has ⌈size / stride⌉ rows and columns; where the padding is odd,
  /// the extra row lies below and the extra column to the right.
  public static func same(
    kernel: [Int], strides: [Int], size: [Int], dilations: [Int] = [1, 1], groups: Int = 1
  ) -> ConvolutionGeometry {
    let padding = (0..<2).flatMap { axis -> [Int] in
      let output = (size[axis] + strides[axis] - 1) / strides[axis]
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      let total = max(0, (output - 1) * strides[axis] + reach - size[axis])
      return [total / 2, total - total / 2]
    }
    return ConvolutionGeometry(strides: strides, padding: padding, dilations: dilations, groups: groups)
  }

  /// The rows and columns of the result for an image of `size` and a `kernel`, both `[height, width]`.
  ///
  /// - Precondition: the kernel lies in the padded image.
  package func outputSize(of size: [Int], kernel: [Int]) -> [Int] {
    (0..<2).map { axis in
      let rest =
        size[axis] + padding[2 * axis] + padding[2 * axis + 1] - (kernel[axis] - 1) * dilations[axis] - 1
      precondition(rest >= 0, "convolution: the kernel \(kernel) is larger than the padded input \(size)")
      return rest / strides[axis] + 1
    }
  }

  /// The sizes for input `[N, H, W, Cin]` and weights `[KH, KW, Cin / groups, Cout]`.
  func shape(input: [Int], weights: [Int]) -> ConvolutionShape {
    precondition(
      input.count == 4 && weights.count == 4 && input[3] == weights[2] * groups && weights[3] % groups == 0,
      "convolution: input \(input) and weights \(weights) do not fit with groups: \(groups)")
    let sizes = outputSize(of: [input[1], input[2]], kernel: Array(weights.prefix(2)))
    return ConvolutionShape(
      batch: input[0], height: input[1], width: input[2], inputChannels: input[3],
      kernelHeight: weights[0], kernelWidth: weights[1], outputChannels: weights[3],
      strideHeight: strides[0], strideWidth: strides[1], top: padding[0], left: padding[2],
      outputHeight: sizes[0], outputWidth: sizes[1], dilationHeight: dilations[0],
      dilationWidth: dilations[1],
      groups: groups)
  }
}
