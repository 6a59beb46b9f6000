import Glibc

/// A folder taken for one process.
///
/// The lock is the system's (flock) on the folder itself: it leaves no file behind and ends with the process,
/// however that ends.
public final class FolderLock {
  private let descriptor: Int32

  /// Takes the folder at `path`, which is made where it is missing.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)`` where another process has it.
  public init(_ path: String) throws(FileError) {
    try AtomicFile.createFolder(path)
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let reason = isTaken ? "another run is at work in it" : String(cString: strerror(errno))
      close(descriptor)
      throw .unwritable(path: path, reason: reason)
    }
  }

  deinit { close(descriptor) }
}
