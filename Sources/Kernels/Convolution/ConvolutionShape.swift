/// The sizes of a two-dimensional convolution.
///
/// Input `[N, H, W, Cin]`, weights `[KH, KW, Cin, Cout]`, output `[N, OH, OW, Cout]`:
/// y[n, i, j, o] = Σ_{a, b, c} x[n, i·sh + a − top, j·sw + b − left, c] · w[a, b, c, o], zero outside of x.
public struct ConvolutionShape: Hashable, Sendable {
  public let batch, height, width, inputChannels: Int
  public let kernelHeight, kernelWidth, outputChannels: Int
  public let strideHeight, strideWidth: Int
  public let top, left: Int
  public let outputHeight, outputWidth: Int

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
