import Autograd

/// A layer through which a box can be sent: the result contains the layer's output for every input in the
/// box.
///
/// The bounds are made of tensor operations, so a loss can be a function of them. They hold in exact
/// arithmetic; for Float32 see ``BoundedClassifier/worstCaseMargins(_:labels:widening:)``.
public protocol BoundedLayer: Layer {
  /// A box that contains the outputs for all inputs in the box `x`, which has the shape of the layer's input.
  func bounds(_ x: Interval, _ pass: Pass) -> Interval
}

extension Sequential: BoundedLayer {
  /// Every layer must be a ``BoundedLayer``.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval { bounds(x, pass, layers: layers.count) }

  /// The box behind the first `count` layers.
  private func bounds(_ x: Interval, _ pass: Pass, layers count: Int) -> Interval {
    layers.prefix(count).enumerated().reduce(x) { x, item in
      guard let layer = item.element.layer as? any BoundedLayer else {
        preconditionFailure("Sequential.bounds: the layer \(item.element.name) propagates no intervals")
      }
      return layer.bounds(x, pass.part(item.offset))
    }
  }

  /// Lower bounds `[N, labels]` of z_y - z_j over the box, with z the logits and y the label; 0 where j = y.
  ///
  /// The last layer must be ``Dense`` without an activation. It is not propagated: the difference of two
  /// logits is bounded by the difference of their weights,
  ///
  ///     z_y - z_j ≥ (w_y - w_j)·center + b_y - b_j - |w_y - w_j|·radius
  ///
  /// which is tighter than the difference of the logits' own bounds (Gowal et al., arXiv 1810.12715, §3.2,
  /// "elision of the last layer").
  ///
  /// - Parameters:
  ///   - x: the box, of the shape of the first layer's input, N rows.
  ///   - labels: y of each row, `[N]`.
  ///   - pass: that of all layers.
  ///   - widening: what the box before the last layer grows by, as a share of |center| + radius.
  public func worstCaseMargins(
    _ x: Interval, labels: [Int], _ pass: Pass = .inference, widening: Float = 0
  ) -> Tensor {
    guard let last = layers.last?.layer as? Dense, last.activation == .identity else {
      preconditionFailure("Sequential.worstCaseMargins: the last of \(layers.map(\.name)) is not affine")
    }
    let hidden = bounds(x, pass, layers: layers.count - 1)
    let logits = last(hidden.center, pass)
    let classes = logits.shape[1]
    precondition(
      labels.count == logits.shape[0] && labels.allSatisfy { (0..<classes).contains($0) },
      "Sequential.worstCaseMargins: labels \(labels) for logits \(logits.shape)")
    let radius =
      widening == 0 ? hidden.radius : hidden.radius + (hidden.center.absolute() + hidden.radius) * widening
    let own = (logits * .oneHot(labels, classes: classes)).sum(axes: [1], keepDimensions: true)
    return own - logits - Self.differenceRadius(radius, last.weight.value, labels: labels)
  }

  /// Σ_i radius[n, i]·|w[i, y_n] - w[i, j]| as `[N, labels]`, label by label.
  private static func differenceRadius(_ radius: Tensor, _ weight: Tensor, labels: [Int]) -> Tensor {
    let inputs = weight.shape[0]
    var order: [Int] = []
    let parts = Set(labels).sorted().map { label in
      let rows = labels.indices.filter { labels[$0] == label }
      order += rows
      let difference = (weight.sliced(start: [0, label], size: [inputs, 1]) - weight).absolute()
      return Tensor.matmul(radius.gatherRows(rows), difference)
    }
    var places = order
    for (place, row) in order.enumerated() { places[row] = place }
    return Tensor.concatenate(parts, axis: 0).gatherRows(places)
  }
}
