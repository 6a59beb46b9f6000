/// Convolution and its gradients with fewer multiplications (Winograd's minimal filtering; see
/// ``WinogradTransform``), for kernels with stride 1 or 2.
///
/// A kernel of K taps at stride s is s filters of r = ⌈K / s⌉ taps, one for each phase of the input; in two
/// dimensions s² of them, whose transformed inputs stand side by side as s²·Cin channels. With tiles of m × m
/// outputs from n × n inputs:
///
/// 1. V[f, tile, phase·Cin] = the tile's inputs of each phase, transformed by Bᵀ · B, f = 1 … n²
/// 2. U[f, phase·Cin, Cout] = the weights, transformed by G · Gᵀ
/// 3. M[f] = V[f]·U[f]: n² matrix products
/// 4. y = the tiles of M, transformed by Aᵀ · A
///
/// The 5×5 kernel at stride 2 takes 36·4 multiplications for 4×4 outputs instead of 25·16: 2.8 times fewer.
/// The gradients are the same steps transposed. Chunks of images are spread over the threads. Only for
/// channel counts that fill whole vectors.
package struct WinogradConvolution: ConvolutionMethod {
  let shape: ConvolutionShape
  let transform: WinogradTransform
  let tiling: WinogradTiling
  /// Keeps the transformed weights.
  let keeper: Buffer?

  /// Rows of a matrix product aimed at, a multiple of a tile's six: few enough for the transformed tiles to
  /// stay in the cache, enough to make use of the transformed weights that are read once a chunk (24 to 64
  /// are alike; 96: 15 % slower on a processor with 1 MiB a core).
  private static let rowsPerChunk = 36
  /// The same for the weight gradient, where these rows are summed over: 128 is 10 % faster than 512, 4 %
  /// than 64.
  private static let rowsPerSum = 128

  /// How large tiles may be: the larger, the fewer multiplications and the less exact.
  package enum Tiles {
    /// At most six inputs: within 10⁻⁵ of the largest output.
    case small
    /// At most nine inputs, whichever are reckoned to take the least time: within 10⁻⁴.
    case large

    /// Those of the tensors' convolutions in float32, forward and backward, in this task.
    @TaskLocal package static var current = Tiles.small

    /// Outputs of a tile, by the filter's taps.
    fileprivate func outputs(taps: Int) -> [Int] {
      switch (taps, self) {
      case (2, .small): [4]
      case (2, .large): [4, 7]
      case (3, .small): [4]
      case (3, .large): [4, 6, 7]
      case (5, .small): [2]
      case (5, .large): [2, 4]
      default: []
      }
    }
  }

  /// Nil where the shape is not served, or too small to be worth it.
  ///
  /// - Parameter weights: those of all calls; keeps them transformed. Without it each call transforms them.
  package init?(_ shape: ConvolutionShape, tiles: Tiles = .small, weights: Buffer? = nil) {
    let stride = shape.strideHeight
    guard shape.isDense, stride == shape.strideWidth, stride <= 2, shape.kernelHeight == shape.kernelWidth,
      shape.inputChannels % 16 == 0, shape.outputChannels % 16 == 0, shape.outputChannels >= 32,
      shape.inputChannels * stride * stride >= 32, shape.outputHeight >= 4, shape.outputWidth >= 4
    else { return nil }
    let taps = (shape.kernelHeight + stride - 1) / stride
    let tilings = tiles.outputs(taps: taps).map {
      WinogradTiling(shape, outputs: $0, inputs: $0 + taps - 1)
    }
    guard let tiling = tilings.min(by: { $0.cost < $1.cost }) else { return nil }
    self.shape = shape
    self.tiling = tiling
    keeper = weights
    transform = WinogradTransform(outputs: tiling.outputs, taps: taps)
  }

  var frequencies: Int { transform.inputs * transform.inputs }
  /// All chunks of nearly the same size, and no fewer than two.
  private var imagesPerChunk: Int {
    let most = max(1, Self.rowsPerChunk / tiling.tilesPerImage)
    let chunks = max(2, (shape.batch + most - 1) / most)
    return max(1, (shape.batch + chunks - 1) / max(1, chunks))
  }
  /// s²·Cin
  var depth: Int { tiling.phases * shape.inputChannels }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let columns = shape.outputChannels
    let panels = ProductPanels(rows: depth, columns: columns)
    let weights = kept(.forward, panels) {
      transformedWeights(w, rows: shape.inputChannels, columns: columns, panels) {
        ($0 * shape.inputChannels + $1, 0)
      }
    }
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * tiling.tilesPerImage
      let pitchV = WinogradTiling.pitches(rows: rows, channels: depth)
      let pitchM = WinogradTiling.pitches(rows: rows, channels: columns)
      let v = Buffer(count: frequencies * pitchV.frequency)
      let m = Buffer(count: frequencies * pitchM.frequency)
      tiling.gatherInputs(x, images, transform.input, into: v.pointer, pitchV)
      for f in 0..<frequencies {
        panels.multiply(
          v.pointer + f * pitchV.frequency, lda: pitchV.row, weights.pointer + f * panels.count,
          into: m.pointer + f * pitchM.frequency, ldc: pitchM.row, m: rows)
      }
      tiling.scatterOutputs(m.pointer, pitchM, images, transform.output, into: y)
      epilogue?(y + images.lowerBound * shape.outputCount, images.count * shape.pixels)
    }
    withExtendedLifetime(weights) {}
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let columns = shape.outputChannels
    let panels = ProductPanels(rows: columns, columns: depth)
    let weights = kept(.inputGradient, panels) {
      let swapped = swapped(w)
      return withExtendedLifetime(swapped) {
        transformedWeights(swapped.pointer, rows: columns, columns: shape.inputChannels, panels) {
          ($1, $0 * shape.inputChannels)
        }
      }
    }
    let (toTiles, toInputs) = (transform.output.transposed, transform.input.transposed)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * tiling.tilesPerImage
      let pitchV = WinogradTiling.pitches(rows: rows, channels: depth)
      let pitchM = WinogradTiling.pitches(rows: rows, channels: columns)
      let v = Buffer(count: frequencies * pitchV.frequency)
      let m = Buffer(count: frequencies * pitchM.frequency)
      tiling.gatherOutputs(dy, images, toTiles, into: m.pointer, pitchM)
      for f in 0..<frequencies {
        panels.multiply(
          m.pointer + f * pitchM.frequency, lda: pitchM.row, weights.pointer + f * panels.count,
          into: v.pointer + f * pitchV.frequency, ldc: pitchV.row, m: rows)
      }
      tiling.scatterInputs(v.pointer, pitchV, images, toInputs, into: dx)
    }
    withExtendedLifetime(weights) {}
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let columns = shape.outputChannels
    let blockSize = max(1, Self.rowsPerSum / tiling.tilesPerImage)
    let mostRows = min(blockSize, shape.batch) * tiling.tilesPerImage
    let v = Buffer(count: frequencies * WinogradTiling.pitches(rows: mostRows, channels: depth).frequency)
    let m = Buffer(count: frequencies * WinogradTiling.pitches(rows: mostRows, channels: columns).frequency)
    let u = Buffer(count: frequencies * depth * columns)
    let toTiles = transform.output.transposed
    for first in stride(from: 0, to: shape.batch, by: blockSize) {
      let block = first..<min(shape.batch, first + blockSize)
      let rows = block.count * tiling.tilesPerImage
      let pitchV = WinogradTiling.pitches(rows: rows, channels: depth)
      let pitchM = WinogradTiling.pitches(rows: rows, channels: columns)
      Parallel.forEach(count: block.count, chunkSize: 4) { part in
        let images = first + part.lowerBound..<first + part.upperBound
        let row = part.lowerBound * tiling.tilesPerImage
        tiling.gatherInputs(x, images, transform.input, into: v.pointer + row * pitchV.row, pitchV)
        tiling.gatherOutputs(dy, images, toTiles, into: m.pointer + row * pitchM.row, pitchM)
      }
      Parallel.forEach(chunks: frequencies) { f in
        MatrixMultiply.serial(
          v.pointer + f * pitchV.frequency, transA: true, lda: pitchV.row,
          m.pointer + f * pitchM.frequency, ldb: pitchM.row,
          into: u.pointer + f * depth * columns, ldc: columns, m: depth, n: columns, k: rows,
          adding: first > 0)
      }
    }
    gatherWeights(u.pointer, into: dw)
  }
}

/// Room for `count` vectors on the stack.
@inline(__always)
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Lanes>) -> Void) {
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: count) { lanes in
    if let base = lanes.baseAddress { body(base) }
  }
}
