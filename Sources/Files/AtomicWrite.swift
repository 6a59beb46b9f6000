import FoundationEssentials
import Glibc

/// Whole-file reading and writing.
///
/// A file is written beside its destination, flushed to the disk, and renamed over it, and then the folder is
/// flushed too. Whatever happens (no space, no permission, a kill) the destination holds either its old
/// content or all of the new one. What a killed process left half-written is removed by the next one that
/// writes into the folder (`TemporaryFile`).
///
/// A symbolic link stays: what it points at is replaced, or made. Devices and named pipes are written to as
/// they are. Does not lock: of two writers at once, the later rename wins whole.
public enum AtomicFile {
  /// Writes `data` to `path`, creating the folders above it.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``; nothing new is left behind.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    WriteLog.begin()
    defer { WriteLog.end() }
    switch try Destination(path) {
    case .stream: try stream(data, to: path)
    case .file(let target): try replace(target, by: data, path: path)
    }
    WriteLog.add(path)
  }

  /// Writes `text` as UTF-8.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Data(text.utf8), to: path)
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
    var isFolder = false
    if failure == EEXIST, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      failure = isFolder ? 0 : ENOTDIR
    }
    guard failure == 0 else { throw .unwritable(path: path, reason: reason(failure)) }
  }

  /// Has the disk keep what the folder of `path` says: without it, a rename may be forgotten when the power
  /// fails.
  ///
  /// Where a folder cannot be opened or flushed (some file systems know no such thing), nothing is done.
  package static func flushFolder(of path: String) {
    let folder = parent(of: path)
    let descriptor = open(
      folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  // MARK: - Writing

  private static func replace(_ target: String, by data: Data, path: String) throws(FileError) {
    let folder = parent(of: target)
    if !folder.isEmpty { try createFolder(folder) }
    TemporaryFile.sweep(folder: folder)
    let temporary = try TemporaryFile(for: target, path: path)
    // Open until it has its name: whoever finds it closed takes it for the leftover of a killed process.
    defer { close(temporary.descriptor) }
    do throws(FileError) {
      try fill(temporary.descriptor, with: data, path: path)
      guard fsync(temporary.descriptor) == 0, rename(temporary.path, target) == 0 else {
        throw .unwritable(path: path, reason: reason(errno))
      }
    } catch {
      unlink(temporary.path)
      throw error
    }
    flushFolder(of: target)
  }

  /// To something that is no file: what has been written cannot be taken back.
  private static func stream(_ data: Data, to path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: reason(errno)) }
    do throws(FileError) {
      try fill(descriptor, with: data, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw .unwritable(path: path, reason: reason(errno)) }
  }

  /// Writes all of `data` where the open file stands, however often the system takes only a part.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package static func fill(_ descriptor: Int32, with data: Data, path: String) throws(FileError) {
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), data.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path: path, reason: reason(errno)) }
      written += count
    }
  }

  /// What stands before the last slash; empty where there is none. (Foundation's own traps on "a".)
  static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// What the operating system means by a number.
  static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Where the bytes meant for a path go.
private enum Destination {
  /// To a file, there or not, under this name: that of the path, or where its symbolic links lead.
  case file(String)
  /// To a device, a pipe, or an open file by the number of its descriptor.
  case stream

  /// As many symbolic links in a row as Linux follows.
  private static let mostLinks = 40

  init(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw .unwritable(path: path, reason: AtomicFile.reason(EISDIR))
      default:
        self = .stream
        return
      }
    } else if errno != ENOENT {
      throw .unwritable(path: path, reason: AtomicFile.reason(errno))
    }
    guard !path.hasSuffix("/") else { throw .unwritable(path: path, reason: AtomicFile.reason(EISDIR)) }
    var target = path
    for _ in 0...Self.mostLinks {
      guard lstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else {
        self = .file(target)
        return
      }
      // The links there stand for open files (/dev/stdout leads to one); they are no names.
      var processes = stat()
      if stat("/proc", &processes) == 0, status.st_dev == processes.st_dev {
        self = .stream
        return
      }
      var link = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(target, &link, link.count)
      guard count > 0 else { throw .unwritable(path: path, reason: AtomicFile.reason(errno)) }
      let next = String(decoding: link.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let folder = AtomicFile.parent(of: target)
      target = next.hasPrefix("/") || !target.contains("/") ? next : "\(folder)/\(next)"
    }
    throw .unwritable(path: path, reason: AtomicFile.reason(ELOOP))
  }
}
