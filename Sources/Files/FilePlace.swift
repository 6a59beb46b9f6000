import Glibc

/// Which file or folder of this machine a path leads to, however it is written.
package struct FilePlace: Equatable {
  private let device, node: UInt64

  /// - Returns: nil where nothing is there.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, node) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
