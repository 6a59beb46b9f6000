import Kernels

/// Softmax p = e^x / Σ e^x and its logarithm, along the last axis.
///
/// Where one probability is nearly 1, what matters is how far from 1 it is, and `p - 1` rounds that away: 1 -
/// 2⁻²⁵ is 1 in single precision, while the other probabilities are still there. So 1 - p is computed as the
/// sum of the others, in values and in gradients (``softmaxExcess(over:)``).
extension Tensor {
  /// p; dx = p·(dy - Σ dy·p)
  public func softmax() -> Tensor {
    Tensor(
      shape: shape, of: [self], keepsOutput: true, pullback: { [softmaxGradient($0.dy, at: $0.y)] },
      fill: { y in
        forEachRow(into: y) { _, x, y, classes in
          let (rest, top) = exponentials(x, into: y, count: classes)
          y[top] = 1
          for c in 0..<classes { y[c] /= 1 + rest }
        }
      })
  }

  /// ln p = x - ln Σ e^x; dx = dy - p·Σ dy
  public func logSoftmax() -> Tensor {
    Tensor(
      shape: shape, of: [self], pullback: { [logSoftmaxGradient($0.dy, at: $0.x)] },
      fill: { y in
        forEachRow(into: y) { _, x, y, classes in
          let (rest, top) = exponentials(x, into: y, count: classes)
          let (largest, logarithm) = (x[top], VectorMath.log1p(rest))
          for c in 0..<classes { y[c] = (x[c] - largest) - logarithm }
        }
      })
  }

  /// p - one-hot(label), with minus the sum of the others in the place of p[label] - 1; dx = p·(dy - Σ dy·p)
  ///
  /// - Parameter labels: one a row.
  func softmaxExcess(over labels: [Int]) -> Tensor {
    Tensor(
      shape: shape, of: [self], pullback: { [softmaxGradient($0.dy, at: $0.x.softmax())] },
      fill: { y in
        forEachRow(into: y) { row, x, y, classes in
          let (rest, top) = exponentials(x, into: y, count: classes)
          y[top] = 1
          y[labels[row]] = 0
          var others: Float = 0
          for c in 0..<classes {
            y[c] /= 1 + rest
            others += y[c]
          }
          y[labels[row]] = -others
        }
      })
  }
}

/// dx of ``Tensor/softmax()`` with the result p.
///
/// A constant in dy changes nothing; without that of the largest p, its own rounding stays out of the sum.
func softmaxGradient(_ dy: Tensor, at p: Tensor) -> Tensor {
  let axes = [p.rank - 1]
  let top = Tensor.oneHot(p.largestPerRow(), shape: p.shape)
  let shifted = dy - (dy * top).sum(axes: axes, keepDimensions: true)
  return p * (shifted - (shifted * p).sum(axes: axes, keepDimensions: true))
}

/// dx of ``Tensor/logSoftmax()`` at the logits x.
///
/// With t the one-hot of the largest p: (dy - t·Σ dy) - (p - t)·Σ dy, of which the first is minus the sum of
/// the others at the largest.
func logSoftmaxGradient(_ dy: Tensor, at x: Tensor) -> Tensor {
  let axes = [x.rank - 1]
  let labels = x.largestPerRow()
  let top = Tensor.oneHot(labels, shape: x.shape)
  let others = dy - dy * top
  let total = dy.sum(axes: axes, keepDimensions: true)
  return others - top * others.sum(axes: axes, keepDimensions: true) - x.softmaxExcess(over: labels) * total
}

/// Losses of logits against labels.
extension Tensor {
  /// The cross-entropy -ln p[label] of each row of logits `[N, classes]`: `[N]`; dx = (p - one-hot)·dy
  public func softmaxCrossEntropy(labels: [Int]) -> Tensor {
    checkLabels(labels, of: "softmaxCrossEntropy")
    let pullback: Pullback = { c in
      [c.x.softmaxExcess(over: labels) * c.dy.reshaped([labels.count, 1])]
    }
    let classes = shape[1]
    return Tensor(shape: [labels.count], of: [self], pullback: pullback) { loss in
      let scratch = Buffer(count: classes)
      for (row, label) in labels.enumerated() {
        let x = pointer + row * classes
        let (rest, top) = exponentials(x, into: scratch.pointer, count: classes)
        loss[row] = (x[top] - x[label]) + VectorMath.log1p(rest)
      }
    }
  }

  /// The log-odds against the label, ln (1 - p[label]) / p[label] = ln Σ_{c≠label} e^x[c] - x[label], of each
  /// row of logits `[N, classes]`: `[N]`; dx = (softmax over the others - one-hot)·dy
  ///
  /// Cross-entropy is softplus of it, so both order rows alike, and their gradients have the same direction.
  /// But where cross-entropy and its gradient come near 0 or below the smallest number, these keep all their
  /// digits.
  ///
  /// - Precondition: there are two classes or more.
  public func logOdds(against labels: [Int]) -> Tensor {
    checkLabels(labels, of: "logOdds")
    precondition(shape[1] >= 2, "logOdds: the shape \(shape) has no other class")
    let pullback: Pullback = { c in
      let own = Tensor.oneHot(labels, shape: c.x.shape)
      return [(c.x.excluding(labels).softmax() - own) * c.dy.reshaped([labels.count, 1])]
    }
    let classes = shape[1]
    let others = detached.excluding(labels)
    return Tensor(shape: [labels.count], of: [self], pullback: pullback) { odds in
      let scratch = Buffer(count: classes)
      for (row, label) in labels.enumerated() {
        let z = others.pointer + row * classes
        let (rest, top) = exponentials(z, into: scratch.pointer, count: classes)
        odds[row] = (z[top] - pointer[row * classes + label]) + VectorMath.log1p(rest)
      }
      withExtendedLifetime(others) {}
    }
  }

  /// The logits with that of the label so far below all others that it has no probability; dx = dy but at the
  /// label, where it is 0
  private func excluding(_ labels: [Int]) -> Tensor {
    let pullback: Pullback = { c in [c.dy - c.dy * Tensor.oneHot(labels, shape: c.x.shape)] }
    return Tensor(shape: shape, of: [self], pullback: pullback) { y in
      y.update(from: pointer, count: count)
      for (row, label) in labels.enumerated() { y[row * shape[1] + label] = -.greatestFiniteMagnitude }
    }
  }

  /// `[N, classes]` with 1 at each label and 0 elsewhere.
  public static func oneHot(_ labels: [Int], classes: Int) -> Tensor {
    oneHot(labels, shape: [labels.count, classes])
  }

  /// 1 at the label of each row along the last axis and 0 elsewhere.
  fileprivate static func oneHot(_ labels: [Int], shape: [Int]) -> Tensor {
    let classes = shape.last ?? 1
    return Tensor(shape: shape) { y in
      for i in 0..<shape.product { y[i] = 0 }
      for (row, label) in labels.enumerated() { y[row * classes + label] = 1 }
    }
  }

  private func checkLabels(_ labels: [Int], of operation: String) {
    precondition(
      rank == 2 && labels.count == shape[0], "\(operation): \(labels.count) labels for logits \(shape)")
    precondition(
      labels.allSatisfy { (0..<shape[1]).contains($0) }, "\(operation): a label is not below \(shape[1])")
  }
}

/// Rows along the last axis.
extension Tensor {
  /// The place of the largest element of each row; the first of equals, 0 where all are NaN.
  public func largestPerRow() -> [Int] {
    let columns = shape.last ?? 1
    return withElements { x in
      (0..<count / max(1, columns)).map { row in
        (1..<max(1, columns)).reduce(0) { x[row * columns + $1] > x[row * columns + $0] ? $1 : $0 }
      }
    }
  }

  @inline(__always)
  private func forEachRow(
    into y: UnsafeMutablePointer<Float>,
    _ body: (_ row: Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ classes: Int) -> Void
  ) {
    let classes = shape.last ?? 1
    precondition(classes > 0, "softmax: there are no classes in the shape \(shape)")
    Parallel.forEach(count: count / classes, chunkSize: max(1, Parallel.elementsPerChunk / classes / 4)) {
      rows in
      for row in rows { body(row, pointer + row * classes, y + row * classes, classes) }
    }
  }
}

/// y = e^(x - max x), but 0 at the first maximum, whose 1 would swallow a small sum of the others.
///
/// - Returns: that sum, and the place of the maximum.
@inline(__always)
func exponentials(
  _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
) -> (rest: Float, top: Int) {
  var top = 0
  for c in 1..<max(1, count) where x[c] > x[top] { top = c }
  let largest = x[top]
  for c in 0..<count { y[c] = VectorMath.exp(x[c] - largest) }
  y[top] = 0
  var rest: Float = 0
  for c in 0..<count { rest += y[c] }
  return (rest, top)
}
