import Autograd
import Network

/// Interval bounds through a graph (Gowal et al., arXiv 1810.12715).
extension ForeignNetwork {
  /// Lower bounds `[N, labels]` of z_y - z_j over a box of images `[N, H, W, C]`; 0 where j = y.
  ///
  /// Where the logits come out of a dense layer, that layer is not propagated: the difference of two logits
  /// is bounded by the difference of their weights (`Sequential.worstCaseMargins`). Elsewhere it is bounded
  /// by their own bounds, which is wider.
  func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
    guard case .dense(let last) = program.operation(of: logits), last.activation == .identity else {
      return margins(program.bounds(images, results: [logits])[0].widened(by: widening), labels: labels)
    }
    let layer = Dense(weight: last.weight, bias: last.bias)
    let hidden = program.bounds(images, results: [program.steps[logits - 1].inputs[0]])[0]
    return Sequential(["logits": layer]).worstCaseMargins(hidden, labels: labels, widening: widening)
  }

  private func margins(_ box: Interval, labels: [Int]) -> Tensor {
    let own = Tensor.oneHot(labels, classes: self.labels)
    let lowest = (box.lower * own).sum(axes: [1], keepDimensions: true)
    return (lowest - box.upper) * (Tensor.ones(own.shape) - own)
  }
}

extension Interval {
  /// The box with a radius larger by a share of its size.
  fileprivate func widened(by share: Float) -> Interval {
    Interval(center: center, radius: radius + (center.absolute() + radius) * share)
  }
}
