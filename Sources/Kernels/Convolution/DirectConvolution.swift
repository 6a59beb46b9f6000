/// Convolution and its gradients for images of few channels, whose windows are read in place.
///
/// With a window of K = KH·KW·Cin values, 25 for a 5×5 kernel on gray images, copying the windows costs as
/// much as multiplying them. Here each image is copied once into a frame of zeros, and ``TiledProduct`` reads
/// the windows there: row i of the factor starts at output pixel i's window, and the window's rows are one
/// step apart.
///
/// - y `[pixels, Cout]` = windows `[pixels, K]` · w `[K, Cout]`
/// - dw `[K, Cout]` = windowsᵀ `[K, pixels]` · dy `[pixels, Cout]`
/// - dwindows `[pixels, K]` = dy · wᵀ `[Cout, K]`, added into the frame where they overlap
package struct DirectConvolution: ConvolutionMethod {
  private let shape: ConvolutionShape
  private let frameWidth, frameCount: Int
  /// Where the window of each output pixel starts in the frame, and where each value stands in a window.
  private let windowStarts, windowOffsets: [Int]

  private static let largestWindow = 128
  private static let operationsPerChunk = 2_000_000
  /// Weight gradients are summed in at most this many groups of images, and the groups in order.
  private static let mostGroups = 16

  /// Nil where the shape or the processor is not served.
  package init?(_ shape: ConvolutionShape) {
    guard TiledProduct.isAvailable, shape.isDense, shape.windowCount <= Self.largestWindow,
      shape.outputChannels % 16 == 0
    else { return nil }
    self.shape = shape
    let channels = shape.inputChannels
    let width = max((shape.outputWidth - 1) * shape.strideWidth + shape.kernelWidth, shape.left + shape.width)
    let height = max(
      (shape.outputHeight - 1) * shape.strideHeight + shape.kernelHeight, shape.top + shape.height)
    frameWidth = width
    frameCount = height * width * channels
    windowStarts = (0..<shape.pixels).map {
      ($0 / shape.outputWidth * shape.strideHeight * width + $0 % shape.outputWidth * shape.strideWidth)
        * channels
    }
    let run = shape.kernelWidth * channels
    windowOffsets = (0..<shape.windowCount).map { $0 / run * width * channels + $0 % run }
  }

  private var imagesPerChunk: Int {
    max(1, Self.operationsPerChunk / (2 * shape.pixels * shape.windowCount * shape.outputChannels))
  }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let columns = shape.outputChannels
    let window = FactorLayout(
      outer: shape.kernelHeight, outerStep: frameWidth * shape.inputChannels,
      inner: shape.kernelWidth * shape.inputChannels, innerStep: 1)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let frame = emptyFrame()
      windowStarts.withUnsafeBufferPointer { starts in
        for image in images {
          copy(x, image, into: frame.pointer)
          let output = y + image * shape.outputCount
          TiledProduct.multiply(
            m: shape.pixels, start: { UnsafePointer(frame.pointer) + starts[$0] }, window, w, ldb: columns,
            into: output, ldc: columns, n: columns, adding: false)
          epilogue?(output, shape.pixels)
        }
      }
    }
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let columns = shape.outputChannels
    let pixels = FactorLayout(
      outer: shape.outputHeight, outerStep: shape.strideHeight * frameWidth * shape.inputChannels,
      inner: shape.outputWidth, innerStep: shape.strideWidth * shape.inputChannels)
    let groups = max(1, min(Self.mostGroups, shape.batch))
    let partial = Buffer(count: groups * shape.weightCount)
    let partials = partial.pointer
    Parallel.forEach(chunks: groups) { group in
      let frame = emptyFrame()
      let target = partials + group * shape.weightCount
      let images = shape.batch * group / groups..<shape.batch * (group + 1) / groups
      if images.isEmpty { target.update(repeating: 0, count: shape.weightCount) }
      windowOffsets.withUnsafeBufferPointer { offsets in
        for image in images {
          copy(x, image, into: frame.pointer)
          TiledProduct.multiply(
            m: shape.windowCount, start: { UnsafePointer(frame.pointer) + offsets[$0] }, pixels,
            dy + image * shape.outputCount, ldb: columns, into: target, ldc: columns, n: columns,
            adding: image > images.lowerBound)
        }
      }
    }
    Reductions.sum(partials, into: dw, outer: 1, reduced: groups, inner: shape.weightCount)
    withExtendedLifetime(partial) {}
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let columns = shape.outputChannels
    let window = FilledRows(count: shape.windowCount)
    let (width, weights) = (window.width, window.filled(transposing: w, rows: columns))
    let run = shape.kernelWidth * shape.inputChannels
    let step = frameWidth * shape.inputChannels
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let frame = Buffer(count: frameCount)
      let windows = Buffer(count: shape.pixels * width)
      windowStarts.withUnsafeBufferPointer { starts in
        for image in images {
          TiledProduct.multiply(
            dy + image * shape.outputCount, rowStep: columns, columnStep: 1, weights.pointer, ldb: width,
            into: windows.pointer, ldc: width, m: shape.pixels, n: width, k: columns, adding: false)
          frame.pointer.update(repeating: 0, count: frameCount)
          for pixel in 0..<shape.pixels {
            for a in 0..<shape.kernelHeight {
              let target = frame.pointer + (starts[pixel] &+ a &* step)
              let source = windows.pointer + (pixel &* width &+ a &* run)
              for i in 0..<run { target[i] += source[i] }
            }
          }
          forEachRow(image) { row, place, count in
            (dx + row).update(from: frame.pointer + place, count: count)
          }
        }
      }
    }
    withExtendedLifetime(weights) {}
  }

  private func emptyFrame() -> Buffer {
    let frame = Buffer(count: frameCount)
    frame.pointer.update(repeating: 0, count: frameCount)
    return frame
  }

  private func copy(_ x: UnsafePointer<Float>, _ image: Int, into frame: UnsafeMutablePointer<Float>) {
    forEachRow(image) { row, place, count in (frame + place).update(from: x + row, count: count) }
  }

  /// Visits the rows of an image: where each starts among the images and in the frame, and how long it is.
  @inline(__always)
  private func forEachRow(_ image: Int, _ body: (_ row: Int, _ place: Int, _ count: Int) -> Void) {
    let count = shape.width * shape.inputChannels
    for y in 0..<shape.height {
      body(
        image * shape.inputCount + y * count,
        ((y + shape.top) * frameWidth + shape.left) * shape.inputChannels, count)
    }
  }
}
