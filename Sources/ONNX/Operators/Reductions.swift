import Autograd
import Files

/// Means, sums and maxima along axes behind the batch.
enum Reductions {
  static let operators: [String: Operator] = [
    "ReduceMean": { (node, builder) throws(FileError) in
      try reduced(node, builder, { .weighting($0) }) { $0.mean(axes: $1) }
    },
    "ReduceSum": { (node, builder) throws(FileError) in
      try reduced(node, builder, { .weighting($0) }) { $0.sum(axes: $1) }
    },
    "ReduceMax": { (node, builder) throws(FileError) in
      try reduced(node, builder, { .rising($0) }) { $0.maximum(along: $1) }
    },
  ]

  private static func reduced(
    _ node: NodeReader, _ builder: GraphBuilder, _ operation: (@escaping (Tensor) -> Tensor) -> Operation,
    _ reduce: @escaping (Tensor, [Int]) -> Tensor
  ) throws(FileError) -> Value {
    let x = try node.computed()
    let given = try node.integerList("axes", orInput: 1) ?? []
    if given.isEmpty, node.integer("noop_with_empty_axes", 0) != 0 { return .computed(x) }
    let axes = try node.axes(given.isEmpty ? Array(0..<x.rank) : given, rank: x.rank)
    guard !axes.contains(0) else {
      throw node.refusal(expected: "axes behind the batch", found: "axis 0")
    }
    // The axes in memory; what is left keeps its order there.
    let memory = axes.map { x.memoryAxis($0) }.sorted()
    let isKept = node.integer("keepdims", 1) != 0
    let left = (1..<x.rank).filter { isKept || !axes.contains($0) }
    let order = x.order.filter { isKept || !axes.contains($0 + 1) }
      .map { axis in left.firstIndex(of: axis + 1) ?? 0 }
    let shape = left.map { axes.contains($0) ? 1 : x.shape[$0 - 1] }
    let stored = order.map { shape[$0] }
    return .computed(
      try builder.add(
        operation { reduce($0, memory).reshaped([$0.shape[0]] + stored) }, [x], shape: shape, order: order))
  }
}
