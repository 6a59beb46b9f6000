import Autograd
import FoundationEssentials

/// A result in a graph that is being written.
///
/// `shape` is this package's, without the batch: `[H, W, C]` of images, which the file has as `[N, C, H, W]`;
/// whatever has another number of axes lies in the file as it does here.
package struct GraphValue: Equatable, Sendable {
  package let name: String
  package let shape: [Int]
}

/// An ONNX graph (opset 17) that is being written: nodes in the order of their computation, weights, and what
/// comes in.
///
/// Every node, its result and every weight is named after the layer that it belongs to: `conv1.Conv`,
/// `conv1.weight`. The same calls give the same graph.
package struct GraphWriter {
  /// The version of the operators.
  package static let opset = 17

  private(set) var nodes: [NodeProto] = []
  private(set) var weights: [TensorProto] = []
  private(set) var inputs: [GraphPort] = []
  private var taken: Set<String> = []
  private var scope: [String] = []

  package init() {}

  /// What a node is told beside its inputs.
  package enum Attribute {
    case integer(Int)
    case integers([Int])
    case real(Float)
    case text(String)
  }

  // MARK: - Names

  /// The layer at hand: `residual1.first`.
  var place: String { scope.joined(separator: ".") }

  /// What `body` adds is named after `part`, a layer.
  package mutating func within<Result, Failure: Error>(
    _ part: String, _ body: (inout GraphWriter) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    scope.append(part)
    defer { scope.removeLast() }
    return try body(&self)
  }

  /// A name within the layer at hand; with a number where it is taken.
  private mutating func free(_ name: String) -> String {
    let name = (scope + [name]).joined(separator: ".")
    var (free, count) = (name, 1)
    while !taken.insert(free).inserted {
      count += 1
      free = "\(name)\(count)"
    }
    return free
  }

  // MARK: - What a graph is made of

  /// Something that comes in; its axes behind the batch are those of ``GraphValue``.
  ///
  /// - Precondition: the name is not taken.
  package mutating func input(_ port: GraphPort) -> GraphValue {
    precondition(taken.insert(port.name).inserted, "GraphWriter.input: two things are called \(port.name)")
    inputs.append(port)
    return port.value
  }

  /// Weights, in the order of axes that the file is to have.
  ///
  /// - Returns: their name.
  package mutating func weight(_ name: String, _ value: Tensor) -> String {
    add(name, shape: value.shape, type: .float) {
      value.withElements { elements in
        // A closure and no key path, which would take ten times as long as the copy.
        elements.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
      }
    }
  }

  /// Integers: a shape.
  ///
  /// - Returns: their name.
  package mutating func integers(_ name: String, _ values: [Int]) -> String {
    add(name, shape: [values.count], type: .int64) {
      values.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
    }
  }

  private mutating func add(_ name: String, shape: [Int], type: StoredTensor.Kind, _ bytes: () -> Data)
    -> String
  {
    var tensor = TensorProto()
    tensor.name = free(name)
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = type.rawValue
    tensor.rawData = bytes()
    weights.append(tensor)
    return tensor.name
  }

  /// A node of one result.
  ///
  /// - Parameters:
  ///   - inputs: names of results and weights; an empty one for an input that is left out.
  ///   - shape: of the result, as ``GraphValue`` has it.
  package mutating func node(
    _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:],
    shape: [Int]
  ) -> GraphValue {
    var node = NodeProto()
    node.opType = operation
    node.name = free(operation)
    node.input = inputs
    node.output = [node.name]
    node.attribute = attributes.map { AttributeProto($0.key, $0.value) }
    nodes.append(node)
    return GraphValue(name: node.name, shape: shape)
  }

  // MARK: - The whole

  /// The graph whose result is `value`, under the name of `output`.
  ///
  /// - Precondition: they have the same shape, and the name is not taken.
  func graph(named name: String, _ value: GraphValue, as output: GraphPort) -> GraphProto {
    precondition(
      value.shape == output.value.shape && !taken.contains(output.name),
      "GraphWriter.graph: \(value.shape) as \(output.name) \(output.value.shape)")
    var writer = self
    // An input cannot be called by another name.
    let last =
      inputs.contains { $0.name == value.name }
      ? writer.node("Identity", [value.name], shape: value.shape).name : value.name
    var graph = GraphProto()
    graph.name = name
    graph.node = writer.nodes.map { node in
      var node = node
      node.input = node.input.map { $0 == last ? output.name : $0 }
      node.output = node.output.map { $0 == last ? output.name : $0 }
      return node
    }
    graph.initializer = weights
    graph.input = inputs.map(\.information)
    graph.output = [output.information]
    return graph
  }
}

extension AttributeProto {
  fileprivate init(_ name: String, _ value: GraphWriter.Attribute) {
    self.init()
    self.name = name
    switch value {
    case .real(let number): (f, type) = (number, 1)
    case .integer(let number): (i, type) = (Int64(number), 2)
    case .text(let text): (s, type) = (Data(text.utf8), 3)
    case .integers(let numbers): (ints, type) = (numbers.map(Int64.init), 7)
    }
  }
}
