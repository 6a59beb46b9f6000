import Autograd
import Files

/// Operators that move numbers without changing them.
///
/// The batch stays the first axis. An exporter's example may be baked into a shape: `[2, 9216]` of an example
/// of two images becomes `[N, 9216]`.
enum Shapes {
  static let operators: [String: Operator] = [
    "Reshape": reshape, "Flatten": flatten, "Transpose": transpose, "Squeeze": squeeze,
    "Unsqueeze": unsqueeze, "Concat": ShapeJoining.concat, "Pad": ShapeJoining.pad,
    "Slice": ShapeJoining.slice,
  ]

  /// `[N] + shape` of a value, its axes in the file's order.
  static func reshaped(
    _ given: ComputedValue, _ shape: [Int], _ builder: GraphBuilder
  ) throws(FileError) -> ComputedValue {
    let x = try builder.reordered(given, ComputedValue.inOrder(given.shape.count))
    return try builder.add(.weighting { $0.reshaped([$0.shape[0]] + shape) }, [x], shape: shape)
  }

  @Sendable
  private static func reshape(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard case .integers(let target) = node.input(1), target.shape.count == 1 else {
      throw node.refusal(expected: "a known shape", found: "another second input")
    }
    switch node.input(0) {
    case .computed(let x): return .computed(try reshaped(x, sizes(target, of: x, node, builder), builder))
    case .numbers(let tensor):
      let shape = try completed(target.known, count: tensor.count, zeros: tensor.shape, node)
      return .numbers(tensor.reshaped(shape))
    case .integers(let array):
      let shape = try completed(target.known, count: array.elements.count, zeros: array.shape, node)
      return .integers(IntegerArray(shape: shape, array.elements))
    case nil: throw node.refusal(expected: "an input", found: "none")
    }
  }

  /// The sizes behind the batch.
  private static func sizes(
    _ target: IntegerArray, of x: ComputedValue, _ node: NodeReader, _ builder: GraphBuilder
  ) throws(FileError) -> [Int] {
    let count = x.shape.product
    let rest = target.elements.dropFirst().map { element in
      if case .known(let value) = element { value } else { nil as Int? }
    }
    let known = rest.compactMap { $0 }
    func refusal() -> FileError {
      node.refusal(
        expected: "a shape [N, …] for \(x.described)", found: "\(target.elements.map(\.described))")
    }
    guard let first = target.elements.first, known.count == rest.count else { throw refusal() }
    let zeros = node.integer("allowzero", 0) == 0 ? x.shape : []
    switch first {
    case .batch, .known(-1): break
    case .known(0): guard !zeros.isEmpty else { throw refusal() }
    case .known(let example):
      guard example > 0, example == builder.exampleBatch ?? example else { throw refusal() }
    }
    // Where the first is -1, nothing else is: the rest must hold one image.
    guard first != .known(-1) || !known.contains(-1) else { throw refusal() }
    return try completed(known, count: count, zeros: zeros, node)
  }

  /// -1 becomes what is left, 0 the size that was there.
  private static func completed(
    _ target: [Int]?, count: Int, zeros: [Int], _ node: NodeReader
  ) throws(FileError) -> [Int] {
    var shape = target ?? []
    for index in shape.indices where shape[index] == 0 && zeros.indices.contains(index) {
      shape[index] = zeros[index]
    }
    var product = 1
    for size in shape where size != -1 {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflows else {
        throw node.refusal(expected: "a possible shape", found: "\(shape)")
      }
      product = next
    }
    if let open = shape.firstIndex(of: -1), product > 0, count % product == 0 {
      shape[open] = count / product
      product = count
    }
    guard target != nil, !shape.contains(-1), product == count else {
      throw node.refusal(expected: "a shape of \(count) numbers an image", found: "\(target ?? [])")
    }
    return shape
  }

  @Sendable
  private static func flatten(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.computed()
    guard try node.axis(node.integer("axis", 1), rank: x.rank + 1) == 1 else {
      throw node.refusal(expected: "axis 1", found: "\(node.integer("axis", 1))")
    }
    return .computed(try reshaped(x, [x.shape.product], builder))
  }

  @Sendable
  private static func transpose(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let rank: Int
    switch node.input(0) {
    case .computed(let x): rank = x.rank
    case .numbers(let tensor): rank = tensor.rank
    case .integers(let array): rank = array.shape.count
    case nil: throw node.refusal(expected: "an input", found: "none")
    }
    let permutation = try node.axes(node.integers("perm") ?? Array((0..<rank).reversed()), rank: rank)
    guard permutation.count == rank else {
      throw node.refusal(expected: "\(rank) axes", found: "\(permutation)")
    }
    if case .numbers(let tensor) = node.input(0) { return .numbers(tensor.transposed(permutation)) }
    if case .integers(let array) = node.input(0) {
      return .integers(
        array.picked(shape: permutation.map { array.shape[$0] }) { place in
          (0..<rank).map { axis in place[permutation.firstIndex(of: axis) ?? 0] }
        })
    }
    let x = try node.computed()
    guard permutation.first == 0 else {
      throw node.refusal(expected: "the batch to stay the first axis", found: "\(permutation)")
    }
    // Nothing moves: only the names of the axes change.
    return .computed(
      ComputedValue(
        slot: x.slot, shape: permutation.dropFirst().map { x.shape[$0 - 1] },
        order: x.order.map { axis in (permutation.firstIndex(of: axis + 1) ?? 1) - 1 }))
  }

  @Sendable
  private static func squeeze(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let given = try node.integerList("axes", orInput: 1)
    if case .integers(let array) = node.input(0), array.elements.count == 1 {
      return .integers(IntegerArray(shape: [], array.elements))
    }
    let x = try node.computed()
    let axes = try node.axes(
      given ?? x.shape.indices.filter { x.shape[$0] == 1 }.map { $0 + 1 }, rank: x.rank)
    guard axes.allSatisfy({ $0 > 0 && x.shape[$0 - 1] == 1 }) else {
      throw node.refusal(expected: "axes of size 1 behind the batch", found: "\(axes) of \(x.described)")
    }
    let left = x.shape.indices.filter { !axes.contains($0 + 1) }
    return .computed(try reshaped(x, left.map { x.shape[$0] }, builder))
  }

  @Sendable
  private static func unsqueeze(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard let given = try node.integerList("axes", orInput: 1) else {
      throw node.refusal(expected: "axes", found: "none")
    }
    if case .integers(let array) = node.input(0), array.shape.isEmpty, given == [0] {
      return .integers(IntegerArray(shape: [1], array.elements))
    }
    if case .numbers(let tensor) = node.input(0) {
      let axes = try node.axes(given, rank: tensor.rank + given.count).sorted()
      var shape = tensor.shape
      for axis in axes { shape.insert(1, at: axis) }
      return .numbers(tensor.reshaped(shape))
    }
    let x = try node.computed()
    let axes = try node.axes(given, rank: x.rank + given.count).sorted()
    guard axes.first != 0 else {
      throw node.refusal(expected: "the batch to stay the first axis", found: "\(given)")
    }
    var shape = x.shape
    for axis in axes { shape.insert(1, at: axis - 1) }
    return .computed(try reshaped(x, shape, builder))
  }
}

extension IntegerArray.Element {
  var described: String {
    switch self {
    case .known(let value): "\(value)"
    case .batch: "N"
    }
  }
}
