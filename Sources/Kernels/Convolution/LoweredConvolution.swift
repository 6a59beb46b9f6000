/// Convolution and its two gradients by lowering to matrix products.
///
/// The windows of a few images are copied side by side into a matrix of a row for each output pixel and K =
/// KH·KW·Cin columns, one single-threaded product a chunk of images, the chunks spread over the threads.
///
/// - y `[pixels, Cout]` = windows `[pixels, K]` · w `[K, Cout]`
/// - dwindows `[pixels, K]` = dy `[pixels, Cout]` · wᵀ `[Cout, K]`, added where they overlap
/// - dw `[K, Cout]` = windowsᵀ `[K, pixels]` · dy `[pixels, Cout]`
///
/// Cout and K are filled up with zeros to whole vectors: then ``TiledProduct`` takes any shape, and what an
/// image becomes does not depend on those beside it.
package struct LoweredConvolution: ConvolutionMethod {
  private let shape: ConvolutionShape
  /// Of the rows of w, y and dy, and of those of the windows.
  private let channels, window: FilledRows

  /// The size of the window matrix aimed at, in elements: half a MiB, which stays in the cache until it is
  /// multiplied. Ten times as many take up to twice the time.
  private static let windowElements = 130_000
  /// Weight gradients are summed in at most this many groups of chunks, and the groups in order.
  private static let mostGroups = 8

  /// - Precondition: the shape is of one group.
  package init(_ shape: ConvolutionShape) {
    precondition(shape.groups == 1, "LoweredConvolution: \(shape.groups) groups")
    self.shape = shape
    channels = FilledRows(count: shape.outputChannels)
    window = FilledRows(count: shape.windowCount)
  }

  private var imagesPerChunk: Int {
    max(1, min(shape.batch, Self.windowElements / max(1, shape.pixels * shape.windowCount)))
  }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, then epilogue: Convolution.Epilogue?
  ) {
    let weights = channels.filled(w, rows: shape.windowCount)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * shape.pixels
      let windows = Buffer(count: rows * shape.windowCount)
      Windows.gather(shape, x, images, into: windows.pointer)
      let output = y + images.lowerBound * shape.outputCount
      channels.store(into: output, rows: rows, adding: false) { target, _ in
        MatrixMultiply.serial(
          windows.pointer, transA: false, lda: shape.windowCount, weights.pointer, ldb: channels.width,
          into: target, ldc: channels.width, m: rows, n: channels.width, k: shape.windowCount,
          adding: false)
      }
      epilogue?(output, rows)
    }
    withExtendedLifetime(weights) {}
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>
  ) {
    let weights = window.filled(transposing: w, rows: shape.outputChannels)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * shape.pixels
      let windows = Buffer(count: rows * shape.windowCount)
      window.store(into: windows.pointer, rows: rows, adding: false) { target, _ in
        MatrixMultiply.serial(
          dy + images.lowerBound * shape.outputCount, transA: false, lda: shape.outputChannels,
          weights.pointer, ldb: window.width, into: target, ldc: window.width, m: rows, n: window.width,
          k: shape.outputChannels, adding: false)
      }
      Windows.scatter(shape, windows.pointer, images, into: dx)
    }
    withExtendedLifetime(weights) {}
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into dw: UnsafeMutablePointer<Float>
  ) {
    let size = imagesPerChunk
    let chunks = (shape.batch + size - 1) / size
    let groups = max(1, min(Self.mostGroups, chunks))
    let partial = Buffer(count: groups * shape.weightCount)
    let partials = partial.pointer
    Parallel.forEach(chunks: groups) { group in
      let windows = Buffer(count: size * shape.pixels * shape.windowCount)
      let sum = partials + group * shape.weightCount
      channels.store(into: sum, rows: shape.windowCount, adding: false) { target, _ in
        var isFirst = true
        for chunk in chunks * group / groups..<chunks * (group + 1) / groups {
          let images = chunk * size..<min(shape.batch, (chunk + 1) * size)
          let rows = images.count * shape.pixels
          Windows.gather(shape, x, images, into: windows.pointer)
          let outputs = channels.filled(dy + images.lowerBound * shape.outputCount, rows: rows)
          MatrixMultiply.serial(
            windows.pointer, transA: true, lda: shape.windowCount, outputs.pointer, ldb: channels.width,
            into: target, ldc: channels.width, m: shape.windowCount, n: channels.width, k: rows,
            adding: !isFirst)
          withExtendedLifetime(outputs) {}
          isFirst = false
        }
        if isFirst { target.update(repeating: 0, count: shape.windowCount * channels.width) }
      }
    }
    Reductions.sum(partials, into: dw, outer: 1, reduced: groups, inner: shape.weightCount)
    withExtendedLifetime(partial) {}
  }
}
