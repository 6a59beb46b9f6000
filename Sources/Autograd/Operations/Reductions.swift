import Kernels

/// Sums, means and maxima along axes.
extension Tensor {
  /// The sum along `axes` (all of them where nil); the gradient is repeated back.
  public func sum(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let kept = keptShape(axes)
    let layout = reductionLayout(axes)
    let old = shape
    let result = Tensor(
      shape: keepDimensions ? kept : droppedShape(axes), of: [self],
      pullback: { [$0.dy.reshaped(kept).broadcast(to: old)] },
      fill: { y in
        let source = layout.permuted
        if layout.outer == 1, layout.inner == 1 {
          y.pointee = Kernels.Reductions.sum(source.pointer, count: source.count)
        } else {
          Kernels.Reductions.sum(
            source.pointer, into: y, outer: layout.outer, reduced: layout.reduced, inner: layout.inner)
        }
        withExtendedLifetime(source) {}
      })
    return result
  }

  /// The mean along `axes` (all of them where nil).
  public func mean(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
    let reduced = (axes ?? Array(0..<rank)).reduce(1) { $0 * shape[$1] }
    return sum(axes: axes, keepDimensions: keepDimensions) * (1 / Float(reduced))
  }

  /// The largest value along `axes`, which are dropped; where several are equal, they share the gradient.
  public func maximum(along axes: [Int]) -> Tensor {
    let kept = keptShape(axes)
    let layout = reductionLayout(axes)
    precondition(layout.reduced > 0, "maximum(along:): nothing to choose from in the shape \(shape)")
    let pullback: Pullback = { c in
      let winners = Tensor.indicator(c.x, c.y.reshaped(kept)) { $0 == $1 }
      let share = winners / winners.sum(axes: axes, keepDimensions: true)
      return [c.dy.reshaped(kept) * share]
    }
    return Tensor(shape: droppedShape(axes), of: [self], keepsOutput: true, pullback: pullback) { y in
      let source = layout.permuted
      Kernels.Reductions.maximum(
        source.pointer, into: y, outer: layout.outer, reduced: layout.reduced, inner: layout.inner)
      withExtendedLifetime(source) {}
    }
  }

  /// The smallest value along `axes`, which are dropped; where several are equal, they share the gradient.
  public func minimum(along axes: [Int]) -> Tensor { -(-self).maximum(along: axes) }

  /// The inverse of broadcasting: the sum along the axes that were repeated.
  func summed(to target: [Int]) -> Tensor {
    guard target != shape else { return self }
    let new = rank - target.count
    let axes = (0..<rank).filter { $0 < new || (target[$0 - new] == 1 && shape[$0] != 1) }
    return (axes.isEmpty ? self : sum(axes: axes)).reshaped(target)
  }

  private func keptShape(_ axes: [Int]) -> [Int] { (0..<rank).map { axes.contains($0) ? 1 : shape[$0] } }
  private func droppedShape(_ axes: [Int]) -> [Int] {
    (0..<rank).filter { !axes.contains($0) }.map { shape[$0] }
  }

  /// The tensor seen as `[outer, reduced, inner]`; axes that are not neighbours are brought together first.
  private func reductionLayout(
    _ axes: [Int]
  ) -> (permuted: Tensor, outer: Int, reduced: Int, inner: Int) {
    let axes = axes.sorted()
    precondition(
      axes.allSatisfy { (0..<rank).contains($0) } && Set(axes).count == axes.count,
      "reduction: the axes \(axes) are not those of the shape \(shape)")
    let reduced = axes.reduce(1) { $0 * shape[$1] }
    guard let first = axes.first, let last = axes.last else { return (detached, count, 1, 1) }
    guard last - first + 1 == axes.count else {
      let others = (0..<rank).filter { !axes.contains($0) }
      return (detached.transposed(others + axes), count / max(1, reduced), reduced, 1)
    }
    return (detached, shape[..<first].reduce(1, *), reduced, shape[(last + 1)...].reduce(1, *))
  }
}
