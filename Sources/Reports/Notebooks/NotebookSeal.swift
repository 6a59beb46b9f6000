import Files
import FoundationEssentials

/// What tells a notebook as it was exported from one that another hand has changed: the SHA-256 of all that
/// it holds, in its own metadata.
enum NotebookSeal {
  /// Its place in the metadata.
  static let name = "assay"
  static let field = "content_sha256"

  static func sha256(_ content: NotebookJSON) -> String { SHA256.hex(of: Data(content.description.utf8)) }

  /// Why the notebook at `path` is not to be replaced, and the files that it lists where it is.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)` for a notebook that is not as it was exported;
  ///   ``FileError/unreadable(path:reason:)``.
  static func filesOfExport(at path: String) throws(FileError) -> [String] {
    let data = try AtomicFile.read(path)
    guard case .object(var content)? = try? JSONDecoder().decode(NotebookJSON.self, from: data),
      case .object(var metadata)? = content["metadata"], case .object(var seal)? = metadata[name],
      case .text(let sha256)? = seal.removeValue(forKey: field)
    else { throw .unwritable(path: path, reason: "it was not exported by this command; \(remedy)") }
    metadata[name] = .object(seal)
    content["metadata"] = .object(metadata)
    guard self.sha256(.object(content)) == sha256 else {
      throw .unwritable(path: path, reason: "it was changed after it was exported; \(remedy)")
    }
    guard case .list(let files)? = seal["files"] else { return [] }
    return files.compactMap { if case .text(let name) = $0 { name } else { nil } }
  }

  static let remedy = "ask for it to be replaced, or name another file"
}
