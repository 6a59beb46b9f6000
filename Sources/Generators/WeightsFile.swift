import Files
import Network

/// What every file of trained weights is checked for.
extension Safetensors {
  /// - Parameters:
  ///   - kind: what is wanted, such as `a generator`.
  ///   - remedy: what is to be done where there is no file.
  /// - Throws: ``FileError``: missing, unreadable, or of another format.
  static func read(
    _ path: String, as kind: String, format: String, remedy: String
  ) throws(FileError) -> (file: Safetensors, sha256: String) {
    let (file, sha256) = try read(path, remedy: remedy) { (header) throws(FileError) in
      guard header.metadata["format"] == format else {
        throw .malformed(
          path: path, expected: "\(kind) (\(format))",
          found: header.metadata["format"].map { "the format \($0.visible(limit: 80))" }
            ?? "a safetensors file that does not say what it is: its metadata has no format")
      }
    }
    return (file, sha256)
  }
}
