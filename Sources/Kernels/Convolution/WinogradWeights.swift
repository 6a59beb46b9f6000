/// The weights of a ``WinogradConvolution`` in its basis, and back: U = G·w·Gᵀ for every phase.
///
/// Attacks and inference convolve with the same weights thousands of times, so that a buffer of weights keeps
/// them in this basis until its content changes (``Buffer/derived(_:_:)``).
extension WinogradConvolution {
  /// What transformed weights depend on beside the weights.
  struct Transformed: Hashable {
    enum Direction { case forward, inputGradient }
    let direction: Direction
    let kernel, stride, inputChannels, outputChannels, tile: Int
  }

  /// Transformed weights are not kept beyond 32 MiB.
  private static let mostKept = 8 << 20

  func kept(
    _ direction: Transformed.Direction, _ panels: ProductPanels, _ transform: () -> Buffer
  ) -> Buffer {
    guard let keeper, frequencies * panels.count <= Self.mostKept else { return transform() }
    return keeper.derived(
      Transformed(
        direction: direction, kernel: shape.kernelHeight, stride: shape.strideHeight,
        inputChannels: shape.inputChannels, outputChannels: shape.outputChannels, tile: tiling.outputs),
      transform)
  }

  /// The weights `[KH, KW, Cout, Cin]`.
  func swapped(_ w: UnsafePointer<Float>) -> Buffer {
    let (rows, columns) = (shape.inputChannels, shape.outputChannels)
    let swapped = Buffer(count: shape.kernelHeight * shape.kernelWidth * rows * columns)
    for offset in stride(from: 0, to: swapped.count, by: rows * columns) {
      Transposition.run(
        w + offset, lda: columns, rows: rows, columns: columns, into: swapped.pointer + offset, ldb: rows)
    }
    return swapped
  }

  /// U = G·w·Gᵀ for every phase of the weights `[KH, KW, rows, columns]`, 16 columns at a time: one matrix a
  /// frequency, in which a row of a phase begins at `place`.
  func transformedWeights(
    _ w: UnsafePointer<Float>, rows: Int, columns: Int, _ panels: ProductPanels,
    place: (_ phase: Int, _ row: Int) -> (row: Int, column: Int)
  ) -> Buffer {
    let u = Buffer(count: frequencies * panels.count)
    let target = u.pointer
    let (taps, n) = (transform.taps, transform.inputs)
    let frequencies = (0..<self.frequencies).map { $0 * panels.count }
    Parallel.forEach(chunks: tiling.phases * rows) { chunk in
      let (phase, row) = (chunk / rows, chunk % rows)
      let place = place(phase, row)
      let weights = tapOffsets(phase, pitch: rows * columns)
      withScratch(n * taps) { scratch in
        for column in stride(from: 0, to: columns, by: 16) {
          transform.filter.apply(
            w + (row * columns + column), weights,
            to: target + panels.offset(place.row, place.column + column), frequencies, adding: false, scratch)
        }
      }
    }
    return u
  }

  /// dw = Gᵀ·dU·G, each tap back to its place.
  func gatherWeights(_ u: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>) {
    let columns = shape.outputChannels
    let (taps, n) = (transform.taps, transform.inputs)
    let back = transform.filter.transposed
    let frequencies = (0..<self.frequencies).map { $0 * depth * columns }
    Parallel.forEach(chunks: depth) { row in
      let (phase, channel) = (row / shape.inputChannels, row % shape.inputChannels)
      let weights = tapOffsets(phase, pitch: shape.inputChannels * columns)
      withScratch(taps * n) { scratch in
        for column in stride(from: 0, to: columns, by: 16) {
          back.apply(
            u + (row * columns + column), frequencies, to: dw + (channel * columns + column), weights,
            adding: false, scratch)
        }
      }
    }
  }

  /// Where the weights of each of a phase's taps start, one weight `pitch` behind the other; -1 beyond the
  /// kernel.
  private func tapOffsets(_ phase: Int, pitch: Int) -> [Int] {
    let stride = shape.strideHeight
    return (0..<transform.taps * transform.taps).map { tap in
      let y = tap / transform.taps * stride + phase / stride
      let x = tap % transform.taps * stride + phase % stride
      return y < shape.kernelHeight && x < shape.kernelWidth ? (y * shape.kernelWidth + x) * pitch : -1
    }
  }
}
