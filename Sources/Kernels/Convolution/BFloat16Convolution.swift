/// Convolution and its gradients with factors rounded to bfloat16 (``PairProduct``).
///
/// Each image is rounded once into a frame of zeros, neighbouring channels as ``Pair``s, and its windows are
/// read there in place, as ``DirectConvolution`` does.
///
/// - y `[pixels, Cout]` = windows `[pixels, KH·KW·Cin]` · w, pairs along Cin
/// - dx: for each of the stride² phases of its pixels, a convolution of dy with stride 1, with the taps that
///   reach them, backwards; pairs along Cout
/// - dw `[KH·KW·Cin, Cout]` = windowsᵀ · dy, pairs of pixels
package struct BFloat16Convolution: ConvolutionMethod {
  private let shape: ConvolutionShape

  /// Rows of a matrix product aimed at: frames and windows stay in the second-level cache.
  private static let rowsPerChunk = 384
  /// Weight gradients are summed in at most this many groups of images, and the groups in order.
  private static let mostGroups = 8

  /// Nil where the shape is not served: few channels, which float32 is fast at.
  package init?(_ shape: ConvolutionShape) {
    guard shape.isDense, shape.inputChannels % 16 == 0, shape.outputChannels % 16 == 0 else { return nil }
    self.shape = shape
  }

  /// Multiplications an image, input channel and output channel; two take the time of one in `Float`.
  var cost: Double { 0.5 * Double(shape.pixels * shape.kernelHeight * shape.kernelWidth) }

  private var imagesPerChunk: Int { max(1, Self.rowsPerChunk / shape.pixels) }

  // MARK: - Forward

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let columns = shape.outputChannels
    let weights = PairBuffer(count: shape.weightCount / 2)
    BFloat16.packRows(
      w, pitch: columns, rows: shape.windowCount, columns: columns, into: weights.pointer,
      targetPitch: columns)
    let frame = PairFrame(
      height: shape.height, width: shape.width, channels: shape.inputChannels, top: shape.top,
      left: shape.left,
      reach: (
        (shape.outputHeight - 1) * shape.strideHeight + shape.kernelHeight,
        (shape.outputWidth - 1) * shape.strideWidth + shape.kernelWidth
      ))
    let window = FactorLayout(
      outer: shape.kernelHeight, outerStep: frame.rowStep, inner: shape.kernelWidth * frame.pixelStep,
      innerStep: 1)
    let starts = frame.starts(
      rows: shape.outputHeight, by: shape.strideHeight, columns: shape.outputWidth, by: shape.strideWidth)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let frames = frame.filled(x, images)
      let output = y + images.lowerBound * shape.outputCount
      starts.withUnsafeBufferPointer { starts in
        PairProduct.multiply(
          m: images.count * shape.pixels,
          start: { row in
            UnsafePointer(frames.pointer)
              + (row / shape.pixels &* frame.count &+ starts[row % shape.pixels])
          }, window, weights.pointer, ldb: columns, into: output, ldc: columns, n: columns, adding: false)
      }
      epilogue?(output, images.count * shape.pixels)
    }
    withExtendedLifetime(weights) {}
  }

  // MARK: - Gradient of the input

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let phases = (0..<shape.strideHeight * shape.strideWidth).map { phase in
      Phase(
        rows: .init(
          phase / shape.strideWidth, stride: shape.strideHeight, before: shape.top,
          kernel: shape.kernelHeight,
          size: shape.height),
        columns: .init(
          phase % shape.strideWidth, stride: shape.strideWidth, before: shape.left, kernel: shape.kernelWidth,
          size: shape.width))
    }
    // One frame for all phases: as much black before and behind as any of them reaches.
    let top = max(0, phases.map { -$0.rows.first }.max() ?? 0)
    let left = max(0, phases.map { -$0.columns.first }.max() ?? 0)
    let frame = PairFrame(
      height: shape.outputHeight, width: shape.outputWidth, channels: shape.outputChannels, top: top,
      left: left,
      reach: (
        phases.map { top + $0.rows.first + $0.rows.count + $0.rows.taps.count - 1 }.max() ?? 0,
        phases.map { left + $0.columns.first + $0.columns.count + $0.columns.taps.count - 1 }.max() ?? 0
      ))
    let weights = phases.map { phaseWeights($0, w) }
    let channels = shape.inputChannels
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let frames = frame.filled(dy, images)
      for (phase, weights) in zip(phases, weights) {
        let (rows, columns) = (phase.rows, phase.columns)
        guard rows.count > 0, columns.count > 0 else { continue }
        let pixels = rows.count * columns.count
        let result = Buffer(count: images.count * pixels * channels)
        if rows.taps.isEmpty || columns.taps.isEmpty {
          result.pointer.update(repeating: 0, count: images.count * pixels * channels)
        } else {
          let window = FactorLayout(
            outer: rows.taps.count, outerStep: frame.rowStep, inner: columns.taps.count * frame.pixelStep,
            innerStep: 1)
          let origin = (top + rows.first) * frame.rowStep + (left + columns.first) * frame.pixelStep
          frame.starts(rows: rows.count, by: 1, columns: columns.count, by: 1).withUnsafeBufferPointer {
            starts in
            PairProduct.multiply(
              m: images.count * pixels,
              start: { row in
                UnsafePointer(frames.pointer)
                  + (row / pixels &* frame.count &+ origin &+ starts[row % pixels])
              }, window, weights.pointer, ldb: channels, into: result.pointer, ldc: channels, n: channels,
              adding: false)
          }
        }
        for (index, image) in images.enumerated() {
          for u in 0..<rows.count {
            for v in 0..<columns.count {
              let (y, x) = (rows.phase + u * rows.stride, columns.phase + v * columns.stride)
              (dx + (image * shape.inputCount + (y * shape.width + x) * channels)).update(
                from: result.pointer + ((index * pixels + u * columns.count + v) * channels), count: channels)
            }
          }
        }
      }
    }
  }

  /// The pixels of dx with the same remainder by the stride, in both directions.
  private struct Phase {
    let rows, columns: Side

    /// In one direction: pixel phase + u·stride is reached by the outputs first + u + t by way of tap
    /// `taps[t]`.
    struct Side {
      let phase, stride: Int
      /// How many pixels there are.
      let count: Int
      /// From the last to the first: further taps belong to nearer outputs.
      let taps: [Int]
      let first: Int

      init(_ phase: Int, stride: Int, before: Int, kernel: Int, size: Int) {
        (self.phase, self.stride) = (phase, stride)
        count = max(0, (size - phase + stride - 1) / stride)
        taps = Array(Swift.stride(from: (phase + before) % stride, to: kernel, by: stride).reversed())
        first = (phase + before) / stride - (taps.count - 1)
      }
    }
  }

  /// Pairs `[taps · Cout / 2, Cin]`.
  private func phaseWeights(_ phase: Phase, _ w: UnsafePointer<Float>) -> PairBuffer {
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let block = inputs * outputs / 2
    let packed = PairBuffer(count: max(1, phase.rows.taps.count * phase.columns.taps.count * block))
    let rows = PairBuffer(count: block)
    var target = packed.pointer
    for a in phase.rows.taps {
      for b in phase.columns.taps {
        let source = w + (a * shape.kernelWidth + b) * inputs * outputs
        BFloat16.pack(source, count: inputs * outputs, into: rows.pointer)
        rows.pointer.withMemoryRebound(to: Float.self, capacity: block) { rows in
          target.withMemoryRebound(to: Float.self, capacity: block) { target in
            Transposition.run(
              rows, lda: outputs / 2, rows: inputs, columns: outputs / 2, into: target, ldb: inputs)
          }
        }
        target += block
      }
    }
    return packed
  }

  // MARK: - Gradient of the weights

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let (columns, window) = (shape.outputChannels, shape.windowCount)
    let frame = RoundedFrame(shape)
    let chunkSize = imagesPerChunk
    let chunks = (shape.batch + chunkSize - 1) / chunkSize
    let groups = max(1, min(Self.mostGroups, chunks))
    let partial = Buffer(count: groups * shape.weightCount)
    let partials = partial.pointer
    let pairs = (chunkSize * shape.pixels + 1) / 2
    Parallel.forEach(chunks: groups) { group in
      let target = partials + group * shape.weightCount
      let (windows, gradients) = (PairBuffer(count: pairs * window), PairBuffer(count: pairs * columns))
      var isFirst = true
      for chunk in chunks * group / groups..<chunks * (group + 1) / groups {
        let images = chunk * chunkSize..<min(shape.batch, (chunk + 1) * chunkSize)
        let pixels = images.count * shape.pixels
        let frames = frame.filled(x, images)
        frame.packWindows(frames.pointer, pixels: pixels, into: windows.pointer)
        BFloat16.packRows(
          dy + images.lowerBound * shape.outputCount, pitch: columns, rows: pixels, columns: columns,
          into: gradients.pointer, targetPitch: columns)
        PairProduct.multiply(
          m: window, start: { UnsafePointer(windows.pointer) + $0 },
          FactorLayout(outer: 1, outerStep: 0, inner: (pixels + 1) / 2, innerStep: window), gradients.pointer,
          ldb: columns, into: target, ldc: columns, n: columns, adding: !isFirst)
        isFirst = false
      }
    }
    Reductions.sum(partials, into: dw, outer: 1, reduced: groups, inner: shape.weightCount)
    withExtendedLifetime(partial) {}
  }
}
