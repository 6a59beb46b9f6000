/// Images in frames of zeros, as ``Pair``s of neighbouring channels.
struct PairFrame {
  private let height, width, channels, top, left: Int
  private let frameHeight, frameWidth: Int

  /// - Parameter reach: rows and columns that windows need, at least.
  init(height: Int, width: Int, channels: Int, top: Int, left: Int, reach: (Int, Int)) {
    (self.height, self.width, self.channels, self.top, self.left) = (height, width, channels, top, left)
    (frameHeight, frameWidth) = (max(reach.0, top + height), max(reach.1, left + width))
  }

  /// All in pairs.
  var pixelStep: Int { channels / 2 }
  var rowStep: Int { frameWidth * pixelStep }
  var count: Int { frameHeight * rowStep }

  /// Where the windows start.
  func starts(rows: Int, by rowStride: Int, columns: Int, by columnStride: Int) -> [Int] {
    (0..<rows * columns).map { $0 / columns * rowStride * rowStep + $0 % columns * columnStride * pixelStep }
  }

  /// - Parameter x: images `[N, height, width, channels]`.
  func filled(_ x: UnsafePointer<Float>, _ images: Range<Int>) -> PairBuffer {
    let frames = PairBuffer(count: images.count * count)
    frames.pointer.update(repeating: 0, count: images.count * count)
    for (index, image) in images.enumerated() {
      for row in 0..<height {
        BFloat16.pack(
          x + (image * height + row) * width * channels, count: width * channels,
          into: frames.pointer + (index * count + (top + row) * rowStep + left * pixelStep))
      }
    }
    return frames
  }
}

/// Images in frames of zeros, rounded, each number in a lane of its own.
struct RoundedFrame {
  private let shape: ConvolutionShape
  private let frameWidth, count: Int
  private let starts: [Int]

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    let width = max((shape.outputWidth - 1) * shape.strideWidth + shape.kernelWidth, shape.left + shape.width)
    let height = max(
      (shape.outputHeight - 1) * shape.strideHeight + shape.kernelHeight, shape.top + shape.height)
    (frameWidth, count) = (width, height * width * shape.inputChannels)
    starts = (0..<shape.pixels).map {
      ($0 / shape.outputWidth * shape.strideHeight * width + $0 % shape.outputWidth * shape.strideWidth)
        * shape.inputChannels
    }
  }

  func filled(_ x: UnsafePointer<Float>, _ images: Range<Int>) -> Buffer {
    let frames = Buffer(count: images.count * count)
    frames.pointer.update(repeating: 0, count: images.count * count)
    let length = shape.width * shape.inputChannels
    for (index, image) in images.enumerated() {
      for row in 0..<shape.height {
        let source = x + (image * shape.inputCount + row * length)
        let target =
          frames.pointer
          + (index * count + ((shape.top + row) * frameWidth + shape.left) * shape.inputChannels)
        for i in stride(from: 0, to: length, by: 16) {
          unsafeBitCast(BFloat16.upperBits(Lanes(at: source + i)), to: Lanes.self).store(to: target + i)
        }
      }
    }
    return frames
  }

  /// The windows of pixels by twos, `[⌈pixels / 2⌉, KH·KW·Cin]`.
  func packWindows(
    _ frames: UnsafePointer<Float>, pixels: Int, into target: UnsafeMutablePointer<Pair>
  ) {
    let run = shape.kernelWidth * shape.inputChannels
    func start(_ pixel: Int) -> Int { pixel / shape.pixels * count + starts[pixel % shape.pixels] }
    for p in 0..<(pixels + 1) / 2 {
      let low = frames + start(2 * p)
      let hasHigh = 2 * p + 1 < pixels
      let high = hasHigh ? frames + start(2 * p + 1) : low
      for a in 0..<shape.kernelHeight {
        let place = a * frameWidth * shape.inputChannels
        let to = target + (p * shape.windowCount + a * run)
        for i in stride(from: 0, to: run, by: 16) {
          let lower = unsafeBitCast(Lanes(at: low + (place + i)), to: SIMD16<UInt32>.self) &>> 16
          let upper =
            hasHigh ? unsafeBitCast(Lanes(at: high + (place + i)), to: SIMD16<UInt32>.self) : .zero
          UnsafeMutableRawPointer(to + i).storeBytes(
            of: unsafeBitCast(lower | upper, to: SIMD16<Pair>.self), as: SIMD16<Pair>.self)
        }
      }
    }
  }
}
