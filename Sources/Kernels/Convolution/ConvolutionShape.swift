/// The sizes of a two-dimensional convolution.
///
/// Input `[N, H, W, Cin]`, weights `[KH, KW, Cin, Cout]`, output `[N, OH, OW, Cout]`:
/// y[n, i, j, o] = Σ_{a, b, c} x[n, i·sh + a − top, j·sw + b − left, c] · w[a, b, c, o], zero outside of x.
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

  /// The sizes as they are given: whether those of the output fit the others is not checked.
  public init(
    batch: Int, height: Int, width: Int, inputChannels: Int, kernelHeight: Int, kernelWidth: Int,
    outputChannels: Int, strideHeight: Int, strideWidth: Int, top: Int, left: Int, outputHeight: Int,
    outputWidth: Int
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
  }

  /// The values that one output pixel sees: KH·KW·Cin.
  var windowCount: Int { kernelHeight * kernelWidth * inputChannels }
  var inputCount: Int { height * width * inputChannels }
  var pixels: Int { outputHeight * outputWidth }
  var outputCount: Int { pixels * outputChannels }
  var weightCount: Int { windowCount * outputChannels }
}
