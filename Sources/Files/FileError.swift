/// What can go wrong between Assay and the file system, in one sentence that names the file, what was
/// expected and what was found.
///
/// Every reader and writer of the package throws this type, so that a command has one place that turns a
/// failure into an exit code. What comes from outside is shown shortened, on one line
/// (``Swift/String/visible(limit:)``).
public enum FileError: Error, Equatable, Sendable {
  /// Nothing is there. `remedy` tells how to get it.
  case missing(path: String, remedy: String)
  /// Something is there, but it cannot be read.
  case unreadable(path: String, reason: String)
  /// It was read, and it is not what it should be.
  case malformed(path: String, expected: String, found: String)
  /// The result cannot be put there.
  case unwritable(path: String, reason: String)

  /// The file or folder that the error is about.
  public var path: String {
    switch self {
    case .missing(let path, _), .unreadable(let path, _), .malformed(let path, _, _),
      .unwritable(let path, _):
      path
    }
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence on one line: the path, and what is wrong. Long texts are shortened.
  public var description: String {
    switch self {
    case .missing(let path, let remedy):
      "\(path.visible(limit: 400)): not found; \(remedy.visible(limit: 1000))"
    case .unreadable(let path, let reason): "\(path.visible(limit: 400)): cannot be read: \(reason.visible())"
    case .malformed(let path, let expected, let found):
      "\(path.visible(limit: 400)): expected \(expected.visible(limit: 400)), found \(found.visible())"
    case .unwritable(let path, let reason):
      "\(path.visible(limit: 400)): cannot be written: \(reason.visible())"
    }
  }
}
