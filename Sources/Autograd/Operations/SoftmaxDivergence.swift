import Kernels

/// How two softmaxes differ: the divergence that TRADES trains on (Zhang et al. 2019, §3.3).
///
/// Near each other and near certainty, p, q and their logarithms round alike, and their differences are all
/// that counts. They are taken from the differences of the logits.
extension Tensor {
  /// The Kullback–Leibler divergence KL(p ‖ q) = Σ p·d with d = ln p - ln q of each row, where p is the
  /// softmax of these logits `[N, classes]` and q that of others: `[N]`; dx = p·(d - Σ p·d) for these, q - p
  /// for the others
  public func softmaxDivergence(from other: Tensor) -> Tensor {
    precondition(
      rank == 2 && shape == other.shape, "softmaxDivergence: the shapes \(shape) and \(other.shape)")
    let pullback: Pullback = { c in
      let (d, p, dy) = (c.x.softmaxLogRatio(to: c.x2), c.x.softmax(), c.dy.reshaped([c.x.shape[0], 1]))
      return [
        c.ifNeeded(0) { softmaxGradient(d, at: p) * dy },
        c.ifNeeded(1) {
          // q - p = p·(e^-d - 1) where they are near, and both less one of the one-hot of the largest p
          // elsewhere.
          let near = Tensor.indicator(d.absolute(), Tensor(1)) { $0 < $1 }
          let labels = c.x.largestPerRow()
          let far = c.x2.softmaxExcess(over: labels) - c.x.softmaxExcess(over: labels)
          return (p * (-d * near).expm1() + far * near.scaled(by: -1, plus: 1)) * dy
        },
      ]
    }
    let ratio = detached.softmaxLogRatio(to: other.detached)
    let (p, q) = (detached.softmax(), other.detached.softmax())
    let classes = shape[1]
    return Tensor(shape: [shape[0]], of: [self, other], pullback: pullback) { divergence in
      for row in 0..<shape[0] {
        var sum: Float = 0
        for i in row * classes..<(row + 1) * classes {
          // p·d + q - p: what is added cancels in the sum, and no term is below 0. Where d is small, p·(d² /
          // 2 - d³ / 6 + …).
          let (d, p, q) = (ratio.pointer[i], p.pointer[i], q.pointer[i])
          sum += d.magnitude < 0.03 ? p * d * d * (0.5 - d / 6 + d * d / 24) : p * d + (q - p)
        }
        divergence[row] = sum
      }
      withExtendedLifetime((ratio, p, q)) {}
    }
  }

  /// d = ln p - ln q of the softmaxes p of these logits and q of others, from the differences of the logits
  private func softmaxLogRatio(to other: Tensor) -> Tensor {
    let pullback: Pullback = { c in
      [
        c.ifNeeded(0) { logSoftmaxGradient(c.dy, at: c.x) },
        c.ifNeeded(1) { -logSoftmaxGradient(c.dy, at: c.x2) },
      ]
    }
    return Tensor(shape: shape, of: [self, other], pullback: pullback) { y in
      let classes = shape[1]
      let scratch = Buffer(count: classes)
      for row in 0..<shape[0] {
        let (x, z, y) = (pointer + row * classes, other.pointer + row * classes, y + row * classes)
        let (rest, top) = exponentials(x, into: scratch.pointer, count: classes)
        let (otherRest, otherTop) = exponentials(z, into: scratch.pointer, count: classes)
        // The logits' differences first: where they are those of the largest, nothing but the small
        // logarithms is left.
        let (shift, logarithm) = (x[top] - z[otherTop], VectorMath.log1p(rest) - VectorMath.log1p(otherRest))
        for c in 0..<classes { y[c] = ((x[c] - z[c]) - shift) - logarithm }
      }
    }
  }
}
