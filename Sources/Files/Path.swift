/// Parts of a path, by its slashes and by the last dot of its name. The file system is not asked.
///
/// As Foundation has them: slashes at the end do not count, and a name that begins with its only dot has no
/// ending. Other than there, the rest of a path stays as it is written, and `a.` has no ending to be left
/// out.
extension String {
  /// What stands behind the last slash: `weights.npy` of `runs/a/weights.npy`, `/` of `/`.
  package var lastPathComponent: String {
    let path = withoutSlashesAtEnd
    guard path != "/" else { return "/" }
    return String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }

  /// What stands before the last slash: `runs/a` of `runs/a/weights.npy`, nothing of `weights.npy`.
  package var deletingLastPathComponent: String {
    let path = withoutSlashesAtEnd
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash].withoutSlashesAtEnd)
  }

  /// What stands behind the last dot of the name: `npy` of `runs/a/weights.npy`.
  package var pathExtension: String {
    lastDot.map { String(withoutSlashesAtEnd[index(after: $0)...]) } ?? ""
  }

  /// The path without its ending and the dot before it: `runs/a/weights` of `runs/a/weights.npy`.
  package var deletingPathExtension: String {
    let path = withoutSlashesAtEnd
    return String(lastDot.map { path[..<$0] } ?? path)
  }

  /// The path of `name` in the folder that this is the path of.
  package func appendingPathComponent(_ name: String) -> String {
    isEmpty || hasSuffix("/") ? self + name : "\(self)/\(name)"
  }

  /// The dot before the ending, where the name has one.
  private var lastDot: Index? {
    let path = withoutSlashesAtEnd
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name.index(after: dot) != name.endIndex
    else { return nil }
    return dot
  }
}

extension StringProtocol {
  fileprivate var withoutSlashesAtEnd: SubSequence {
    var end = endIndex
    while end > startIndex, index(after: startIndex) < end, self[index(before: end)] == "/" {
      end = index(before: end)
    }
    return self[startIndex..<end]
  }
}
