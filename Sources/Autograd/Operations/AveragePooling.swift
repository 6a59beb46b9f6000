import Kernels

/// The mean of the pixels of each window, a linear map, and its transpose: each is the other's pullback.
extension Tensor {
  /// The mean of each window: `[N, H, W, C]` → `[N, OH, OW, C]`, OH and OW being
  /// ``PoolingGeometry/outputSize(of:)``.
  ///
  /// - Parameter countsPadding: whether the zeros of the padding are part of the mean (ONNX calls it
  ///   `count_include_pad`); otherwise it is of the image's own pixels, and 0 where there are none. What lies
  ///   outside of the padding is never counted.
  public func averagePooled(_ geometry: PoolingGeometry, countsPadding: Bool = false) -> Tensor {
    let windows = PoolingWindows(shape, geometry)
    func counts(_ axis: WindowAxis, after: Int) -> [Int] {
      (0..<axis.windows).map { window in
        guard countsPadding else { return axis.taps(of: window).count }
        return axis.taps(of: window, from: -axis.before, below: axis.size + after).count
      }
    }
    let columns = counts(windows.columns, after: geometry.padding[3])
    let shares = counts(windows.rows, after: geometry.padding[1]).flatMap { row in
      columns.map { row * $0 == 0 ? 0 : 1 / Float(row * $0) }
    }
    return averaged(windows, shares)
  }

  /// The sums of the windows, times the shares `[OH, OW]`.
  private func averaged(_ windows: PoolingWindows, _ shares: [Float]) -> Tensor {
    Tensor(shape: windows.output, of: [self], pullback: { [$0.dy.spread(windows, shares)] }) { y in
      let source = pointer
      let channels = windows.channels
      let (height, width) = (windows.output[1], windows.output[2])
      windows.forEachRowOfWindows { row in
        let results = y + row * width * channels
        for i in 0..<width * channels { results[i] = 0 }
        windows.forEachPixel(of: row) { result, pixel, _ in
          let (y, pixel) = (y + result, source + pixel)
          for c in 0..<channels { y[c] += pixel[c] }
        }
        for j in 0..<width {
          let share = shares[row % height * width + j]
          for c in j * channels..<(j + 1) * channels { results[c] *= share }
        }
      }
    }
  }

  /// Each element `[N, OH, OW, C]`, times its share, added to all pixels `[N, H, W, C]` of its window.
  private func spread(_ windows: PoolingWindows, _ shares: [Float]) -> Tensor {
    Tensor(shape: windows.input, of: [self], pullback: { [$0.dy.averaged(windows, shares)] }) { y in
      // The elements times their shares.
      let scaled = Buffer(count: count)
      let source = scaled.pointer
      let channels = windows.channels
      shares.withUnsafeBufferPointer { shares in
        Parallel.forEach(chunks: windows.output[0]) { image in
          for pixel in 0..<shares.count {
            let start = (image * shares.count + pixel) * channels
            for i in start..<start + channels { source[i] = pointer[i] * shares[pixel] }
          }
        }
      }
      let length = windows.input[2] * channels
      windows.forEachRowOfPixels { row in
        for i in row * length..<(row + 1) * length { y[i] = 0 }
        windows.forEachWindow(over: row) { result, pixel, _ in
          let (y, source) = (y + pixel, source + result)
          for c in 0..<channels { y[c] += source[c] }
        }
      }
      withExtendedLifetime(scaled) {}
    }
  }
}
