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
/// The 5×5 kernel at stride 2 takes 36·4 multiplications for 4×4 outputs instead of 25·16: 2.8 times fewer. The
/// gradients are the same steps transposed. Chunks of images are spread over the threads. Only for channel counts
/// that fill whole vectors.
package struct WinogradConvolution {
  private let shape: ConvolutionShape
  private let transform: WinogradTransform
  private let tiling: WinogradTiling

  /// Rows of a matrix product aimed at: enough to hide the packing of its other operand, few enough for the
  /// transformed tiles to stay in the cache (128 rows: 15 % slower on a processor with 1 MiB a core).
  private static let rowsPerChunk = 64
  private static let mostGroups = 4

  /// Nil where the shape is not served, or too small to be worth it.
  package init?(_ shape: ConvolutionShape) {
    let stride = shape.strideHeight
    guard stride == shape.strideWidth, stride <= 2, shape.kernelHeight == shape.kernelWidth,
      shape.inputChannels % 16 == 0, shape.outputChannels % 16 == 0, shape.outputChannels >= 32,
      shape.inputChannels * stride * stride >= 64, shape.outputHeight >= 4, shape.outputWidth >= 4,
      let transform = WinogradTransform(taps: (shape.kernelHeight + stride - 1) / stride)
    else { return nil }
    self.shape = shape
    self.transform = transform
    tiling = WinogradTiling(shape, outputs: transform.outputs, inputs: transform.inputs)
  }

  private var frequencies: Int { transform.inputs * transform.inputs }
  private var imagesPerChunk: Int { max(1, Self.rowsPerChunk / tiling.tilesPerImage) }
  /// s²·Cin
  private var depth: Int { tiling.phases * shape.inputChannels }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let blas = OpenBLAS.required
    let weights = transformedWeights(w)
    let columns = shape.outputChannels
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * tiling.tilesPerImage
      let pitchV = WinogradTiling.stride(rows: rows, channels: depth)
      let pitchM = WinogradTiling.stride(rows: rows, channels: columns)
      let v = Buffer(count: frequencies * pitchV)
      let m = Buffer(count: frequencies * pitchM)
      tiling.gatherInputs(x, images, transform.input, into: v.pointer)
      for f in 0..<frequencies {
        blas.multiply(
          v.pointer + f * pitchV, transposed: false, lda: depth,
          weights.pointer + f * depth * columns, transposed: false, ldb: columns,
          into: m.pointer + f * pitchM, ldc: columns, m: rows, n: columns, k: depth, beta: 0)
      }
      tiling.scatterOutputs(m.pointer, images, transform.output, into: y)
      epilogue?(y + images.lowerBound * shape.outputCount, images.count * shape.pixels)
    }
    withExtendedLifetime(weights) {}
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let blas = OpenBLAS.required
    let weights = transformedWeights(w)
    let columns = shape.outputChannels
    let (toTiles, toInputs) = (transform.output.transposed, transform.input.transposed)
    Parallel.forEach(count: shape.batch, chunkSize: imagesPerChunk) { images in
      let rows = images.count * tiling.tilesPerImage
      let pitchV = WinogradTiling.stride(rows: rows, channels: depth)
      let pitchM = WinogradTiling.stride(rows: rows, channels: columns)
      let v = Buffer(count: frequencies * pitchV)
      let m = Buffer(count: frequencies * pitchM)
      tiling.gatherOutputs(dy, images, toTiles, into: m.pointer)
      for f in 0..<frequencies {
        blas.multiply(
          m.pointer + f * pitchM, transposed: false, lda: columns,
          weights.pointer + f * depth * columns, transposed: true, ldb: columns,
          into: v.pointer + f * pitchV, ldc: depth, m: rows, n: depth, k: columns, beta: 0)
      }
      tiling.scatterInputs(v.pointer, images, toInputs, into: dx)
    }
    withExtendedLifetime(weights) {}
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let blas = OpenBLAS.required
    let columns = shape.outputChannels
    let size = imagesPerChunk
    let chunks = (shape.batch + size - 1) / size
    let groups = max(1, min(Self.mostGroups, chunks))
    let count = frequencies * depth * columns
    let partial = Buffer(count: groups * count)
    let partials = partial.pointer
    let toTiles = transform.output.transposed
    Parallel.forEach(chunks: groups) { group in
      let target = partials + group * count
      let mostRows = size * tiling.tilesPerImage
      let v = Buffer(count: frequencies * WinogradTiling.stride(rows: mostRows, channels: depth))
      let m = Buffer(count: frequencies * WinogradTiling.stride(rows: mostRows, channels: columns))
      let first = chunks * group / groups
      for chunk in first..<chunks * (group + 1) / groups {
        let images = chunk * size..<min(shape.batch, (chunk + 1) * size)
        let rows = images.count * tiling.tilesPerImage
        let pitchV = WinogradTiling.stride(rows: rows, channels: depth)
        let pitchM = WinogradTiling.stride(rows: rows, channels: columns)
        tiling.gatherInputs(x, images, transform.input, into: v.pointer)
        tiling.gatherOutputs(dy, images, toTiles, into: m.pointer)
        for f in 0..<frequencies {
          blas.multiply(
            v.pointer + f * pitchV, transposed: true, lda: depth,
            m.pointer + f * pitchM, transposed: false, ldb: columns,
            into: target + f * depth * columns, ldc: columns, m: depth, n: columns, k: rows,
            beta: chunk == first ? 0 : 1)
        }
      }
    }
    let sum = Buffer(count: count)
    Reductions.sum(partials, into: sum.pointer, outer: 1, reduced: groups, inner: count)
    withExtendedLifetime(partial) {}
    gatherWeights(sum.pointer, into: dw)
  }

  /// U: G·w·Gᵀ for every phase, input channel and 16 output channels.
  private func transformedWeights(_ w: UnsafePointer<Float>) -> Buffer {
    let columns = shape.outputChannels
    let u = Buffer(count: frequencies * depth * columns)
    let target = u.pointer
    let (taps, n) = (transform.taps, transform.inputs)
    Parallel.forEach(chunks: depth) { row in
      withLanes(taps * taps, n * taps, n * n) { taken, scratch, made in
        for channel in stride(from: 0, to: columns, by: 16) {
          for a in 0..<taps {
            for b in 0..<taps {
              let source = weightOffset(row, a, b).map { w + $0 + channel }
              taken[a * taps + b] =
                source.map { UnsafeRawPointer($0).loadUnaligned(as: SmallMatrix.Lanes.self) } ?? .zero
            }
          }
          transform.filter.apply(taken, scratch, into: made)
          for f in 0..<n * n {
            UnsafeMutableRawPointer(target + (f * depth + row) * columns + channel)
              .storeBytes(of: made[f], as: SmallMatrix.Lanes.self)
          }
        }
      }
    }
    return u
  }

  /// dw = Gᵀ·dU·G, each tap back to its place.
  private func gatherWeights(_ u: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>) {
    let columns = shape.outputChannels
    let (taps, n) = (transform.taps, transform.inputs)
    let back = transform.filter.transposed
    Parallel.forEach(chunks: depth) { row in
      withLanes(n * n, taps * n, taps * taps) { taken, scratch, made in
        for channel in stride(from: 0, to: columns, by: 16) {
          for f in 0..<n * n {
            taken[f] = UnsafeRawPointer(u + (f * depth + row) * columns + channel)
              .loadUnaligned(as: SmallMatrix.Lanes.self)
          }
          back.apply(taken, scratch, into: made)
          for a in 0..<taps {
            for b in 0..<taps {
              guard let offset = weightOffset(row, a, b) else { continue }
              UnsafeMutableRawPointer(dw + offset + channel)
                .storeBytes(of: made[a * taps + b], as: SmallMatrix.Lanes.self)
            }
          }
        }
      }
    }
  }

  /// Where tap (a, b) of a row of U (phase and input channel) stands in the weights; nil beyond the kernel.
  private func weightOffset(_ row: Int, _ a: Int, _ b: Int) -> Int? {
    let (phase, channel) = (row / shape.inputChannels, row % shape.inputChannels)
    let stride = shape.strideHeight
    let (y, x) = (a * stride + phase / stride, b * stride + phase % stride)
    guard y < shape.kernelHeight, x < shape.kernelWidth else { return nil }
    return ((y * shape.kernelWidth + x) * shape.inputChannels + channel) * shape.outputChannels
  }
}

/// Room for three small squares of vectors on the stack.
@inline(__always)
func withLanes(
  _ first: Int, _ second: Int, _ third: Int,
  _ body: (
    UnsafeMutablePointer<SmallMatrix.Lanes>, UnsafeMutablePointer<SmallMatrix.Lanes>,
    UnsafeMutablePointer<SmallMatrix.Lanes>
  ) -> Void
) {
  withUnsafeTemporaryAllocation(of: SmallMatrix.Lanes.self, capacity: first + second + third) { lanes in
    guard let base = lanes.baseAddress else { return }
    body(base, base + first, base + first + second)
  }
}
