import Autograd
import Files

/// Turns a graph into a program, node by node: constants are computed at once, everything that depends on the
/// images becomes an operation.
///
/// Each operator (``OperatorCatalog``) asks the builder for operations and gives back a value. What it gives
/// must keep the batch as the first axis.
final class GraphBuilder {
  /// The most numbers that one image may become between two operations: beyond that a few bytes of a file
  /// would ask for gigabytes.
  static let mostNumbers = 1 << 20

  let path: String
  let opset: Int
  /// The number of images in the exporter's example, where the file says one: shapes may be baked in.
  let exampleBatch: Int?
  private(set) var program: Program
  private let external: ExternalWeights
  private var weights: [String: TensorProto]
  private var values: [String: Value] = [:]
  private var uses: [String: Int]
  /// Places that two names share, one of them read elsewhere: nothing may become a part of what fills them.
  private var shared: Set<Int> = []
  /// The node at hand, for errors.
  private var reader: NodeReader?

  init(
    path: String, opset: Int, exampleBatch: Int?, program: Program, weights: [TensorProto],
    external: ExternalWeights, uses: [String: Int]
  ) {
    self.path = path
    self.opset = opset
    self.exampleBatch = exampleBatch
    self.program = program
    self.external = external
    self.uses = uses
    self.weights = Dictionary(weights.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Makes a value known by a name of the graph.
  func define(_ name: String, _ value: Value) { values[name] = value }

  /// The value of a name; a weight is read when it is first asked for, and let go with its last reader.
  func value(_ name: String) throws(FileError) -> Value? {
    if let known = values[name] { return known }
    guard let tensor = weights.removeValue(forKey: name) else { return nil }
    let value = try StoredTensor(tensor, path: path).value(external)
    values[name] = value
    return value
  }

  func constant(_ tensor: TensorProto) throws(FileError) -> Value {
    try StoredTensor(tensor, path: path).value(external)
  }

  /// Runs one node.
  func build(_ node: NodeProto) throws(FileError) {
    guard ["", "ai.onnx"].contains(node.domain), let operation = OperatorCatalog.all[node.opType] else {
      let domain = node.domain.isEmpty || node.domain == "ai.onnx" ? "" : " of the domain \(node.domain)"
      throw .malformed(
        path: path, expected: "operators among \(OperatorCatalog.names)",
        found: "\(node.title)\(domain) (opset \(opset))")
    }
    var inputs: [Value?] = []
    for name in node.input { inputs.append(name.isEmpty ? nil : try value(name)) }
    let reader = NodeReader(
      node: node, inputs: inputs, isOnlyUse: node.input.map { uses[$0] == 1 }, opset: opset, path: path)
    self.reader = reader
    let result = try operation(reader, self)
    if case .computed(let value) = result {
      for (input, isOnlyUse) in zip(inputs, reader.isOnlyUse) where !isOnlyUse {
        if case .computed(let input) = input, input.slot == value.slot { shared.insert(value.slot) }
      }
    }
    for name in node.input {
      uses[name, default: 1] -= 1
      if uses[name] == 0 { values[name] = nil }
    }
    if let name = node.output.first, !name.isEmpty { values[name] = result }
  }

  // MARK: - Operations

  /// Appends an operation on values as they lie in memory.
  ///
  /// - Parameters:
  ///   - shape: of the result in the file's order, without the batch.
  ///   - order: how its axes lie in memory.
  func add(
    _ operation: Operation, _ inputs: [ComputedValue], shape: [Int], order: [Int]? = nil
  ) throws(FileError) -> ComputedValue {
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, size > 0, product <= Self.mostNumbers else {
        throw refusal(
          expected: "1 to \(Self.mostNumbers) numbers an image", found: "the shape \(shape) of a result")
      }
      count = product
    }
    return ComputedValue(
      slot: program.append(operation, inputs.map(\.slot)), shape: shape,
      order: order ?? ComputedValue.inOrder(shape.count))
  }

  /// The value with its axes in another order in memory; itself where they lie so already.
  func reordered(_ x: ComputedValue, _ order: [Int]) throws(FileError) -> ComputedValue {
    guard x.order != order else { return x }
    let permutation = [0] + order.map { 1 + (x.order.firstIndex(of: $0) ?? 0) }
    return try add(.weighting { $0.transposed(permutation) }, [x], shape: x.shape, order: order)
  }

  /// A function of each element: shape and order stay.
  func elementwise(_ operation: Operation, _ x: ComputedValue) throws(FileError) -> ComputedValue {
    try add(operation, [x], shape: x.shape, order: x.order)
  }

  /// What fills the place of `x` becomes `part` of it; nil where others read it, or where it cannot be.
  func fused(
    _ x: ComputedValue, isOnlyUse: Bool, _ part: (Operation) -> Operation?
  ) -> ComputedValue? {
    guard isOnlyUse, !shared.contains(x.slot), let operation = program.operation(of: x.slot),
      let whole = part(operation)
    else { return nil }
    program.replace(x.slot, by: whole)
    return x
  }

  /// A constant with as many axes as `x`, its own in the order in which those of `x` lie in memory.
  ///
  /// The axes of a constant are the last ones of `x`, as in NumPy; for the batch there is one for all.
  func aligned(_ constant: Tensor, to x: ComputedValue) throws(FileError) -> Tensor {
    let missing = x.rank - constant.rank
    guard missing >= 0 else {
      throw refusal(
        expected: "a constant of at most \(x.rank) axes beside \(x.described)",
        found: "the shape \(constant.shape)")
    }
    let shape = [Int](repeating: 1, count: missing) + constant.shape
    guard shape[0] == 1, zip(shape.dropFirst(), x.shape).allSatisfy({ $0 == 1 || $1 == 1 || $0 == $1 }) else {
      throw refusal(
        expected: "a constant that fits \(x.described)", found: "the shape \(constant.shape)")
    }
    return constant.reshaped(shape).transposed([0] + x.order.map { $0 + 1 })
  }

  private func refusal(expected: String, found: String) -> FileError {
    reader?.refusal(expected: expected, found: found)
      ?? .malformed(path: path, expected: expected, found: found)
  }
}
