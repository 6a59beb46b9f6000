import Files
import FoundationEssentials
import Glibc

/// A file under way: it grows, survives an interruption, and gets its name when it is complete.
///
/// Not for more than one writer of different contents; two that write the same content do no harm, because
/// every write says where it goes.
final class PartialFile {
  private let path: String
  private let descriptor: Int32
  /// How many bytes are there.
  private(set) var count: Int

  /// Opens the file at `path`, with what an earlier attempt left in it, or creates it.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  init(path: String) throws(FileError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    self.path = path
    count = Int(clamping: lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  /// Puts `bytes` at `offset`, after which the file ends.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  func write(_ bytes: Data, at offset: Int) throws(FileError) {
    try check(ftruncate(descriptor, offset) == 0 && lseek(descriptor, offset, SEEK_SET) == offset)
    try AtomicFile.fill(descriptor, with: bytes, path: path)
    count = offset + bytes.count
  }

  /// All of it.
  func read() throws(FileError) -> Data {
    try AtomicFile.read(path, limit: IDX.largestFile)
  }

  /// Flushes it to the disk and gives it its name, in one step that either happens or does not.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  func finish(as final: String) throws(FileError) {
    try check(fsync(descriptor) == 0)
    guard rename(path, final) == 0 else {
      throw .unwritable(path: final, reason: String(cString: strerror(errno)))
    }
    AtomicFile.flushFolder(of: final)
  }

  func delete() {
    unlink(path)
  }

  private func check(_ isDone: Bool) throws(FileError) {
    if !isDone { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
  }
}
