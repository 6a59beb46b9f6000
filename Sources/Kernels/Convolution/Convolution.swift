/// Convolution and its two gradients. Shape and precision alone decide how they are computed on a processor
/// (`method(_:_:)`).
public enum Convolution {
  /// What is applied to a chunk of outputs while it is in the cache; `[pixels, Cout]`.
  public typealias Epilogue = (_ outputs: UnsafeMutablePointer<Float>, _ pixels: Int) -> Void

  /// y = x ∗ w
  ///
  /// - Parameter weights: whose content `w` is; keeps what is computed of the weights alone.
  public static func forward(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    of weights: Buffer? = nil, into y: UnsafeMutablePointer<Float>, then epilogue: Epilogue? = nil,
    precision: ProductPrecision = .float32
  ) {
    method(shape, precision, weights).forward(x, w, into: y, then: epilogue)
  }

  /// dx = the gradient of Σ dy·(x ∗ w) with respect to x
  ///
  /// - Parameter weights: whose content `w` is; keeps what is computed of the weights alone.
  public static func inputGradient(
    _ shape: ConvolutionShape, _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    of weights: Buffer? = nil, into dx: UnsafeMutablePointer<Float>, precision: ProductPrecision = .float32
  ) {
    method(shape, precision, weights).inputGradient(dy, w, into: dx)
  }

  /// dw = the gradient of Σ dy·(x ∗ w) with respect to w
  public static func weightGradient(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into dw: UnsafeMutablePointer<Float>, precision: ProductPrecision = .float32
  ) {
    method(shape, precision).weightGradient(x, dy, into: dw)
  }

  /// In float32 Winograd's form where it saves multiplications, windows read in place where they are small,
  /// or small in the mirror, else lowering. In bfloat16 whatever takes least of Winograd's form with large
  /// tiles and the products of rounded factors; few channels need neither. What is dilated is lowered. Groups
  /// are computed one by one, except where each is a single channel.
  private static func method(
    _ shape: ConvolutionShape, _ precision: ProductPrecision, _ weights: Buffer? = nil
  ) -> any ConvolutionMethod {
    if let depthwise = DepthwiseConvolution(shape) { return depthwise }
    if shape.groups > 1 { return GroupedConvolution(shape, each: method(shape.ofOneGroup, precision)) }
    switch precision {
    case .float32:
      if let fast = WinogradConvolution(shape, tiles: .current, weights: weights) { return fast }
    case .bfloat16:
      if let rounded = BFloat16Convolution(shape) {
        if let fast = WinogradConvolution(shape, tiles: .large, weights: weights),
          fast.tiling.cost < rounded.cost
        {
          return fast
        }
        return rounded
      }
    }
    if let direct = DirectConvolution(shape) { return direct }
    if let mirrored = MirroredConvolution(shape) { return mirrored }
    return LoweredConvolution(shape)
  }
}

/// A way to compute a convolution and its gradients, of one shape.
package protocol ConvolutionMethod {
  func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?)
  func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>)
  func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>)
}
