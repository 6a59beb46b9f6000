import Foundation

/// Whole-file reading and writing.
///
/// A file is written beside its destination, flushed to the disk, and renamed over it. Whatever happens
/// (no space, no permission, a kill) the destination holds either its old content or all of the new one.
/// Does not lock: of two writers at once, the later rename wins whole.
public enum AtomicFile {
  /// Writes `data` to `path`, creating the folders above it.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``; nothing new is left behind.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    WriteLog.begin()
    defer { WriteLog.end() }
    let folder = parent(of: path)
    if !folder.isEmpty { try createFolder(folder) }
    let temporary =
      "\(path).\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    do throws(FileError) {
      try fill(descriptor, with: data, path: path)
      guard rename(temporary, path) == 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    } catch {
      unlink(temporary)
      throw error
    }
    WriteLog.add(path)
  }

  /// Writes `text` as UTF-8.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Data(text.utf8), to: path)
  }

  /// All bytes of the file at `path`.
  ///
  /// - Parameter remedy: what to tell a person when the file is not there.
  /// - Throws: ``FileError/missing(path:remedy:)`` or ``FileError/unreadable(path:reason:)``.
  public static func read(_ path: String, remedy: String = "check the path") throws(FileError) -> Data {
    try checkIsFile(path, remedy: remedy)
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, reason: reason(of: error))
    }
  }

  /// Whether something other than a folder is at `path`; for those who read by other means than ``read(_:remedy:)``.
  ///
  /// - Throws: as ``read(_:remedy:)``.
  package static func checkIsFile(_ path: String, remedy: String = "check the path") throws(FileError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path, remedy: remedy)
    }
    guard !isFolder.boolValue else { throw .unreadable(path: path, reason: "it is a folder") }
  }

  /// Creates `path` and the folders above it, where they are missing.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func createFolder(_ path: String) throws(FileError) {
    var failure = mkdir(path, 0o777) == 0 ? 0 : errno
    let parent = parent(of: path)
    if failure == ENOENT, !parent.isEmpty {
      try createFolder(parent)
      failure = mkdir(path, 0o777) == 0 ? 0 : errno
    }
    var isFolder: ObjCBool = false
    if failure == EEXIST, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      failure = isFolder.boolValue ? 0 : ENOTDIR
    }
    guard failure == 0 else { throw .unwritable(path: path, reason: String(cString: strerror(failure))) }
  }

  /// Writes, flushes and closes; the descriptor is closed whatever happens.
  private static func fill(_ descriptor: Int32, with data: Data, path: String) throws(FileError) {
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress?.advanced(by: written), data.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    isOpen = false
    guard close(descriptor) == 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
  }

  /// What stands before the last slash; empty where there is none. (Foundation's own traps on "a".)
  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// What the operating system said last, in words.
  private static func lastSystemError() -> String {
    String(cString: strerror(errno))
  }

  /// Foundation wraps the system's error; its innermost message is the one that a person understands.
  private static func reason(of error: any Error) -> String {
    let outer = error as NSError
    let inner = outer.userInfo[NSUnderlyingErrorKey] as? NSError
    if let inner, inner.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(inner.code))) }
    return outer.localizedDescription
  }
}
