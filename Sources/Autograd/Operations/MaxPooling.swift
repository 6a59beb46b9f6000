import Kernels

/// The largest pixel of each block, and the two linear maps that its derivatives are made of.
///
/// Blocks lie beside each other; rows and columns that fill no block are left out, as in PyTorch. Of equal
/// pixels the first, row by row, is taken, and has the whole gradient.
extension Tensor {
  /// `[N, H, W, C]` → `[N, H / window, W / window, C]`.
  public func maxPooled(window: Int) -> Tensor {
    precondition(
      rank == 4 && window >= 1 && window <= min(shape[1], shape[2]) && window <= 16,
      "maxPooled: shape \(shape), window \(window)")
    let blocks = PoolingBlocks(shape, window)
    // Which pixel of its block each result is.
    let places = Buffer(count: blocks.outputCount)
    return Tensor(
      shape: blocks.output, of: [self], pullback: { [$0.dy.placed(blocks, places)] }
    ) { y in
      let (source, place) = (pointer, places.pointer)
      let channels = blocks.channels
      blocks.forEachRow { output, input in
        for j in 0..<blocks.columns {
          let corner = source + input + j * window * channels
          let (y, place) = (y + output + j * channels, place + output + j * channels)
          for c in 0..<channels { (y[c], place[c]) = (corner[c], 0) }
          for k in 1..<max(1, window * window) {
            let pixel = corner + blocks.offset(k)
            for c in 0..<channels {
              // What is no number wins, so that it is not lost.
              let wins = pixel[c] > y[c] || pixel[c] != pixel[c]
              y[c] = wins ? pixel[c] : y[c]
              place[c] = wins ? Float(k) : place[c]
            }
          }
        }
      }
      withExtendedLifetime(places) {}
    }
  }

  /// Each element `[N, H / window, W / window, C]` at its place in its block of `[N, H, W, C]`, with 0
  /// elsewhere.
  private func placed(_ blocks: PoolingBlocks, _ places: Buffer) -> Tensor {
    Tensor(shape: blocks.input, of: [self], pullback: { [$0.dy.picked(blocks, places)] }) { y in
      let (source, place) = (pointer, places.pointer)
      Elementwise.fill(y, count: blocks.inputCount, with: 0)
      blocks.forEachElement { output, corner in
        y[corner + blocks.offset(Int(place[output]))] = source[output]
      }
      withExtendedLifetime(places) {}
    }
  }

  /// The inverse: from each block of `[N, H, W, C]` the element at its place.
  private func picked(_ blocks: PoolingBlocks, _ places: Buffer) -> Tensor {
    Tensor(shape: blocks.output, of: [self], pullback: { [$0.dy.placed(blocks, places)] }) { y in
      let (source, place) = (pointer, places.pointer)
      blocks.forEachElement { output, corner in
        y[output] = source[corner + blocks.offset(Int(place[output]))]
      }
      withExtendedLifetime(places) {}
    }
  }
}

/// Where the blocks of a pooling lie in memory.
private struct PoolingBlocks: Sendable {
  let input, output: [Int]
  let window: Int

  init(_ shape: [Int], _ window: Int) {
    input = shape
    self.window = window
    output = [shape[0], shape[1] / window, shape[2] / window, shape[3]]
  }

  var columns: Int { output[2] }
  var channels: Int { output[3] }
  var inputCount: Int { input.reduce(1, *) }
  var outputCount: Int { output.reduce(1, *) }

  /// From the first pixel of a block to its pixel `place`.
  @inline(__always)
  func offset(_ place: Int) -> Int { (place / window * input[2] + place % window) * channels }

  /// Calls `body` for each row of blocks, in parallel: where its results begin, and where its pixels do.
  func forEachRow(_ body: (_ output: Int, _ input: Int) -> Void) {
    Parallel.forEach(chunks: output[0] * output[1]) { row in
      let (image, line) = (row / output[1], row % output[1])
      body(row * columns * channels, (image * input[1] + line * window) * input[2] * channels)
    }
  }

  func forEachElement(_ body: (_ output: Int, _ corner: Int) -> Void) {
    forEachRow { output, input in
      for j in 0..<columns {
        for c in 0..<channels {
          body(output + j * channels + c, input + j * window * channels + c)
        }
      }
    }
  }
}
