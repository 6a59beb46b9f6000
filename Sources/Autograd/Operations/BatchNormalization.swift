import Kernels

/// Normalization over a batch (Ioffe and Szegedy 2015).
extension Tensor {
  /// The mean and the biased variance of every channel, `[C]` each, constants.
  public func channelMoments() -> (mean: Tensor, variance: Tensor) {
    let columns = shape.last ?? 0
    let rows = count / max(1, columns)
    let x = pointer
    let mean = Buffer(count: columns)
    let rough = mean.pointer
    ColumnSums.run(rows: rows, columns: columns, into: rough) { range, sum in
      for r in range {
        let x = x + r &* columns
        for c in 0..<columns { sum[c] += x[c] }
      }
    }
    for c in 0..<columns { rough[c] /= Float(rows) }
    // The rounding of this mean, which grows with it, would stand squared in the variance: the second pass
    // measures it.
    let variance = Tensor(shape: [columns]) { variance in
      let sums = Buffer(count: 2 * columns)
      let (errors, squares) = (sums.pointer, sums.pointer + columns)
      ColumnSums.run(rows: rows, columns: columns, sums: 2, into: errors) { range, errors in
        let squares = errors + columns
        for r in range {
          let x = x + r &* columns
          for c in 0..<columns {
            let difference = x[c] - rough[c]
            errors[c] += difference
            squares[c] += difference * difference
          }
        }
      }
      for c in 0..<columns {
        let error = errors[c] / Float(rows)
        rough[c] += error
        variance[c] = max(0, squares[c] / Float(rows) - error * error)
      }
      withExtendedLifetime(sums) {}
    }
    return (Tensor(shape: [columns], buffer: mean), variance)
  }

  /// y = γ·(x - mean)/√(variance + ε) + β with the batch's own moments, over all axes but the last.
  ///
  /// With x̂ the normalized x and m the mean over the batch:
  /// dx = γ/√(variance + ε)·(dy - m(dy) - x̂·m(dy·x̂)), dγ = Σ dy·x̂, dβ = Σ dy.
  ///
  /// - Parameters:
  ///   - x: `[…, C]`, of rank 2 or more.
  ///   - scale: γ, `[C]`.
  ///   - offset: β, `[C]`.
  ///   - moments: those of ``channelMoments()`` of x.
  ///   - epsilon: above 0, or a channel that is the same everywhere is divided by 0.
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
      return [
        c.ifNeeded(0) { batchNormalizedInputGradient(dy, x, scale: scale, epsilon: epsilon) },
        c.ifNeeded(1) { (dy * normalized(x, epsilon).value).sum(axes: axes) },
        c.ifNeeded(2) { dy.sum(axes: axes) },
      ]
    }
    return Tensor(shape: x.shape, of: [x, scale, offset], pullback: pullback) { y in
      let factor = (scale.detached * inverse)
      let (x0, mean0, factor0, offset0) = (x.pointer, mean.pointer, factor.pointer, offset.pointer)
      Parallel.forEach(count: x.count / channels, chunkSize: max(1, Parallel.elementsPerChunk / channels)) {
        range in
        for r in range {
          let (x, y) = (x0 + r &* channels, y + r &* channels)
          for c in 0..<channels { y[c] = (x[c] - mean0[c]) * factor0[c] + offset0[c] }
        }
      }
      withExtendedLifetime((factor, mean, offset)) {}
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

  /// dx of ``batchNormalized(_:scale:offset:moments:epsilon:)`` as an operation of its own: γ·r·P(dy) with
  /// r = 1/√(variance + ε) and P(v) = v - m(v) - x̂·m(v·x̂).
  ///
  /// With u the gradient with respect to dx, and P its own transpose:
  /// ddy = γ·r·P(u), dγ = r·Σ u·P(dy), and
  /// dx = -γ·r²·[x̂·(m(u·dy) - m(u)·m(dy) - m(u·x̂)·m(dy·x̂)) + m(dy·x̂)·P(u) + m(u·x̂)·P(dy)].
  private static func batchNormalizedInputGradient(
    _ dy: Tensor, _ x: Tensor, scale: Tensor, epsilon: Float
  ) -> Tensor {
    let axes = Array(0..<x.rank - 1)
    let pullback: Pullback = { c in
      let (dy, x, scale, u) = (c.inputs[0], c.inputs[1], c.inputs[2], c.dy)
      if !dy.isTracked, !x.isTracked, !scale.isTracked, !u.isTracked {
        return secondGradients(u, dy, x, scale: scale, epsilon: epsilon)
      }
      // In a third differentiation the moments are functions of x too.
      let (normalized, inverse) = normalized(x, epsilon)
      func mean(_ v: Tensor) -> Tensor { v.mean(axes: axes) }
      func projected(_ v: Tensor) -> Tensor { v - mean(v) - normalized * mean(v * normalized) }
      let factor = scale * inverse
      return [
        c.ifNeeded(0) { projected(u) * factor },
        c.ifNeeded(1) {
          let (ofU, ofDy) = (mean(u * normalized), mean(dy * normalized))
          let common = mean(u * dy) - mean(u) * mean(dy) - ofU * ofDy
          return -(normalized * common + projected(u) * ofDy + projected(dy) * ofU) * (factor * inverse)
        },
        c.ifNeeded(2) { (u * projected(dy)).sum(axes: axes) * inverse },
      ]
    }
    let moments = x.detached.channelMoments()
    let dx = gradients(
      dy.detached, x.detached, scale: scale.detached, mean: moments.mean,
      inverse: inverseDeviation(moments.variance, epsilon), isInputNeeded: true)
    guard let buffer = dx[0]?.buffer else { preconditionFailure("batchNormalized: no gradient of the input") }
    return Tensor(shape: x.shape, buffer: buffer, of: [dy, x, scale], pullback: pullback)
  }

  /// The three gradients of ``batchNormalizedInputGradient(_:_:scale:epsilon:)`` in two passes over u, dy and
  /// x.
  private static func secondGradients(
    _ u: Tensor, _ dy: Tensor, _ x: Tensor, scale: Tensor, epsilon: Float
  ) -> [Tensor?] {
    let columns = scale.count
    let rows = x.count / columns
    let (mean, variance) = x.channelMoments()
    let inverse = inverseDeviation(variance, epsilon)
    // The means of u, dy, u·x̂, dy·x̂ and u·dy.
    let means = Tensor(shape: [5, columns]) { sums in
      let (u, dy, x, mean, inverse) = (u.pointer, dy.pointer, x.pointer, mean.pointer, inverse.pointer)
      ColumnSums.run(rows: rows, columns: columns, sums: 5, into: sums) { range, sums in
        for r in range {
          let (u, dy, x) = (u + r &* columns, dy + r &* columns, x + r &* columns)
          for c in 0..<columns {
            let normalized = (x[c] - mean[c]) * inverse[c]
            sums[c] += u[c]
            sums[columns &+ c] += dy[c]
            sums[2 &* columns &+ c] += u[c] * normalized
            sums[3 &* columns &+ c] += dy[c] * normalized
            sums[4 &* columns &+ c] += u[c] * dy[c]
          }
        }
      }
      for i in 0..<5 * columns { sums[i] /= Float(rows) }
    }
    func row(_ index: Int) -> Tensor {
      means.sliced(start: [index, 0], size: [1, columns]).reshaped([columns])
    }
    let common = row(4) - row(0) * row(1) - row(2) * row(3)
    let factor = scale * inverse
    let (dx, ddy) = (Buffer(count: x.count), Buffer(count: x.count))
    let (dxTarget, ddyTarget) = (dx.pointer, ddy.pointer)
    let (uSource, dySource, xSource) = (u.pointer, dy.pointer, x.pointer)
    let (mean0, inverse0, means0) = (mean.pointer, inverse.pointer, means.pointer)
    let (common0, factor0) = (common.pointer, factor.pointer)
    Parallel.forEach(count: rows, chunkSize: max(1, Parallel.elementsPerChunk / columns)) { range in
      for r in range {
        let offset = r &* columns
        let (u, dy, x) = (uSource + offset, dySource + offset, xSource + offset)
        let (dx, ddy) = (dxTarget + offset, ddyTarget + offset)
        for c in 0..<columns {
          let normalized = (x[c] - mean0[c]) * inverse0[c]
          let (ofU, ofDy) = (means0[2 &* columns &+ c], means0[3 &* columns &+ c])
          let projectedU = u[c] - means0[c] - normalized * ofU
          let projectedDy = dy[c] - means0[columns &+ c] - normalized * ofDy
          ddy[c] = factor0[c] * projectedU
          dx[c] =
            -(factor0[c] * inverse0[c])
            * (normalized * common0[c] + ofDy * projectedU + ofU * projectedDy)
        }
      }
    }
    withExtendedLifetime((u, dy, x, mean, inverse, means, common, factor)) {}
    return [
      Tensor(shape: x.shape, buffer: ddy), Tensor(shape: x.shape, buffer: dx), common * inverse * Float(rows),
    ]
  }

  /// x̂ and 1/√(variance + ε) as functions of x.
  private static func normalized(_ x: Tensor, _ epsilon: Float) -> (value: Tensor, inverse: Tensor) {
    let axes = Array(0..<x.rank - 1)
    let nearlyCentered = x - x.mean(axes: axes)
    let centered = nearlyCentered - nearlyCentered.mean(axes: axes)
    let inverse = inverseDeviation(centered.square().mean(axes: axes), epsilon)
    return (centered * inverse, inverse)
  }

  private static func inverseDeviation(_ variance: Tensor, _ epsilon: Float) -> Tensor {
    (variance + epsilon).squareRoot().reciprocal()
  }
}
