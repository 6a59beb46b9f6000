import FoundationEssentials
import Glibc

/// A file that is read once, from its beginning to its end: on a disk, in memory, or out of a pipe or a
/// device that does not tell its length.
///
/// Readers look at the beginning, judge what it promises, and only then ask for the rest: no memory is taken
/// on the word of a file.
package final class InputFile {
  package let path: String
  /// How many bytes are left, where that is known: not for pipes and devices.
  package var remaining: Int? { unread.map { $0 + ahead.count } }
  /// The same without those that were looked at.
  private var unread: Int?
  /// Whether ``path`` may be opened anew: it is a regular file.
  package var isOnDisk: Bool {
    if case .descriptor = source { unread != nil } else { false }
  }
  /// The first bytes, for ``FileKind``; there as soon as they were asked for or read.
  private var ahead = Data()
  private let source: Source
  private let hash: SHA256.Running?

  private enum Source {
    case descriptor(Int32)
    case memory(Data)
  }

  /// Opens the file at `path`.
  ///
  /// - Parameters:
  ///   - remedy: what to tell a person when the file is not there.
  ///   - isHashed: whether ``sha256()`` will be asked for.
  /// - Throws: ``FileError/missing(path:remedy:)`` or ``FileError/unreadable(path:reason:)``, for a folder
  ///   too.
  package init(_ path: String, remedy: String = "check the path", isHashed: Bool = false) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFile.readingFailure(errno, path: path, remedy: remedy) }
    self.path = path
    source = .descriptor(descriptor)
    hash = isHashed ? SHA256.Running() : nil
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw .unreadable(path: path, reason: "it is a folder")
    }
    // A length of 0 is also what the files of /proc have.
    unread = status.st_mode & S_IFMT == S_IFREG && status.st_size > 0 ? Int(status.st_size) : nil
  }

  /// Reads `data` as if it were the file at `path`.
  package init(_ data: Data, path: String) {
    self.path = path
    source = .memory(data)
    hash = nil
    unread = data.count
  }

  deinit { if case .descriptor(let descriptor) = source { close(descriptor) } }

  /// The next `count` bytes; fewer only where the file ends.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)``.
  package func take(_ count: Int) throws(FileError) -> Data {
    let first = ahead.prefix(count)
    guard !first.isEmpty else { return try next(count) }
    ahead = Data(ahead.dropFirst(first.count))
    return first.count == count ? Data(first) : Data(first) + (try next(count - first.count))
  }

  /// The next `count` bytes, which remain to be taken. For the few at the beginning that tell what a file is.
  package func peek(_ count: Int) throws(FileError) -> Data {
    if ahead.count < count { ahead += try next(count - ahead.count) }
    return ahead.prefix(count)
  }

  /// All that is left, unless it is more than `limit` bytes.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` beyond the limit; then at most that much was
  ///   read.
  package func rest(limit: Int) throws(FileError) -> Data {
    let known = remaining
    if let known, known > limit { throw tooLarge("\(known)", limit: limit) }
    let data = try take(known ?? limit)
    guard try peek(1).isEmpty else { throw tooLarge("more", limit: limit) }
    return data
  }

  /// The digest of all bytes taken so far, in hexadecimal.
  ///
  /// - Precondition: the file was opened with `isHashed`.
  package func sha256() -> String {
    guard let hash else { preconditionFailure("InputFile: the digest of a file that was opened without one") }
    return hash.hex()
  }

  private func tooLarge(_ found: String, limit: Int) -> FileError {
    .malformed(path: path, expected: "at most \(limit) bytes", found: found)
  }

  // MARK: - The source

  /// Where the length is not known, memory grows with what has come.
  private static let pieceSize = 1 << 20

  private func next(_ count: Int) throws(FileError) -> Data {
    switch source {
    case .memory(let data):
      let bytes = data.suffix(unread ?? 0).prefix(count)
      unread = (unread ?? 0) - bytes.count
      return bytes
    case .descriptor(let descriptor):
      guard let unread else {
        var data = Data()
        while data.count < count {
          let piece = try read(descriptor, min(count - data.count, Self.pieceSize))
          if piece.isEmpty { break }
          data += piece
        }
        return data
      }
      let data = try read(descriptor, min(count, unread))
      self.unread = unread - data.count
      return data
    }
  }

  /// `count` bytes, fewer only at the end.
  private func read(_ descriptor: Int32, _ count: Int) throws(FileError) -> Data {
    var data = Data(count: count)
    var done = 0
    while done < count {
      let found = data.withUnsafeMutableBytes { bytes in
        Glibc.read(descriptor, bytes.baseAddress?.advanced(by: done), count - done)
      }
      if found < 0, errno == EINTR { continue }
      guard found >= 0 else { throw .unreadable(path: path, reason: AtomicFile.reason(errno)) }
      if found == 0 { break }
      done += found
    }
    if done < count { data = data.prefix(done) }
    hash?.add(data)
    return data
  }
}

extension AtomicFile {
  /// The most that ``read(_:remedy:limit:)`` takes unless told: pictures, tables and results are smaller by
  /// far.
  public static let largestFile = 1 << 28

  /// All bytes of a file.
  ///
  /// - Parameters:
  ///   - path: of the file, which may be a pipe or a device.
  ///   - remedy: what to tell a person when the file is not there.
  ///   - limit: the most that is read, in bytes.
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for more than the limit.
  public static func read(
    _ path: String, remedy: String = "check the path", limit: Int = largestFile
  ) throws(FileError) -> Data {
    try InputFile(path, remedy: remedy).rest(limit: limit)
  }

  /// Whether a folder is at `path`, or else something that may be read like a file.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)`` where nothing is there, and
  ///   ``FileError/unreadable(path:reason:)`` where it is not allowed to look.
  package static func isFolder(_ path: String, remedy: String = "check the path") throws(FileError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { throw readingFailure(errno, path: path, remedy: remedy) }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether something other than a folder is at `path`; for those who read by other means than
  /// ``read(_:remedy:limit:)``.
  ///
  /// - Throws: as ``read(_:remedy:limit:)``.
  package static func checkIsFile(_ path: String, remedy: String = "check the path") throws(FileError) {
    guard try !isFolder(path, remedy: remedy) else { throw .unreadable(path: path, reason: "it is a folder") }
  }

  /// What keeps a file from being read: that it is not there is only one reason.
  package static func readingFailure(
    _ code: Int32, path: String, remedy: String = "check the path"
  ) -> FileError {
    code == ENOENT ? .missing(path: path, remedy: remedy) : .unreadable(path: path, reason: reason(code))
  }
}
