import Kernels

/// Normalization over a batch (Ioffe and Szegedy 2015).
extension Tensor {
  /// The mean and the biased variance of every channel, `[C]` each, constants.
  public func channelMoments() -> (mean: Tensor, variance: Tensor) {
    let columns = shape.last ?? 0
    let rows = count / max(1, columns)
    let x = pointer
    let mean = Tensor(shape: [columns]) { sum in
      ColumnSums.run(rows: rows, columns: columns, into: sum) { range, sum in
        for r in range {
          let x = x + r &* columns
          for c in 0..<columns { sum[c] += x[c] }
        }
      }
      for c in 0..<columns { sum[c] /= Float(rows) }
    }
    let variance = Tensor(shape: [columns]) { sum in
      let mean = mean.pointer
      ColumnSums.run(rows: rows, columns: columns, into: sum) { range, sum in
        for r in range {
          let x = x + r &* columns
          for c in 0..<columns { sum[c] += (x[c] - mean[c]) * (x[c] - mean[c]) }
        }
      }
      for c in 0..<columns { sum[c] /= Float(rows) }
    }
    return (mean, variance)
  }

  /// y = γ·(x - mean)/√(variance + ε) + β with the batch's own moments, over all axes but the last.
  ///
  /// With x̂ the normalized x and m the mean over the batch:
  /// dx = γ/√(variance + ε)·(dy - m(dy) - x̂·m(dy·x̂)), dγ = Σ dy·x̂, dβ = Σ dy.
  ///
  /// - Parameters:
  ///   - moments: those of ``channelMoments()`` of x.
  public static func batchNormalized(
    _ x: Tensor, scale: Tensor, offset: Tensor, moments: (mean: Tensor, variance: Tensor), epsilon: Float
  ) -> Tensor {
    let channels = x.shape.last ?? 0
    precondition(
      x.rank >= 2 && scale.shape == [channels] && offset.shape == [channels],
      "batchNormalized: input \(x.shape), scale \(scale.shape), offset \(offset.shape)")
    let axes = Array(0..<x.rank - 1)
    let (mean, variance) = moments
    let inverse = inverseDeviation(variance, epsilon)
    let pullback: Pullback = { c in
      let (x, scale, dy) = (c.x, c.x2, c.dy)
      if !x.isTracked, !scale.isTracked, !dy.isTracked {
        return gradients(
          dy, x, scale: scale.detached, mean: mean, inverse: inverse, isInputNeeded: c.isNeeded[0])
      }
      // In a second differentiation the moments are functions of x too.
      let centered = x - x.mean(axes: axes)
      let inverse = inverseDeviation(centered.square().mean(axes: axes), epsilon)
      let normalized = centered * inverse
      return [
        c.ifNeeded(0) {
          let share = dy - dy.mean(axes: axes) - normalized * (dy * normalized).mean(axes: axes)
          return share * (scale * inverse)
        },
        c.ifNeeded(1) { (dy * normalized).sum(axes: axes) },
        c.ifNeeded(2) { dy.sum(axes: axes) },
      ]
    }
    return Tensor(shape: x.shape, of: [x, scale, offset], pullback: pullback) { y in
      let factor = (scale.detached * inverse)
      let shift = (offset.detached - mean * factor)
      affine(x.pointer, factor.pointer, shift.pointer, into: y, rows: x.count / channels, columns: channels)
      withExtendedLifetime((factor, shift)) {}
    }
  }

  /// dx, dγ and dβ in two passes over dy and x: first the two sums, then dx.
  private static func gradients(
    _ dy: Tensor, _ x: Tensor, scale: Tensor, mean: Tensor, inverse: Tensor, isInputNeeded: Bool
  ) -> [Tensor?] {
    let columns = scale.count
    let rows = x.count / columns
    let sums = Tensor(shape: [2, columns]) { sums in
      let (dy, x, mean, inverse) = (dy.pointer, x.pointer, mean.pointer, inverse.pointer)
      ColumnSums.run(rows: rows, columns: columns, sums: 2, into: sums) { range, sums in
        let products = sums + columns
        for r in range {
          let (dy, x) = (dy + r &* columns, x + r &* columns)
          for c in 0..<columns {
            sums[c] += dy[c]
            products[c] += dy[c] * ((x[c] - mean[c]) * inverse[c])
          }
        }
      }
    }
    let (dOffset, dScale) = (
      sums.sliced(start: [0, 0], size: [1, columns]).reshaped([columns]),
      sums.sliced(start: [1, 0], size: [1, columns]).reshaped([columns])
    )
    guard isInputNeeded else { return [nil, dScale, dOffset] }
    // dx = a·(dy - b - d·x̂), with three numbers a channel.
    let a = scale * inverse
    let b = dOffset * (1 / Float(rows))
    let d = dScale * (1 / Float(rows))
    let dx = Tensor(shape: x.shape) { dx in
      let (dy, x, mean, inverse) = (dy.pointer, x.pointer, mean.pointer, inverse.pointer)
      let (a, b, d) = (a.pointer, b.pointer, d.pointer)
      Parallel.forEach(count: rows, chunkSize: max(1, Parallel.elementsPerChunk / columns)) { range in
        for r in range {
          let (dy, x, dx) = (dy + r &* columns, x + r &* columns, dx + r &* columns)
          for c in 0..<columns { dx[c] = a[c] * ((dy[c] - b[c]) - d[c] * ((x[c] - mean[c]) * inverse[c])) }
        }
      }
    }
    return [dx, dScale, dOffset]
  }

  private static func inverseDeviation(_ variance: Tensor, _ epsilon: Float) -> Tensor {
    (variance + epsilon).squareRoot().reciprocal()
  }

  /// y[r, c] = x[r, c]·factor[c] + shift[c]
  private static func affine(
    _ x: UnsafePointer<Float>, _ factor: UnsafePointer<Float>, _ shift: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    Parallel.forEach(count: rows, chunkSize: max(1, Parallel.elementsPerChunk / columns)) { range in
      for r in range {
        let base = r &* columns
        for c in 0..<columns { y[base &+ c] = x[base &+ c] * factor[c] + shift[c] }
      }
    }
  }
}
