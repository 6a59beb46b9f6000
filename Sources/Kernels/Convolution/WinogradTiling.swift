/// How a convolution's images are cut into tiles for ``WinogradConvolution``, and the transforms between images and
/// tiles.
///
/// A tile covers `outputs` × `outputs` output pixels and sees `inputs` × `inputs` input pixels of each of the
/// stride² phases; tiles at the lower and right edge reach beyond the image, where everything is zero. In the
/// transformed arrays, of shape `[frequency, image·tile, channel]`, a vector of 16 channels is the unit.
struct WinogradTiling {
  private let shape: ConvolutionShape
  private let outputs: Int
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

  /// The distance between two frequencies of an array of `rows` × `channels`.
  ///
  /// One cache line more than they need: sizes are powers of two, and the n² places that a tile is spread over would
  /// all fall into the same set of the cache.
  static func stride(rows: Int, channels: Int) -> Int { rows * channels + 16 }

  var tilesPerImage: Int { tileRows * tileColumns }
  var phases: Int { shape.strideHeight * shape.strideWidth }

  /// V ← Bᵀ·d·B for every tile, phase and 16 channels d of the images.
  func gatherInputs(
    _ x: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into v: UnsafeMutablePointer<Float>
  ) {
    let depth = phases * shape.inputChannels
    let pitch = Self.stride(rows: images.count * tilesPerImage, channels: depth)
    withLanes(inputs * inputs, inputs * inputs, inputs * inputs) { taken, scratch, made in
      forEachInputTile(images) { row, phase, offsets in
        for channel in Swift.stride(from: 0, to: shape.inputChannels, by: 16) {
          for f in 0..<inputs * inputs {
            let offset = offsets[f]
            taken[f] = offset < 0 ? .zero : Self.load(x + offset + channel)
          }
          matrix.apply(taken, scratch, into: made)
          let target = v + row * depth + phase * shape.inputChannels + channel
          for f in 0..<inputs * inputs { Self.store(made[f], to: target + f &* pitch) }
        }
      }
    }
  }

  /// dx ← Σ over tiles and phases of B·dV·Bᵀ; overwrites the images.
  func scatterInputs(
    _ v: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into dx: UnsafeMutablePointer<Float>
  ) {
    let depth = phases * shape.inputChannels
    let pitch = Self.stride(rows: images.count * tilesPerImage, channels: depth)
    let first = dx + images.lowerBound * shape.inputCount
    for i in 0..<images.count * shape.inputCount { first[i] = 0 }
    withLanes(inputs * inputs, inputs * inputs, inputs * inputs) { taken, scratch, made in
      forEachInputTile(images) { row, phase, offsets in
        for channel in Swift.stride(from: 0, to: shape.inputChannels, by: 16) {
          let source = v + row * depth + phase * shape.inputChannels + channel
          for f in 0..<inputs * inputs { taken[f] = Self.load(source + f &* pitch) }
          matrix.apply(taken, scratch, into: made)
          for f in 0..<inputs * inputs where offsets[f] >= 0 {
            let target = dx + offsets[f] + channel
            Self.store(Self.load(target) + made[f], to: target)
          }
        }
      }
    }
  }

  /// y ← Aᵀ·M·A for every tile; what lies beyond the image is dropped.
  func scatterOutputs(
    _ m: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into y: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.outputChannels
    let pitch = Self.stride(rows: images.count * tilesPerImage, channels: channels)
    withLanes(inputs * inputs, outputs * inputs, outputs * outputs) { taken, scratch, made in
      forEachOutputTile(images) { row, offsets in
        for channel in Swift.stride(from: 0, to: channels, by: 16) {
          let source = m + row * channels + channel
          for f in 0..<inputs * inputs { taken[f] = Self.load(source + f &* pitch) }
          matrix.apply(taken, scratch, into: made)
          for p in 0..<outputs * outputs where offsets[p] >= 0 {
            Self.store(made[p], to: y + offsets[p] + channel)
          }
        }
      }
    }
  }

  /// dM ← A·dy·Aᵀ for every tile.
  func gatherOutputs(
    _ dy: UnsafePointer<Float>, _ images: Range<Int>, _ matrix: SmallMatrix,
    into m: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.outputChannels
    let pitch = Self.stride(rows: images.count * tilesPerImage, channels: channels)
    withLanes(outputs * outputs, inputs * outputs, inputs * inputs) { taken, scratch, made in
      forEachOutputTile(images) { row, offsets in
        for channel in Swift.stride(from: 0, to: channels, by: 16) {
          for p in 0..<outputs * outputs {
            taken[p] = offsets[p] < 0 ? .zero : Self.load(dy + offsets[p] + channel)
          }
          matrix.apply(taken, scratch, into: made)
          let target = m + row * channels + channel
          for f in 0..<inputs * inputs { Self.store(made[f], to: target + f &* pitch) }
        }
      }
    }
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

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>) -> SmallMatrix.Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: SmallMatrix.Lanes.self)
  }

  @inline(__always)
  private static func store(_ lanes: SmallMatrix.Lanes, to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: SmallMatrix.Lanes.self)
  }
}
