/// Convolution and its two gradients. The shape alone decides how they are computed on a processor:
/// ``WinogradConvolution`` where it saves multiplications, ``DirectConvolution`` where the windows are small,
/// else ``LoweredConvolution``; and whether bfloat16, where it is asked for, is worth it (``BFloat16Convolution``).
public enum Convolution {
  /// What is applied to a chunk of outputs while it is in the cache; `[pixels, Cout]`.
  public typealias Epilogue = (_ outputs: UnsafeMutablePointer<Float>, _ pixels: Int) -> Void

  /// y = x ∗ w
  public static func forward(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, then epilogue: Epilogue? = nil,
    precision: ProductPrecision = .float32
  ) {
    if let rounded = rounded(shape, precision) {
      rounded.forward(x, w, into: y, then: epilogue)
    } else if let fast = WinogradConvolution(shape) {
      fast.forward(x, w, into: y, then: epilogue)
    } else if let direct = DirectConvolution(shape) {
      direct.forward(x, w, into: y, then: epilogue)
    } else {
      LoweredConvolution.forward(shape, x, w, into: y, then: epilogue)
    }
  }

  /// dx = the gradient of Σ dy·(x ∗ w) with respect to x
  public static func inputGradient(
    _ shape: ConvolutionShape, _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, precision: ProductPrecision = .float32
  ) {
    if let rounded = rounded(shape, precision) {
      rounded.inputGradient(dy, w, into: dx)
    } else if let fast = WinogradConvolution(shape) {
      fast.inputGradient(dy, w, into: dx)
    } else if let direct = DirectConvolution(shape) {
      direct.inputGradient(dy, w, into: dx)
    } else {
      LoweredConvolution.inputGradient(shape, dy, w, into: dx)
    }
  }

  /// dw = the gradient of Σ dy·(x ∗ w) with respect to w
  public static func weightGradient(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into dw: UnsafeMutablePointer<Float>, precision: ProductPrecision = .float32
  ) {
    if let rounded = rounded(shape, precision) {
      rounded.weightGradient(x, dy, into: dw)
    } else if let fast = WinogradConvolution(shape) {
      fast.weightGradient(x, dy, into: dw)
    } else if let direct = DirectConvolution(shape) {
      direct.weightGradient(x, dy, into: dw)
    } else {
      LoweredConvolution.weightGradient(shape, x, dy, into: dw)
    }
  }

  /// Where bfloat16 is asked for and faster: Winograd's form takes less time for 3×3 with stride 1, and few channels
  /// need none.
  private static func rounded(
    _ shape: ConvolutionShape, _ precision: ProductPrecision
  ) -> BFloat16Convolution? {
    let isFewer =
      (shape.kernelHeight, shape.kernelWidth) == (3, 3) && (shape.strideHeight, shape.strideWidth) == (1, 1)
      && WinogradConvolution(shape) != nil
    return precision == .bfloat16 && !isFewer ? BFloat16Convolution(shape) : nil
  }
}
