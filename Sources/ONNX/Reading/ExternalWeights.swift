import Files
import FoundationEssentials
import Glibc

/// Weights that stand in files of their own beside the model, as PyTorch writes them (`NAME.onnx.data`).
///
/// Only files within the model's folder are opened, links followed: a model from elsewhere must not make
/// others' files its weights.
final class ExternalWeights {
  private let modelPath: String
  private var files: [String: Data] = [:]
  private let digest: SHA256.Running

  init(besides modelPath: String, digest: SHA256.Running) {
    self.modelPath = modelPath
    self.digest = digest
  }

  /// The bytes that `tensor` says are its own.
  ///
  /// - Parameter size: how many it needs.
  func bytes(of tensor: TensorProto, size: Int) throws(FileError) -> Data {
    let entries = Dictionary(tensor.externalData.map { ($0.key, $0.value) }) { first, _ in first }
    let file = try self.file(entries["location"] ?? "", of: tensor.name)
    guard let offset = Int(entries["offset"] ?? "0"), offset >= 0,
      let length = Int(entries["length"] ?? "\(size)"), length == size
    else {
      throw .malformed(
        path: modelPath, expected: "\(size) bytes for the weights \(tensor.name)",
        found: "offset \(entries["offset"] ?? "0"), length \(entries["length"] ?? "none")")
    }
    guard offset <= file.count, length <= file.count - offset else {
      throw .malformed(
        path: path(entries["location"] ?? ""),
        expected: "\(length) bytes from \(offset) on for the weights \(tensor.name)",
        found: "\(file.count) in all")
    }
    return file[(file.startIndex + offset)..<(file.startIndex + offset + length)]
  }

  private func path(_ location: String) -> String {
    modelPath.deletingLastPathComponent.appendingPathComponent(location)
  }

  private func file(_ location: String, of tensor: String) throws(FileError) -> Data {
    if let known = files[location] { return known }
    let path = path(location)
    guard !location.isEmpty, !location.hasPrefix("/"), !location.split(separator: "/").contains(".."),
      Self.isWithin(path, modelPath.deletingLastPathComponent)
    else {
      throw .malformed(
        path: modelPath, expected: "weights \(tensor) in a file within the model's folder",
        found: location.isEmpty ? "no file" : location)
    }
    let data = try ModelFile.mapped(path, remedy: "\(modelPath.lastPathComponent) has weights in it")
    digest.add(data)
    files[location] = data
    return data
  }

  /// Whether `path`, with all links followed, lies in `folder`; also where nothing is there.
  private static func isWithin(_ path: String, _ folder: String) -> Bool {
    guard let real = resolved(path) else { return true }
    guard let folder = resolved(folder.isEmpty ? "." : folder) else { return false }
    return real.hasPrefix(folder == "/" ? folder : folder + "/")
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
