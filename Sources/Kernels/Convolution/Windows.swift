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
    let run = neighbours(s) * s.inputChannels
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

  /// How many pixels of a row of a window are neighbours.
  private static func neighbours(_ s: ConvolutionShape) -> Int { s.dilationWidth == 1 ? s.kernelWidth : 1 }

  /// Visits each run of each window: where it stands in the matrix, where its image starts, where the part
  /// inside the image starts, how many values before that part lie outside, and how long it is.
  @inline(__always)
  private static func forEachRun(
    _ s: ConvolutionShape, _ images: Range<Int>,
    _ body: (_ row: Int, _ image: Int, _ from: Int, _ skip: Int, _ count: Int) -> Void
  ) {
    let run = neighbours(s) * s.inputChannels
    // Loops of their own: what is not dilated need not pay for the taps.
    if s.dilationWidth == 1 {
      var row = 0
      forEachWindow(s, images) { image, y, x in
        forEachRowOfRun(s, x, s.kernelWidth, y) { _, from, skip, count in
          body(row, image, from, skip, count)
          row &+= run
        }
      }
    } else {
      var window = 0
      forEachWindow(s, images) { image, y, x in
        for b in 0..<s.kernelWidth {
          forEachRowOfRun(s, x &+ b &* s.dilationWidth, 1, y) { a, from, skip, count in
            body(window &+ (a &* s.kernelWidth &+ b) &* run, image, from, skip, count)
          }
        }
        window &+= s.windowCount
      }
    }
  }

  /// Visits each window: where its image starts, and its first row and column.
  @inline(__always)
  private static func forEachWindow(
    _ s: ConvolutionShape, _ images: Range<Int>, _ body: (_ image: Int, _ y: Int, _ x: Int) -> Void
  ) {
    for n in images {
      for i in 0..<s.outputHeight {
        for j in 0..<s.outputWidth {
          body(n &* s.inputCount, i &* s.strideHeight &- s.top, j &* s.strideWidth &- s.left)
        }
      }
    }
  }

  /// Visits the rows of a window from row y on, of `pixels` neighbours from column x on.
  @inline(__always)
  private static func forEachRowOfRun(
    _ s: ConvolutionShape, _ x: Int, _ pixels: Int, _ y: Int,
    _ body: (_ a: Int, _ from: Int, _ skip: Int, _ count: Int) -> Void
  ) {
    let first = max(0, x)
    let last = min(s.width, x &+ pixels)
    let skip = min(pixels &* s.inputChannels, (first &- x) &* s.inputChannels)
    let count = max(0, last &- first) &* s.inputChannels
    for a in 0..<s.kernelHeight {
      let y = y &+ a &* s.dilationHeight
      let inside = y >= 0 && y < s.height
      body(a, (y &* s.width &+ first) &* s.inputChannels, skip, inside ? count : 0)
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
