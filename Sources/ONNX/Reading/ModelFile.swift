import Files
import FoundationEssentials
import SwiftProtobuf

/// An ONNX file (onnx.ai): the protocol buffer that it is, decoded, and the digest of its bytes.
///
/// The file is mapped into memory, and the weights in it are copied out once. What the schema does not name
/// is skipped.
struct ModelFile {
  /// The most that a file may hold, and each file of weights beside it.
  static let largestFile = 1 << 28
  /// The most operations that a graph may have.
  static let mostNodes = 10_000

  let path: String
  var model: ModelProto
  let digest: SHA256.Running

  /// - Throws: `FileError` for what is missing, too large, or no ONNX file.
  init(contentsOf path: String, remedy: String) throws(FileError) {
    let data = try Self.mapped(path, remedy: remedy)
    if let refusal = OtherFormat(data.prefix(FileKind.startSize), path: path)?.refusal(path: path) {
      throw refusal
    }
    self.path = path
    digest = SHA256.Running()
    digest.add(data)
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    guard let model = try? ModelProto(serializedBytes: data, options: options) else {
      throw .malformed(path: path, expected: "an ONNX file", found: "other bytes, or a part of one")
    }
    guard model.hasGraph, model.irVersion > 0 else {
      throw .malformed(path: path, expected: "an ONNX file with a graph", found: "none")
    }
    guard model.graph.node.count <= Self.mostNodes else {
      throw .malformed(
        path: path, expected: "at most \(Self.mostNodes) nodes", found: "\(model.graph.node.count)")
    }
    self.model = model
  }

  /// The version of the operators that the graph speaks.
  ///
  /// - Throws: `FileError` for a graph with operators of others, or of a version that is not read here.
  func opset() throws(FileError) -> Int {
    let versions = model.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }.map(\.version)
    guard let version = versions.max(), OperatorCatalog.opsets.contains(Int(clamping: version)) else {
      throw .malformed(
        path: path,
        expected: "opset \(OperatorCatalog.opsets.lowerBound) to \(OperatorCatalog.opsets.upperBound)",
        found: versions.max().map { "opset \($0)" } ?? "no opset")
    }
    return Int(version)
  }

  /// The bytes of the file at `path`, which the system reads where they are looked at.
  static func mapped(_ path: String, remedy: String) throws(FileError) -> Data {
    let file = try InputFile(path, remedy: remedy)
    // Pipes have no length, and cannot be mapped.
    guard file.isOnDisk, let size = file.remaining else { return try file.rest(limit: largestFile) }
    guard size <= largestFile else {
      throw .malformed(path: path, expected: "at most \(largestFile) bytes", found: "\(size)")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw .unreadable(path: path, reason: "it cannot be mapped into memory")
    }
  }
}
