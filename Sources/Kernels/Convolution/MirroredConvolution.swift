/// Convolution of stride 1 to few channels, as the mirror image of one from few channels.
///
/// y = x ∗ w is also the input gradient of a convolution from y's channels to x's whose kernel is turned
/// around, w̃[a, b, o, c] = w[KH − 1 − a, KW − 1 − b, c, o]. There each of the three kinds is another, and
/// ``DirectConvolution`` computes it with windows of KH·KW·Cout values instead of KH·KW·Cin: 49 instead of
/// 6,272 for a 7×7 kernel from 128 channels to one.
///
/// - y = the input gradient there, for x
/// - dx = dy ∗ w̃
/// - dw̃ = the weight gradient there, for dy and x
package struct MirroredConvolution: ConvolutionMethod {
  private let shape: ConvolutionShape
  private let mirror: DirectConvolution

  /// Nil where the shape or the processor is not served.
  package init?(_ shape: ConvolutionShape) {
    guard shape.isDense, shape.strideHeight == 1, shape.strideWidth == 1, shape.top < shape.kernelHeight,
      shape.left < shape.kernelWidth, shape.outputChannels < shape.inputChannels,
      let mirror = DirectConvolution(
        ConvolutionShape(
          batch: shape.batch, height: shape.outputHeight, width: shape.outputWidth,
          inputChannels: shape.outputChannels, kernelHeight: shape.kernelHeight,
          kernelWidth: shape.kernelWidth, outputChannels: shape.inputChannels, strideHeight: 1,
          strideWidth: 1, top: shape.kernelHeight - 1 - shape.top, left: shape.kernelWidth - 1 - shape.left,
          outputHeight: shape.height, outputWidth: shape.width))
    else { return nil }
    (self.shape, self.mirror) = (shape, mirror)
  }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let turned = turnedAround(w)
    mirror.inputGradient(x, turned.pointer, into: y)
    withExtendedLifetime(turned) {}
    guard let epilogue else { return }
    Parallel.forEach(count: shape.batch, chunkSize: 1) { images in
      epilogue(y + images.lowerBound * shape.outputCount, images.count * shape.pixels)
    }
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let turned = turnedAround(w)
    mirror.forward(dy, turned.pointer, into: dx, then: nil)
    withExtendedLifetime(turned) {}
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let turned = Buffer(count: shape.weightCount)
    mirror.weightGradient(dy, x, into: turned.pointer)
    turnAround(turned.pointer, rows: shape.outputChannels, columns: shape.inputChannels, into: dw)
    withExtendedLifetime(turned) {}
  }

  private func turnedAround(_ w: UnsafePointer<Float>) -> Buffer {
    let turned = Buffer(count: shape.weightCount)
    turnAround(w, rows: shape.inputChannels, columns: shape.outputChannels, into: turned.pointer)
    return turned
  }

  /// `[KH, KW, rows, columns]` → `[KH, KW, columns, rows]`, the last tap first.
  private func turnAround(
    _ w: UnsafePointer<Float>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let taps = shape.kernelHeight * shape.kernelWidth
    for tap in 0..<taps {
      Transposition.run(
        w + tap * rows * columns, lda: columns, rows: rows, columns: columns,
        into: target + (taps - 1 - tap) * rows * columns, ldb: rows)
    }
  }
}
