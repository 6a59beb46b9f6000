import Kernels

/// Where the windows of a pooling lie: as of a convolution, over each channel alone.
///
/// Along an axis of `size` pixels a window reaches over r = (window − 1)·dilation + 1 of them, and there are
/// ⌊(size + padding − r) / stride⌋ + 1 windows. Rounded up, there is one more where pixels are left over, if
/// it starts before the padding below or on the right (ONNX and PyTorch call it `ceil_mode`).
public struct PoolingGeometry: Hashable, Sendable {
  /// The pixels of a window, `[height, width]`.
  public let window: [Int]
  /// The pixels from one window to the next, `[height, width]`.
  public let strides: [Int]
  /// Rows and columns around the image: top, bottom, left, right.
  public let padding: [Int]
  /// The pixels from one of a window to its next, `[height, width]`.
  public let dilations: [Int]
  /// Whether a last window may reach over the padded image's edge.
  public let roundsUp: Bool

  /// Windows of `window` pixels (`[height, width]`), `strides` apart, of an image with `padding` around it
  /// (top, bottom, left, right).
  ///
  /// - Precondition: window, strides and dilations are 1 or more, paddings 0 or more.
  public init(
    window: [Int], strides: [Int], padding: [Int] = [0, 0, 0, 0], dilations: [Int] = [1, 1],
    roundsUp: Bool = false
  ) {
    precondition(
      window.count == 2 && strides.count == 2 && padding.count == 4 && dilations.count == 2
        && (window + strides + dilations).allSatisfy { $0 > 0 } && padding.allSatisfy { $0 >= 0 },
      "PoolingGeometry: window \(window), strides \(strides), padding \(padding), dilations \(dilations)")
    self.window = window
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.roundsUp = roundsUp
  }

  /// The rows and columns of the result for an image of `size`, `[height, width]`.
  ///
  /// - Precondition: one window at least lies in the padded image.
  public func outputSize(of size: [Int]) -> [Int] {
    (0..<2).map { axis in
      let before = padding[2 * axis]
      let rest = before + size[axis] + padding[2 * axis + 1] - (window[axis] - 1) * dilations[axis] - 1
      precondition(rest >= 0, "pooling: no window of \(self) lies in \(size) pixels")
      let count = (rest + (roundsUp ? strides[axis] - 1 : 0)) / strides[axis] + 1
      return roundsUp && (count - 1) * strides[axis] >= before + size[axis] ? count - 1 : count
    }
  }
}

/// The windows over images `[N, H, W, C]`, as loops see them.
struct PoolingWindows: Sendable {
  /// `[N, H, W, C]` and `[N, OH, OW, C]`.
  let input, output: [Int]
  let rows, columns: WindowAxis
  private let tapsOfRow, tapsOfColumn: [Range<Int>]

  init(_ shape: [Int], _ geometry: PoolingGeometry) {
    precondition(shape.count == 4, "pooling: the shape \(shape) is not [N, H, W, C]")
    let size = geometry.outputSize(of: [shape[1], shape[2]])
    func axis(_ index: Int) -> WindowAxis {
      WindowAxis(
        size: shape[1 + index], taps: geometry.window[index], stride: geometry.strides[index],
        dilation: geometry.dilations[index], before: geometry.padding[2 * index], windows: size[index])
    }
    let (rows, columns) = (axis(0), axis(1))
    (self.rows, self.columns) = (rows, columns)
    input = shape
    output = [shape[0], size[0], size[1], shape[3]]
    tapsOfRow = (0..<size[0]).map { rows.taps(of: $0) }
    tapsOfColumn = (0..<size[1]).map { columns.taps(of: $0) }
  }

  var channels: Int { input[3] }
  var outputCount: Int { output.product }

  /// Calls `body` for each row of windows, in parallel.
  func forEachRowOfWindows(_ body: (_ row: Int) -> Void) {
    Parallel.forEach(chunks: output[0] * rows.windows, body)
  }

  /// Calls `body` for each row of pixels, in parallel.
  func forEachRowOfPixels(_ body: (_ row: Int) -> Void) {
    Parallel.forEach(chunks: input[0] * rows.size, body)
  }

  /// Calls `body` for each pixel that a row of windows sees, of each window row by row: where the window's
  /// result is, where the pixel is, and its number in the window.
  @inline(__always)
  func forEachPixel(of row: Int, _ body: (_ result: Int, _ pixel: Int, _ tap: Int) -> Void) {
    let (image, window) = (row / rows.windows, row % rows.windows)
    for tap in tapsOfRow[window] {
      let place = image &* rows.size &+ rows.place(window: window, tap: tap)
      forEachPair(row, tap, place, body)
    }
  }

  /// Calls `body` for each window that sees a pixel of a row of pixels, and each such pixel, in a fixed
  /// order.
  @inline(__always)
  func forEachWindow(over row: Int, _ body: (_ result: Int, _ pixel: Int, _ tap: Int) -> Void) {
    let (image, place) = (row / rows.size, row % rows.size)
    for (tap, window) in rows.meetings(at: place) {
      forEachPair(image &* rows.windows &+ window, tap, row, body)
    }
  }

  /// Row `tap` of each window of a row of windows, which lies on row `place` of all images.
  @inline(__always)
  private func forEachPair(_ row: Int, _ tap: Int, _ place: Int, _ body: (Int, Int, Int) -> Void) {
    let channels = channels
    tapsOfColumn.withUnsafeBufferPointer { taps in
      for j in 0..<taps.count {
        let result = (row &* taps.count &+ j) &* channels
        let start = place &* columns.size &+ j &* columns.stride &- columns.before
        for b in taps[j] {
          body(result, (start &+ b &* columns.dilation) &* channels, tap &* columns.taps &+ b)
        }
      }
    }
  }
}
