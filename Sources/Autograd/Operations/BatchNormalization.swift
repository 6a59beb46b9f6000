import Kernels

/// Normalization over a batch (Ioffe and Szegedy 2015).
extension Tensor {
  /// The mean and the biased variance of every channel, `[C]` each, constants.
  public func channelMoments() -> (mean: Tensor, variance: Tensor) {
    let axes = Array(0..<rank - 1)
    let mean = detached.mean(axes: axes)
    return (mean, Tensor.squaredDistance(detached, mean).mean(axes: axes))
  }

  private static func squaredDistance(_ x: Tensor, _ mean: Tensor) -> Tensor {
    zip(
      x, mean, { loop($0, $1, $2, $3) { ($0 - $1) * ($0 - $1) } }, first: { _ in nil }, second: { _ in nil })
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
      // In a second differentiation the moments are functions of x too; else they stand ready.
      let centered = x.isTracked ? x - x.mean(axes: axes) : x - mean
      let inverse = x.isTracked ? inverseDeviation(centered.square().mean(axes: axes), epsilon) : inverse
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
