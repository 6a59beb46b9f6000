import Autograd

/// Small pieces of graphs that more than one layer is written with.
extension GraphWriter {
  /// x·scale + offset, for every element alike.
  package mutating func affine(_ x: GraphValue, scale: Float, offset: Float) -> GraphValue {
    var y = x
    if scale != 1 { y = node("Mul", [y.name, weight("scale", Tensor(scale))], shape: x.shape) }
    if offset != 0 { y = node("Add", [y.name, weight("offset", Tensor(offset))], shape: x.shape) }
    return y
  }

  /// Each element limited to the range.
  package mutating func clamped(_ x: GraphValue, to range: ClosedRange<Float>) -> GraphValue {
    let bounds = [
      weight("lowest", Tensor(range.lowerBound)), weight("highest", Tensor(range.upperBound)),
    ]
    return node("Clip", [x.name] + bounds, shape: x.shape)
  }

  package mutating func activated(_ x: GraphValue, _ activation: Activation) -> GraphValue {
    switch activation {
    case .identity: x
    case .relu: node("Relu", [x.name], shape: x.shape)
    case .leakyRelu(let slope): node("LeakyRelu", [x.name], ["alpha": .real(slope)], shape: x.shape)
    }
  }

  /// The sum or the product of two results; where one has a single row and column, it counts for all places.
  ///
  /// - Parameter operation: `Add` or `Mul`.
  package mutating func combined(_ operation: String, _ a: GraphValue, _ b: GraphValue) -> GraphValue {
    precondition(
      a.shape.count == b.shape.count && zip(a.shape, b.shape).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 },
      "GraphWriter.combined: \(operation) of \(a.shape) and \(b.shape)")
    return node(operation, [a.name, b.name], shape: zip(a.shape, b.shape).map(max))
  }

  /// Rows one behind the other, or images with all their channels.
  ///
  /// - Precondition: there is one at least, and all are of one size but for the channels.
  package mutating func concatenated(_ parts: [GraphValue]) -> GraphValue {
    let size = parts.first.map { $0.shape.dropLast() } ?? []
    precondition(
      !parts.isEmpty && parts.allSatisfy { !$0.shape.isEmpty && $0.shape.dropLast() == size },
      "GraphWriter.concatenated: \(parts.map(\.shape))")
    guard parts.count > 1 else { return parts[0] }
    let channels = parts.reduce(0) { $0 + $1.shape[size.count] }
    return node("Concat", parts.map(\.name), ["axis": .integer(1)], shape: size + [channels])
  }

  /// The rows of a table `[labels, values]` for a label each.
  package mutating func gathered(_ name: String, _ table: Tensor, _ labels: GraphValue) -> GraphValue {
    node("Gather", [weight(name, table), labels.name], ["axis": .integer(0)], shape: [table.shape[1]])
  }

  /// One-hot vectors, as rows of the identity: a label beyond them is an error of whoever runs the graph.
  package mutating func oneHot(_ labels: GraphValue, classes: Int) -> GraphValue {
    gathered("identity", .oneHot(Array(0..<classes), classes: classes), labels)
  }

  /// All values in a row, in NHWC order.
  package mutating func flattened(_ x: GraphValue) -> GraphValue {
    guard x.shape.count > 1 else { return x }
    return node(
      "Flatten", [channelsLast(x)], ["axis": .integer(1)], shape: [x.shape.reduce(1, *)])
  }

  /// The same values, in NHWC order, in another shape.
  package mutating func reshaped(_ x: GraphValue, to shape: [Int]) -> GraphValue {
    precondition(
      x.shape.reduce(1, *) == shape.reduce(1, *), "GraphWriter.reshaped: \(x.shape) to \(shape)")
    // 0: the batch as it is.
    let target = integers("shape", [0] + shape)
    let y = node("Reshape", [channelsLast(x), target], shape: shape)
    return shape.count == 3
      ? node("Transpose", [y.name], ["perm": .integers([0, 3, 1, 2])], shape: shape) : y
  }

  /// The name of the values as they lie in this package's memory.
  private mutating func channelsLast(_ x: GraphValue) -> String {
    guard x.shape.count == 3 else { return x.name }
    return node("Transpose", [x.name], ["perm": .integers([0, 2, 3, 1])], shape: x.shape).name
  }
}
