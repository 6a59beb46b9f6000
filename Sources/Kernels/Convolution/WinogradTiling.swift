/// How a convolution's images are cut into tiles for ``WinogradConvolution``, and the transforms between
/// images and tiles.
///
/// A tile covers `outputs` × `outputs` output pixels and sees `inputs` × `inputs` input pixels of each of the
/// stride² phases; tiles at the lower and right edge reach beyond the image, where everything is zero. In the
/// transformed arrays, of shape `[frequency, image·tile, channel]`, a vector of 16 channels is the unit.
struct WinogradTiling {
  private let shape: ConvolutionShape
  let outputs: Int
  private let inputs: Int
  private let tileRows: Int
  private let tileColumns: Int

  init(_ shape: ConvolutionShape, outputs: Int, inputs: Int) {
    self.shape = shape
    self.outputs = outputs
    self.inputs = inputs
    tileRows = (shape.outputHeight + outputs - 1) / outputs
    tileColumns = (shape.outputWidth + outputs - 1) / outputs
  }

  /// The distances between two tiles and between two frequencies of a transformed array.
  ///
  /// One cache line more than the channels need: sizes are powers of two, and a column of the array, or the
  /// n² places that a tile is spread over, would all fall into the same few sets of the cache.
  typealias Pitches = (row: Int, frequency: Int)
  static func pitches(rows: Int, channels: Int) -> Pitches {
    (channels + 16, rows * (channels + 16) + 16)
  }

  var tilesPerImage: Int { tileRows * tileColumns }
  /// Multiplications an image, input channel and output channel, and the time of the transforms in these: of
  /// the images a quarter, of the weights as much as 20 images.
  var cost: Double {
    let tile = Double(phases * inputs * inputs)
    return tile * (1.25 * Double(tilesPerImage) + 20 / Double(shape.batch))
  }
  var phases: Int { shape.strideHeight * shape.strideWidth }

  /// V ← Bᵀ·d·B for every tile, phase and 16 channels d of the images.
  func gatherInputs(
    _ x: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into v: UnsafeMutablePointer<Float>, _ pitch: Pitches
  ) {
    let frequencies = frequencyOffsets(pitch)
    withScratch(inputs * inputs) { scratch in
      forEachInputTile(images) { row, phase, offsets in
        let target = v + row * pitch.row + phase * shape.inputChannels
        for channel in stride(from: 0, to: shape.inputChannels, by: 16) {
          matrix.apply(x + channel, offsets, to: target + channel, frequencies, adding: false, scratch)
        }
      }
    }
  }

  /// dx ← Σ over tiles and phases of B·dV·Bᵀ; overwrites the images.
  func scatterInputs(
    _ v: UnsafePointer<Float>, _ pitch: Pitches, _ images: Range<Int>, _ matrix: SmallMatrix,
    into dx: UnsafeMutablePointer<Float>
  ) {
    let first = dx + images.lowerBound * shape.inputCount
    for i in 0..<images.count * shape.inputCount { first[i] = 0 }
    let frequencies = frequencyOffsets(pitch)
    withScratch(inputs * inputs) { scratch in
      forEachInputTile(images) { row, phase, offsets in
        let source = v + row * pitch.row + phase * shape.inputChannels
        for channel in stride(from: 0, to: shape.inputChannels, by: 16) {
          matrix.apply(source + channel, frequencies, to: dx + channel, offsets, adding: true, scratch)
        }
      }
    }
  }

  /// y ← Aᵀ·M·A for every tile; what lies beyond the image is dropped.
  func scatterOutputs(
    _ m: UnsafePointer<Float>, _ pitch: Pitches, _ images: Range<Int>, _ matrix: SmallMatrix,
    into y: UnsafeMutablePointer<Float>
  ) {
    let frequencies = frequencyOffsets(pitch)
    withScratch(outputs * inputs) { scratch in
      forEachOutputTile(images) { row, offsets in
        for channel in stride(from: 0, to: shape.outputChannels, by: 16) {
          matrix.apply(
            m + (row * pitch.row + channel), frequencies, to: y + channel, offsets, adding: false, scratch)
        }
      }
    }
  }

  /// dM ← A·dy·Aᵀ for every tile.
  func gatherOutputs(
    _ dy: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into m: UnsafeMutablePointer<Float>, _ pitch: Pitches
  ) {
    let frequencies = frequencyOffsets(pitch)
    withScratch(inputs * outputs) { scratch in
      forEachOutputTile(images) { row, offsets in
        for channel in stride(from: 0, to: shape.outputChannels, by: 16) {
          matrix.apply(
            dy + channel, offsets, to: m + (row * pitch.row + channel), frequencies, adding: false, scratch)
        }
      }
    }
  }

  private func frequencyOffsets(_ pitch: Pitches) -> [Int] {
    (0..<inputs * inputs).map { $0 * pitch.frequency }
  }

  /// Visits each phase of each tile: its row, and where each of its inputs starts (-1: outside of the image).
  @inline(__always)
  private func forEachInputTile(
    _ images: Range<Int>, _ body: (_ row: Int, _ phase: Int, _ offsets: UnsafePointer<Int>) -> Void
  ) {
    let step = shape.strideHeight
    withUnsafeTemporaryAllocation(of: Int.self, capacity: inputs * inputs) { buffer in
      guard let offsets = buffer.baseAddress else { return }
      for (position, image) in images.enumerated() {
        for tile in 0..<tilesPerImage {
          for phase in 0..<phases {
            let y0 = tile / tileColumns * outputs * step + phase / step - shape.top
            let x0 = tile % tileColumns * outputs * step + phase % step - shape.left
            for i in 0..<inputs {
              let y = y0 + i * step
              for j in 0..<inputs {
                let x = x0 + j * step
                let isInside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
                offsets[i * inputs + j] =
                  isInside ? ((image * shape.height + y) * shape.width + x) * shape.inputChannels : -1
              }
            }
            body(position * tilesPerImage + tile, phase, offsets)
          }
        }
      }
    }
  }

  /// Visits each tile: its row, and where each of its outputs starts (-1: outside of the image).
  @inline(__always)
  private func forEachOutputTile(
    _ images: Range<Int>, _ body: (_ row: Int, _ offsets: UnsafePointer<Int>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: outputs * outputs) { buffer in
      guard let offsets = buffer.baseAddress else { return }
      for (position, image) in images.enumerated() {
        for tile in 0..<tilesPerImage {
          for i in 0..<outputs {
            let y = tile / tileColumns * outputs + i
            for j in 0..<outputs {
              let x = tile % tileColumns * outputs + j
              let isInside = y < shape.outputHeight && x < shape.outputWidth
              offsets[i * outputs + j] =
                isInside
                ? ((image * shape.outputHeight + y) * shape.outputWidth + x) * shape.outputChannels : -1
            }
          }
          body(position * tilesPerImage + tile, offsets)
        }
      }
    }
  }
}
