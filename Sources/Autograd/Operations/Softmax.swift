import Kernels

/// Softmax, its logarithm, and the cross-entropy of labels, along the last axis.
extension Tensor {
  /// y = e^x / Σ e^x; dx = y·(dy - Σ dy·y)
  public func softmax() -> Tensor {
    let pullback: Pullback = { c in
      [c.y * (c.dy - (c.dy * c.y).sum(axes: [c.y.rank - 1], keepDimensions: true))]
    }
    return Tensor(shape: shape, of: [self], keepsOutput: true, pullback: pullback) { y in
      forEachRow(into: y) { x, y, classes in
        let (largest, total) = Tensor.exponentials(x, into: y, count: classes)
        _ = largest
        for c in 0..<classes { y[c] /= total }
      }
    }
  }

  /// y = x - ln Σ e^x; dx = dy - e^y·Σ dy
  public func logSoftmax() -> Tensor {
    let pullback: Pullback = { c in
      [c.dy - c.y.exp() * c.dy.sum(axes: [c.y.rank - 1], keepDimensions: true)]
    }
    return Tensor(shape: shape, of: [self], keepsOutput: true, pullback: pullback) { y in
      forEachRow(into: y) { x, y, classes in
        let (largest, total) = Tensor.exponentials(x, into: y, count: classes)
        let logarithm = largest + VectorMath.log(total)
        for c in 0..<classes { y[c] = x[c] - logarithm }
      }
    }
  }

  /// The cross-entropy of each row of logits `[N, classes]` with its label: `[N]`.
  ///
  /// loss = ln Σ e^x - x[label]; dx = (softmax(x) - one-hot)·dy
  public func softmaxCrossEntropy(labels: [Int]) -> Tensor {
    precondition(
      rank == 2 && labels.count == shape[0], "softmaxCrossEntropy: \(labels.count) labels for logits \(shape)"
    )
    let classes = shape[1]
    precondition(
      labels.allSatisfy { (0..<classes).contains($0) },
      "softmaxCrossEntropy: a label is not below \(classes)")
    let pullback: Pullback = { c in
      [(c.x.softmax() - Tensor.oneHot(labels, classes: classes)) * c.dy.reshaped([labels.count, 1])]
    }
    return Tensor(shape: [labels.count], of: [self], pullback: pullback) { loss in
      let scratch = Buffer(count: classes)
      for row in 0..<labels.count {
        let x = pointer + row * classes
        let (largest, total) = Tensor.exponentials(x, into: scratch.pointer, count: classes)
        loss[row] = largest + VectorMath.log(total) - x[labels[row]]
      }
    }
  }

  /// `[N, classes]` with 1 at each label and 0 elsewhere.
  public static func oneHot(_ labels: [Int], classes: Int) -> Tensor {
    Tensor(shape: [labels.count, classes]) { y in
      for i in 0..<labels.count * classes { y[i] = 0 }
      for (row, label) in labels.enumerated() { y[row * classes + label] = 1 }
    }
  }

  /// y = e^(x - max x); returns the maximum and Σ y.
  @inline(__always)
  private static func exponentials(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) -> (largest: Float, total: Float) {
    var largest = x[0]
    for c in 1..<max(1, count) where x[c] > largest { largest = x[c] }
    for c in 0..<count { y[c] = VectorMath.exp(x[c] - largest) }
    var total: Float = 0
    for c in 0..<count { total += y[c] }
    return (largest, total)
  }

  @inline(__always)
  private func forEachRow(
    into y: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let classes = shape.last ?? 1
    precondition(classes > 0, "softmax: there are no classes in the shape \(shape)")
    Parallel.forEach(count: count / classes, chunkSize: max(1, Parallel.elementsPerChunk / classes / 4)) {
      rows in
      for row in rows { body(pointer + row * classes, y + row * classes, classes) }
    }
  }
}
