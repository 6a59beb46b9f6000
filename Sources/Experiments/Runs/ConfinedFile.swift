import Files
import FoundationEssentials
import Glibc

/// Reads a file below a folder, and nothing outside of it: no step of the way may be a link.
package enum ConfinedFile {
  /// The bytes of a file that lies in a folder.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)`` where ``read(_:in:limit:)`` finds none.
  package static func read(_ place: String, below root: String, limit: Int) throws(FileError) -> Data {
    let start = root.hasSuffix("/") ? root : root + "/"
    guard place.hasPrefix(start),
      let data = read(String(place.dropFirst(start.count)), in: root, limit: limit)
    else { throw .missing(path: place, remedy: "expected a file of at most \(limit) bytes, and no link") }
    return data
  }

  /// The bytes; nil where a step is missing, a link, or no regular file at the end, or it is too large.
  package static func read(_ name: String, in folder: String, limit: Int) -> Data? {
    let steps = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !steps.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), let last = steps.last else {
      return nil
    }
    var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for step in steps.dropLast() where descriptor >= 0 {
      let next = openat(descriptor, step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      close(descriptor)
      descriptor = next
    }
    guard descriptor >= 0 else { return nil }
    // Not to wait for the other end of a pipe.
    let file = openat(descriptor, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    close(descriptor)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
      return nil
    }
    var data = Data(count: Int(status.st_size))
    var done = 0
    while done < data.count {
      let rest = data.count - done
      let count = data.withUnsafeMutableBytes { bytes in
        Glibc.read(file, bytes.baseAddress?.advanced(by: done), rest)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      done += count
    }
    return data.prefix(done)
  }
}
