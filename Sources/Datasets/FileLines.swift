import Files
import Glibc

/// The lines of a text file, one after another, in memory of a fixed size.
///
/// A line ends with a line feed; a carriage return before it belongs to the line. Knows no encoding.
struct FileLines: ~Copyable {
  /// No line that is read here is longer, in bytes.
  static let longestLine = 1 << 22

  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: longestLine)
  private var pending: Range<Int> = 0..<0
  /// The number of the line that was read last, from 1.
  private(set) var number = 0

  init(_ path: String) throws(FileError) {
    try AtomicFile.checkIsFile(path)
    guard let file = fopen(path, "rbe") else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    self.path = path
    self.file = file
  }

  deinit {
    fclose(file)
    buffer.deallocate()
  }

  /// The next line, valid until the one after it is read; nil at the end of the file.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)``, and ``FileError/malformed(path:expected:found:)`` for
  ///   a line that is too long.
  mutating func next() throws(FileError) -> UnsafeBufferPointer<UInt8>? {
    var searched = 0
    while true {
      let unread = UnsafeBufferPointer(rebasing: buffer[pending])
      if let start = unread.baseAddress, let end = memchr(start + searched, 10, unread.count - searched) {
        let length = UnsafeRawPointer(start).distance(to: end)
        pending = pending.lowerBound + length + 1..<pending.upperBound
        number += 1
        return UnsafeBufferPointer(start: start, count: length)
      }
      searched = unread.count
      if try fill() { continue }
      // The last line may lack its end.
      guard searched > 0 else { return nil }
      pending = pending.upperBound..<pending.upperBound
      number += 1
      return unread
    }
  }

  /// Reads on; false at the end of the file.
  private mutating func fill() throws(FileError) -> Bool {
    guard let base = buffer.baseAddress else { return false }
    if pending.lowerBound > 0 {
      memmove(base, base + pending.lowerBound, pending.count)
      pending = 0..<pending.count
    }
    guard pending.count < buffer.count else {
      throw .malformed(
        path: path, expected: "lines of at most \(Self.longestLine) bytes",
        found: "a longer one in line \(number + 1)")
    }
    let count = fread(base + pending.count, 1, buffer.count - pending.count, file)
    guard ferror(file) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    pending = 0..<pending.count + count
    return count > 0
  }
}
