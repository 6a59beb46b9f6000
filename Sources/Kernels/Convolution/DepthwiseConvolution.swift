/// Convolution and its gradients where each group is a single channel of the input.
///
/// Each channel has M = Cout / Cin outputs of its own, weights `[KH, KW, 1, Cin·M]`:
/// y[n, i, j, c·M + m] = Σ_{a, b} x[n, i·sh + a·dh − top, j·sw + b·dw − left, c] · w[a, b, c·M + m]
///
/// There is nothing that a product of matrices could share, so the sums are taken directly, sixteen channels
/// at a time (``ChannelVectors``). The gradient of the input is the same loop, over the windows that see a
/// pixel; so all sums are in a fixed order.
package struct DepthwiseConvolution: ConvolutionMethod {
  private let shape: ConvolutionShape
  private let rows, columns: WindowAxis
  private let vectors: ChannelVectors

  /// Weight gradients are summed in at most this many groups of images, and the groups in order.
  private static let mostGroups = 8

  /// Nil where the groups have more channels than one, or there are no groups.
  package init?(_ shape: ConvolutionShape) {
    guard shape.groups > 1, shape.groups == shape.inputChannels else { return nil }
    self.shape = shape
    rows = WindowAxis(
      size: shape.height, taps: shape.kernelHeight, stride: shape.strideHeight,
      dilation: shape.dilationHeight, before: shape.top, windows: shape.outputHeight)
    columns = WindowAxis(
      size: shape.width, taps: shape.kernelWidth, stride: shape.strideWidth, dilation: shape.dilationWidth,
      before: shape.left, windows: shape.outputWidth)
    vectors = ChannelVectors(channels: shape.outputChannels)
  }

  private var width: Int { vectors.width }
  private var taps: Int { shape.kernelHeight * shape.kernelWidth }

  // MARK: - Forward, and the gradient of the input

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let x = vectors.filled(x, pixels: shape.batch * rows.size * columns.size, channels: shape.inputChannels)
    let w = vectors.filled(w, pixels: taps, channels: shape.outputChannels)
    sum(
      x.pointer, w.pointer, Meetings(pixelsOf: rows), Meetings(pixelsOf: columns), into: y,
      channels: shape.outputChannels, then: epilogue)
    withExtendedLifetime((x, w)) {}
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let dy = vectors.filled(dy, pixels: shape.batch * shape.pixels, channels: shape.outputChannels)
    let w = vectors.filled(w, pixels: taps, channels: shape.outputChannels)
    sum(
      dy.pointer, w.pointer, Meetings(windowsOf: rows), Meetings(windowsOf: columns), into: dx,
      channels: shape.inputChannels, then: nil)
    withExtendedLifetime((dy, w)) {}
  }

  /// At each place of each image the sum of products that its meetings name, brought to `channels`.
  private func sum(
    _ source: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ down: Meetings, _ across: Meetings,
    into target: UnsafeMutablePointer<Float>, channels: Int, then epilogue: Convolution.Epilogue?
  ) {
    let (height, pixels) = (down.places.count, across.places.count)
    let isWhole = channels == width
    let perChunk = max(1, Parallel.elementsPerChunk / max(1, pixels * width))
    Parallel.forEach(count: shape.batch * height, chunkSize: perChunk) { chunk in
      let sums = Buffer(count: isWhole ? 0 : pixels * width)
      for row in chunk {
        let target = target + row * pixels * channels
        let image = source + row / height * down.sources * across.sources * width
        sumRow(image, w, down.places[row % height], across, into: isWhole ? target : sums.pointer)
        if !isWhole { vectors.empty(sums.pointer, pixels: pixels, channels: channels, into: target) }
        epilogue?(target, pixels)
      }
    }
  }

  private func sumRow(
    _ image: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ down: [Meetings.Pair], _ across: Meetings,
    into row: UnsafeMutablePointer<Float>
  ) {
    let width = width
    for (place, pairs) in across.places.enumerated() {
      pairs.withUnsafeBufferPointer { pairs in
        down.withUnsafeBufferPointer { down in
          for c in stride(from: 0, to: width, by: Lanes.scalarCount) {
            var sum = Lanes.zero
            for line in down {
              let source = image + (line.source &* across.sources &* width &+ c)
              let w = w + (line.tap &* columns.taps &* width &+ c)
              for pair in pairs {
                sum = sum.adding(
                  Lanes(at: source + pair.source &* width), times: Lanes(at: w + pair.tap &* width))
              }
            }
            sum.store(to: row + (place &* width &+ c))
          }
        }
      }
    }
  }

  // MARK: - Gradient of the weights

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let x = vectors.filled(x, pixels: shape.batch * shape.height * shape.width, channels: shape.inputChannels)
    let dy = vectors.filled(dy, pixels: shape.batch * shape.pixels, channels: shape.outputChannels)
    let groups = max(1, min(Self.mostGroups, shape.batch))
    let partial = Buffer(count: groups * taps * width)
    let partials = partial.pointer
    let blocks = width / Lanes.scalarCount
    Parallel.forEach(chunks: groups * blocks) { chunk in
      let (group, c) = (chunk / blocks, chunk % blocks * Lanes.scalarCount)
      let target = partials + (group * taps * width + c)
      for tap in 0..<taps { Lanes.zero.store(to: target + tap * width) }
      for image in shape.batch * group / groups..<shape.batch * (group + 1) / groups {
        addWeightGradient(
          x.pointer + (image * shape.height * shape.width * width + c),
          dy.pointer + (image * shape.pixels * width + c), to: target)
      }
    }
    let sums = Buffer(count: taps * width)
    Reductions.sum(partials, into: sums.pointer, outer: 1, reduced: groups, inner: taps * width)
    vectors.empty(sums.pointer, pixels: taps, channels: shape.outputChannels, into: dw)
    withExtendedLifetime((x, dy, partial, sums)) {}
  }

  /// Adds what sixteen channels of one image give to the gradient of their weights.
  private func addWeightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, to dw: UnsafeMutablePointer<Float>
  ) {
    let width = width
    for a in 0..<rows.taps {
      let lines = rows.windows(withTap: a)
      for b in 0..<columns.taps {
        let windows = columns.windows(withTap: b)
        let target = dw + (a &* columns.taps &+ b) &* width
        var sum = Lanes(at: target)
        for i in lines {
          let x = x + rows.place(window: i, tap: a) &* columns.size &* width
          let dy = dy + i &* columns.windows &* width
          // A sum of its own for each row: the next need not wait for it.
          var ofRow = Lanes.zero
          for j in windows {
            let place = columns.place(window: j, tap: b)
            ofRow = ofRow.adding(Lanes(at: x + place &* width), times: Lanes(at: dy + j &* width))
          }
          sum += ofRow
        }
        sum.store(to: target)
      }
    }
  }
}

/// Along one axis, what is summed at each place: pairs of a tap and the place that it is multiplied with.
private struct Meetings {
  struct Pair {
    let tap, source: Int
  }
  let places: [[Pair]]
  /// How many places the sources are.
  let sources: Int

  /// At each window the pixels that it sees.
  init(pixelsOf axis: WindowAxis) {
    places = (0..<axis.windows).map { window in
      axis.taps(of: window).map { Pair(tap: $0, source: axis.place(window: window, tap: $0)) }
    }
    sources = axis.size
  }

  /// At each pixel the windows that see it.
  init(windowsOf axis: WindowAxis) {
    places = (0..<axis.size).map { axis.meetings(at: $0).map { Pair(tap: $0.tap, source: $0.window) } }
    sources = axis.windows
  }
}
