import Glibc

/// What tells two states of a regular file apart, without reading it.
package struct FileStamp: Equatable, Sendable {
  private let node, size, seconds, nanoseconds: Int

  /// - Returns: nil where there is no regular file; a link is none.
  package init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    (node, size) = (Int(status.st_ino), Int(status.st_size))
    (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }
}
