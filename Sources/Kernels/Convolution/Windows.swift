/// The windows of a convolution as a matrix: row = output pixel, column = position in the window, `[KH, KW,
/// Cin]`.
///
/// In NHWC one row of a window is one run of KW·Cin values in memory; where columns are left out between its
/// taps, KW runs of Cin values.
enum Windows {
  /// Copies the windows of `images` side by side; zero outside of the image.
  static func gather(
    _ s: ConvolutionShape, _ x: UnsafePointer<Float>, _ images: Range<Int>,
    into windows: UnsafeMutablePointer<Float>
  ) {
    let run = columns(s).neighbours * s.inputChannels
    forEachRun(s, images) { row, image, from, skip, count in
      let target = windows + row
      if count == run {
        copy(x + image + from, to: target, count: run)
      } else {
        zero(target, count: skip)
        if count > 0 { copy(x + image + from, to: target + skip, count: count) }
        zero(target + skip + count, count: run - skip - count)
      }
    }
  }

  /// Adds the windows back to the places they came from; overwrites the images.
  static func scatter(
    _ s: ConvolutionShape, _ windows: UnsafePointer<Float>, _ images: Range<Int>,
    into x: UnsafeMutablePointer<Float>
  ) {
    zero(x + images.lowerBound * s.inputCount, count: images.count * s.inputCount)
    forEachRun(s, images) { row, image, from, skip, count in
      guard count > 0 else { return }
      let target = x + image + from
      let source = windows + row + skip
      for i in 0..<count { target[i] += source[i] }
    }
  }

  /// A row of a window: how many runs it is made of, and how many pixels are neighbours in each.
  private static func columns(_ s: ConvolutionShape) -> (runs: Int, neighbours: Int) {
    s.dilationWidth == 1 ? (1, s.kernelWidth) : (s.kernelWidth, 1)
  }

  /// Visits each run of each window: where it stands in the matrix, where its image starts, where the part
  /// inside the image starts, how many values before that part lie outside, and how long it is.
  @inline(__always)
  private static func forEachRun(
    _ s: ConvolutionShape, _ images: Range<Int>,
    _ body: (_ row: Int, _ image: Int, _ from: Int, _ skip: Int, _ count: Int) -> Void
  ) {
    let (runs, neighbours) = columns(s)
    let run = neighbours * s.inputChannels
    var row = 0
    for n in images {
      let image = n &* s.inputCount
      for i in 0..<s.outputHeight {
        for j in 0..<s.outputWidth {
          for part in 0..<runs {
            let x = j &* s.strideWidth &- s.left &+ part &* s.dilationWidth
            let first = max(0, x)
            let last = min(s.width, x &+ neighbours)
            let skip = min(run, (first &- x) &* s.inputChannels)
            let count = max(0, last &- first) &* s.inputChannels
            for a in 0..<s.kernelHeight {
              let y = i &* s.strideHeight &- s.top &+ a &* s.dilationHeight
              let inside = y >= 0 && y < s.height
              body(
                row &+ (a &* runs &+ part) &* run, image, (y &* s.width &+ first) &* s.inputChannels, skip,
                inside ? count : 0)
            }
          }
          row &+= s.windowCount
        }
      }
    }
  }

  @inline(__always)
  private static func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int)
  {
    if count < 32 {
      for i in 0..<count { target[i] = source[i] }
    } else {
      target.update(from: source, count: count)
    }
  }

  @inline(__always)
  private static func zero(_ target: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { target[i] = 0 }
  }
}
