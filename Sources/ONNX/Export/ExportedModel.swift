import Files
import FoundationEssentials
import Network
import SwiftProtobuf

/// A network as an ONNX file: a graph of opset 17 in IR version 8, which readers have known since 2022.
///
/// Pixels come in and go out in [0, 1]: whatever a network does to them is a part of its graph. The batch, N,
/// may have any size. The same network gives the same bytes.
public struct ExportedModel {
  /// Such as `conv, opset 17, images [N, 1, 28, 28] in [0, 1] to logits [N, 10]`.
  public let summary: String
  private let model: ModelProto

  /// The whole of a graph.
  ///
  /// - Parameters:
  ///   - graph: as far as `value`.
  ///   - value: what goes out, as `output` says.
  ///   - name: of the network.
  ///   - version: of the program that writes it.
  ///   - properties: what else is known of it, by key.
  package init(
    _ graph: GraphWriter, _ value: GraphValue, as output: GraphPort, name: String, version: String,
    properties: KeyValuePairs<String, String>
  ) {
    var model = ModelProto()
    model.irVersion = 8
    model.producerName = "assay"
    model.producerVersion = version
    var operators = OperatorSetIdProto()
    operators.version = Int64(GraphWriter.opset)
    model.opsetImport = [operators]
    model.graph = graph.graph(named: name, value, as: output)
    // What is not known is left out.
    model.metadataProps = properties.filter { !$0.value.isEmpty }.map { key, value in
      var entry = StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    self.model = model
    let inputs = graph.inputs.map(\.described)
    let list =
      inputs.count < 3
      ? inputs.joined(separator: " and ")
      : inputs.dropLast().joined(separator: ", ") + " and " + inputs[inputs.count - 1]
    summary = "\(name), opset \(GraphWriter.opset), \(list) to \(output.described)"
  }

  /// A list of names as the format's texts have them: JSON.
  package static func text(_ names: [String]) -> String {
    (try? JSON.line(names)) ?? "[]"
  }

  /// The bytes of the file.
  ///
  /// - Parameter path: where they are meant for; only named in an error.
  /// - Throws: `FileError.unwritable(path:reason:)` for more than 2 GB, which the format cannot hold.
  public func encoded(for path: String = "ONNX") throws(FileError) -> Data {
    do {
      return try model.serializedBytes()
    } catch {
      throw .unwritable(path: path, reason: "the network has more than 2 GB, which one ONNX file cannot hold")
    }
  }

  /// Writes the file whole or not at all, creating the folders above it.
  ///
  /// - Returns: its size in bytes.
  /// - Throws: `FileError.unwritable(path:reason:)`.
  @discardableResult
  public func write(to path: String) throws(FileError) -> Int {
    let data = try encoded(for: path)
    try AtomicFile.write(data, to: path)
    return data.count
  }
}
