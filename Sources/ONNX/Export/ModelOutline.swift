import Files
import FoundationEssentials
import SwiftProtobuf

/// What an ONNX file holds, but for the numbers: whoever writes files can see what became of them.
package struct ModelOutline {
  /// A node and how it computes.
  package struct Node: Equatable, Sendable {
    package let operation: String
    package let inputs: [String]
    package let output: String
    /// Integers and lists of them, by their names.
    package let integers: [String: [Int]]
  }

  package let nodes: [Node]
  /// The shape of each weight, as the file has it.
  package let weights: [String: [Int]]
  /// Such as `images [N, 1, 28, 28]`.
  package let inputs, outputs: [String]
  package let properties: [String: String]
  package let irVersion, opset: Int
  package let producer: String

  /// - Throws: `FileError.malformed(path:expected:found:)` for other bytes.
  package init(_ data: Data, path: String = "ONNX") throws(FileError) {
    guard let model = try? ModelProto(serializedBytes: data) else {
      throw .malformed(path: path, expected: "an ONNX file", found: "other bytes")
    }
    nodes = model.graph.node.map { node in
      let integers = node.attribute.filter { [2, 7].contains($0.type) }
        .map { ($0.name, $0.type == 2 ? [Int($0.i)] : $0.ints.map { Int($0) }) }
      return Node(
        operation: node.opType, inputs: node.input, output: node.output.joined(separator: ", "),
        integers: Dictionary(integers) { first, _ in first })
    }
    weights = Dictionary(model.graph.initializer.map { ($0.name, $0.dims.map { Int($0) }) }) { first, _ in
      first
    }
    inputs = model.graph.input.map(\.described)
    outputs = model.graph.output.map(\.described)
    properties = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { first, _ in first }
    irVersion = Int(model.irVersion)
    opset = Int(model.opsetImport.first?.version ?? 0)
    producer = "\(model.producerName) \(model.producerVersion)"
  }
}

extension ValueInfoProto {
  fileprivate var described: String {
    let sizes = type.tensorType.shape.dim.map { size in
      switch size.value {
      case .dimValue(let value): "\(value)"
      case .dimParam(let name): name
      case nil: "?"
      }
    }
    return "\(name) [\(sizes.joined(separator: ", "))]"
  }
}
