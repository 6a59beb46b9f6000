/// Pixels whose channels fill whole vectors of sixteen, as a depthwise convolution computes with them.
///
/// With Cin input channels and M outputs for each, both sides of a product have Cin·M channels: the input's
/// are repeated M times. Zeros fill the last vector.
struct ChannelVectors {
  /// Cin·M.
  let channels: Int
  /// The same, filled up.
  let width: Int

  init(channels: Int) {
    self.channels = channels
    width = (channels + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount
  }

  /// `[pixels, width]` from `[pixels, channels]`, copied only where they differ.
  ///
  /// - Parameter channels: as many as there are here, or those of the input.
  func filled(_ x: UnsafePointer<Float>, pixels: Int, channels: Int) -> FilledPixels {
    guard channels != width else { return FilledPixels(pointer: x, memory: nil) }
    let buffer = Buffer(count: pixels * width)
    let (target, width, all) = (buffer.pointer, width, self.channels)
    let copies = all / channels
    Parallel.forEach(count: pixels, chunkSize: max(1, Parallel.elementsPerChunk / width)) { chunk in
      for pixel in chunk {
        let (source, target) = (x + pixel &* channels, target + pixel &* width)
        if copies == 1 {
          for c in 0..<channels { target[c] = source[c] }
        } else {
          for c in 0..<channels { for m in 0..<copies { target[c &* copies &+ m] = source[c] } }
        }
        for c in all..<width { target[c] = 0 }
      }
    }
    return FilledPixels(pointer: UnsafePointer(target), memory: buffer)
  }

  /// The inverse, `[pixels, channels]` from `[pixels, width]`: repeated channels are summed.
  func empty(
    _ x: UnsafePointer<Float>, pixels: Int, channels: Int, into y: UnsafeMutablePointer<Float>
  ) {
    let (width, copies) = (width, self.channels / channels)
    for pixel in 0..<pixels {
      let (source, target) = (x + pixel &* width, y + pixel &* channels)
      for c in 0..<channels { target[c] = source[c &* copies] }
      for m in 1..<max(1, copies) { for c in 0..<channels { target[c] += source[c &* copies &+ m] } }
    }
  }
}

/// Pixels where they are, or a copy that is kept for as long as this is.
struct FilledPixels {
  let pointer: UnsafePointer<Float>
  let memory: Buffer?
}
