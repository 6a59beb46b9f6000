/// The sizes of a two-dimensional convolution.
///
/// Input `[N, H, W, Cin]`, weights `[KH, KW, Cin, Cout]`, output `[N, OH, OW, Cout]`:
/// y[n, i, j, o] = Σ_{a, b, c} x[n, i·sh + a·dh − top, j·sw + b·dw − left, c] · w[a, b, c, o], zero outside
/// of x.
///
/// In G groups the weights are `[KH, KW, Cin / G, Cout]`, and the g-th of G equal parts of the output
/// channels sees the g-th part of the input channels alone.
public struct ConvolutionShape: Hashable, Sendable {
  /// N: the number of images.
  public let batch: Int
  /// H: rows of the input.
  public let height: Int
  /// W: columns of the input.
  public let width: Int
  /// Cin: values of a pixel of the input.
  public let inputChannels: Int
  /// KH: rows of the window.
  public let kernelHeight: Int
  /// KW: columns of the window.
  public let kernelWidth: Int
  /// Cout: values of a pixel of the output.
  public let outputChannels: Int
  /// sh: rows from one window to the next.
  public let strideHeight: Int
  /// sw: columns from one window to the next.
  public let strideWidth: Int
  /// Rows of zeros above the input.
  public let top: Int
  /// Columns of zeros to the left of the input.
  public let left: Int
  /// OH: rows of the output.
  public let outputHeight: Int
  /// OW: columns of the output.
  public let outputWidth: Int
  /// dh: rows from one tap of a window to the next.
  public let dilationHeight: Int
  /// dw: columns from one tap of a window to the next.
  public let dilationWidth: Int
  /// G: parts that the channels are divided into; it divides Cin and Cout.
  public let groups: Int

  /// The sizes as they are given: whether those of the output fit the others is not checked.
  public init(
    batch: Int, height: Int, width: Int, inputChannels: Int, kernelHeight: Int, kernelWidth: Int,
    outputChannels: Int, strideHeight: Int, strideWidth: Int, top: Int, left: Int, outputHeight: Int,
    outputWidth: Int, dilationHeight: Int = 1, dilationWidth: Int = 1, groups: Int = 1
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.inputChannels = inputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.outputChannels = outputChannels
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.top = top
    self.left = left
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
    self.groups = groups
  }

  /// Whether the pixels of a window are neighbours, and all channels see each other.
  var isDense: Bool { dilationHeight == 1 && dilationWidth == 1 && groups == 1 }
  /// The values that one output value sees: KH·KW·Cin / G.
  var windowCount: Int { kernelHeight * kernelWidth * (inputChannels / groups) }
  var inputCount: Int { height * width * inputChannels }
  var pixels: Int { outputHeight * outputWidth }
  var outputCount: Int { pixels * outputChannels }
  var weightCount: Int { windowCount * outputChannels }

  /// The convolution of one group.
  var ofOneGroup: ConvolutionShape {
    ConvolutionShape(
      batch: batch, height: height, width: width, inputChannels: inputChannels / groups,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, outputChannels: outputChannels / groups,
      strideHeight: strideHeight, strideWidth: strideWidth, top: top, left: left, outputHeight: outputHeight,
      outputWidth: outputWidth, dilationHeight: dilationHeight, dilationWidth: dilationWidth)
  }
}
