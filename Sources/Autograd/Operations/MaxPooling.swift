import Kernels

/// The largest pixel of each window, and the two linear maps that its derivatives are made of.
///
/// What lies in the padding never wins; a window with nothing else gives -∞. Of equal pixels the first, row
/// by row, is taken, and has the whole gradient. What is no number wins, so that it is not lost.
extension Tensor {
  /// The largest pixel of blocks that lie beside each other: `[N, H, W, C]` →
  /// `[N, ⌊H / window⌋, ⌊W / window⌋, C]`. Rows and columns that fill no block are left out.
  public func maxPooled(window: Int) -> Tensor {
    maxPooled(PoolingGeometry(window: [window, window], strides: [window, window]))
  }

  /// The largest pixel of each window: `[N, H, W, C]` → `[N, OH, OW, C]`, OH and OW being
  /// ``PoolingGeometry/outputSize(of:)``.
  public func maxPooled(_ geometry: PoolingGeometry) -> Tensor {
    let windows = PoolingWindows(shape, geometry)
    // Which pixel of its window each result is; -1 where there is none.
    let places = Buffer(count: windows.outputCount)
    return Tensor(
      shape: windows.output, of: [self], pullback: { [$0.dy.placed(windows, places)] }
    ) { y in
      let (source, place) = (pointer, places.pointer)
      let channels = windows.channels
      let count = windows.output[2] * channels
      windows.forEachRowOfWindows { row in
        for i in row * count..<(row + 1) * count { (y[i], place[i]) = (-.infinity, -1) }
        windows.forEachPixel(of: row) { result, pixel, tap in
          let (y, place, pixel) = (y + result, place + result, source + pixel)
          for c in 0..<channels {
            let wins = pixel[c] > y[c] || pixel[c] != pixel[c] || place[c] < 0
            y[c] = wins ? pixel[c] : y[c]
            place[c] = wins ? Float(tap) : place[c]
          }
        }
      }
      withExtendedLifetime(places) {}
    }
  }

  /// The elements `[N, OH, OW, C]` added to where they come from in `[N, H, W, C]`, with 0 elsewhere.
  private func placed(_ windows: PoolingWindows, _ places: Buffer) -> Tensor {
    Tensor(shape: windows.input, of: [self], pullback: { [$0.dy.picked(windows, places)] }) { y in
      let (source, place) = (pointer, places.pointer)
      let channels = windows.channels
      let count = windows.input[2] * channels
      windows.forEachRowOfPixels { row in
        for i in row * count..<(row + 1) * count { y[i] = 0 }
        windows.forEachWindow(over: row) { result, pixel, tap in
          let (y, place, source) = (y + pixel, place + result, source + result)
          for c in 0..<channels { y[c] += place[c] == Float(tap) ? source[c] : 0 }
        }
      }
      withExtendedLifetime(places) {}
    }
  }

  /// The transpose: from each window of `[N, H, W, C]` the element at its place.
  private func picked(_ windows: PoolingWindows, _ places: Buffer) -> Tensor {
    Tensor(shape: windows.output, of: [self], pullback: { [$0.dy.placed(windows, places)] }) { y in
      let (source, place) = (pointer, places.pointer)
      let channels = windows.channels
      let count = windows.output[2] * channels
      windows.forEachRowOfWindows { row in
        for i in row * count..<(row + 1) * count { y[i] = 0 }
        windows.forEachPixel(of: row) { result, pixel, tap in
          let (y, place, source) = (y + result, place + result, source + pixel)
          for c in 0..<channels { y[c] = place[c] == Float(tap) ? source[c] : y[c] }
        }
      }
      withExtendedLifetime(places) {}
    }
  }
}
