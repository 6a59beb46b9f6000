import Glibc
import Synchronization

/// A file on its way to its name: `NAME.PID-RANDOM.tmp`, beside where it will be, locked (flock) as long as
/// it is written.
///
/// The lock ends with the process, however that ends: a file of such a name that nobody holds is a leftover.
/// That is known for certain, where the number of a process is not: it may have been given to another one, or
/// be that of another machine or container.
struct TemporaryFile {
  let path: String
  let descriptor: Int32

  /// Ten digits always, so that hardly any name of a user's looks like it.
  private static let numbers: ClosedRange<UInt32> = 1_000_000_000 ... .max
  /// What is added to a name must not make it longer than file systems allow (255 bytes).
  private static let longestName = 200
  /// The folders that this process has looked through. A leftover that appears later is found by the next
  /// process.
  private static let swept = Mutex<Set<String>>([])

  /// Makes the file for what will be at `target`, open for writing. `path` is the name in errors.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  init(for target: String, path: String) throws(FileError) {
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    let last = target.dropFirst(folder.count)
    let stem = last.utf8.count <= Self.longestName ? last : "file"
    var opened: Int32
    var name: String
    var status = stat()
    repeat {
      name = "\(folder)\(stem).\(getpid())-\(UInt32.random(in: Self.numbers)).tmp"
      opened = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard opened >= 0 else { throw .unwritable(path: path, reason: AtomicFile.reason(errno)) }
      // Where there are no locks, nothing is ever removed either.
      flock(opened, LOCK_EX)
      // Another process may have taken it for a leftover in the moment before it was locked.
      if fstat(opened, &status) == 0, status.st_nlink > 0 { break }
      close(opened)
    } while true
    self.path = name
    descriptor = opened
  }

  /// Removes what killed processes of this user left half-written in `folder`, once in the life of this
  /// process.
  static func sweep(folder: String) {
    let folder = folder.isEmpty ? "." : folder
    guard swept.withLock({ $0.insert(folder).inserted }), let list = opendir(folder) else { return }
    defer { closedir(list) }
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isName(name) { removeIfLeft("\(folder)/\(name)") }
    }
  }

  /// Whether it is of the form `NAME.PID-RANDOM.tmp`.
  static func isName(_ name: String) -> Bool {
    func number(_ text: Substring, in range: ClosedRange<UInt32>) -> Bool {
      guard let value = UInt32(text) else { return false }
      return range.contains(value) && String(value) == text
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.last == "tmp", name.first != ".", let numbers = parts.dropLast().last else {
      return false
    }
    let pair = numbers.split(separator: "-", omittingEmptySubsequences: false)
    return pair.count == 2 && number(pair[0], in: 1...4_194_304) && number(pair[1], in: Self.numbers)
  }

  private static func removeIfLeft(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
      status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}
