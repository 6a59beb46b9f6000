/// A file of one NumPy array (`.npy`) or of several (`.npz`), told apart by its first bytes: a pipe has no
/// ending, and files are renamed.
package enum ArrayFile {
  /// Not read yet.
  case array(InputFile)
  case archive(NPZArchive)

  /// - Parameter expected: what is wanted, for the error.
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for another kind of file that does not claim by its
  ///   ending to be one of these.
  package init(_ path: String, expected: String) throws(FileError) {
    try self.init(InputFile(path), expected: expected)
  }

  /// The same of a file that is open, and of which nothing was taken.
  package init(_ file: InputFile, expected: String) throws(FileError) {
    let path = file.path
    let kind = FileKind(start: try file.peek(FileKind.startSize), path: path)
    let ending = path.pathExtension.lowercased()
    switch (kind, ending) {
    case (.numPyArray, _): self = .array(file)
    case (.numPyArchive, _): self = .archive(try NPZArchive(file))
    // What is wrong with them, their readers say.
    case (_, "npy"): self = .array(file)
    case (_, "npz"): self = .archive(try NPZArchive(file))
    default:
      let other = ending.isEmpty ? "a file whose name does not tell its kind" : "a .\(ending) file"
      let found = kind.flatMap { $0 == .text ? nil : $0.sentence(wanted: .array) }
      throw .malformed(path: path, expected: expected, found: found.map { "\(other): \($0)" } ?? other)
    }
  }
}
