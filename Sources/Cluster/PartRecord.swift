import Files
import FoundationEssentials
import Glibc

/// What all parts of a piece of work have in common. Parts of different configurations are never merged.
public struct PartConfiguration: Codable, Equatable, Sendable {
  /// Of the program.
  public var version: String
  /// The arguments, without those that say which part it is and where results go.
  public var command: [String]
  /// What the values follow from beside the arguments, such as digests of files, by name.
  public var inputs: [String: String] = [:]

  /// The configuration of a command, whose inputs are not known yet.
  public init(version: String, command: [String]) { (self.version, self.command) = (version, command) }

  /// What differs, as (expected, found); nil where nothing does.
  func difference(to other: PartConfiguration) -> (expected: String, found: String)? {
    if version != other.version { return ("version \(version)", other.version) }
    if command != other.command {
      return (command.joined(separator: " "), other.command.joined(separator: " "))
    }
    for name in Set(inputs.keys).union(other.inputs.keys).sorted() where inputs[name] != other.inputs[name] {
      return ("\(name) \(inputs[name] ?? "absent")", other.inputs[name] ?? "none")
    }
    return nil
  }
}

/// A piece of a task in the file of a part.
///
/// The file is made of lines of JSON; behind that of a piece stands its value, so many bytes and a newline:
///
///     {"configuration": …, "count": 4, "index": 2, "schema": "assay/part/1"}
///     {"bytes": 240, "piece": 1, "sha256": "…", "task": 0, "title": "conv fgsm foreground"}
///     …
///     {"pieces": 12}
///
/// Without the last line it is not complete. A piece whose bytes do not have its digest is none.
struct PartRecord: Codable {
  /// Where a piece belongs.
  struct Place: Hashable {
    let task, piece: Int
  }

  let task, piece: Int
  /// The task's name.
  let title: String
  /// The length of the value.
  let bytes: Int
  /// Of the value.
  let sha256: String

  var place: Place { Place(task: task, piece: piece) }
}

/// The first line of a part's file.
struct PartHeader: Codable, Equatable {
  static let schema = "assay/part/1"

  let schema: String
  let index, count: Int
  let configuration: PartConfiguration

  init(_ shard: Shard, _ configuration: PartConfiguration) {
    schema = Self.schema
    (index, count) = (shard.index, shard.count)
    self.configuration = configuration
  }
}

/// The last line of a part's file.
struct PartEnd: Codable {
  let pieces: Int
}

/// What a part's file holds: its pieces by their places, and where their values are.
struct PartContent {
  struct Value {
    let record: PartRecord
    /// Where its bytes begin in the file.
    let offset: Int
  }

  let header: PartHeader
  private(set) var values: [PartRecord.Place: Value] = [:]
  /// Whether the file has its last line.
  private(set) var isComplete = false
  /// Up to where the file is whole, without its last line.
  private(set) var end: Int

  /// Reads all but the values, which are hashed and not kept.
  ///
  /// - Parameter path: of the file, for errors.
  /// - Throws: `FileError.malformed` for a file that does not begin as one of a part does;
  ///   `FileError.unreadable`. What is damaged further behind ends the content there.
  init(_ descriptor: Int32, path: String) throws(FileError) {
    var lines = LineReader(descriptor)
    guard let first = lines.next(), let header = try? JSON.value(PartHeader.self, from: first),
      header.schema == PartHeader.schema, Shard(header.index, of: header.count) != nil
    else {
      throw .malformed(path: path, expected: "a part of some work", found: "something else")
    }
    self.header = header
    end = lines.offset
    while let line = lines.next() {
      if let last = try? JSON.value(PartEnd.self, from: line) {
        isComplete = last.pieces == values.count
        return
      }
      guard let record = try? JSON.value(PartRecord.self, from: line), record.bytes >= 0 else { return }
      let offset = lines.offset
      guard lines.digest(of: record.bytes) == record.sha256, lines.next()?.isEmpty == true else { return }
      values[record.place] = Value(record: record, offset: offset)
      end = lines.offset
    }
  }

  /// Adds a piece that was written behind the others.
  mutating func add(_ record: PartRecord, at offset: Int) {
    values[record.place] = Value(record: record, offset: offset)
    end = offset + record.bytes + 1
  }
}

/// Reads lines and blocks of bytes one after the other, in little memory.
private struct LineReader {
  private let descriptor: Int32
  /// Where the next byte stands in the file.
  private(set) var offset = 0
  private var buffer = Data()
  private var start = 0

  /// No line of ours is longer.
  private static let longest = 1 << 20
  private static let block = 1 << 16

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The next line, without its newline; nil where there is none that ends.
  mutating func next() -> Data? {
    var length = 0
    while true {
      if let end = buffer[(start + length)...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Data(buffer[start..<end])
        offset += end + 1 - start
        start = end + 1
        return line
      }
      length = buffer.count - start
      guard length <= Self.longest, fill() else { return nil }
    }
  }

  /// The SHA-256 of the next bytes; nil where the file ends before.
  mutating func digest(of count: Int) -> String? {
    let hash = SHA256.Running()
    var left = count
    while left > 0 {
      if start == buffer.count { guard fill() else { return nil } }
      let taken = min(left, buffer.count - start)
      hash.add(Data(buffer[start..<start + taken]))
      start += taken
      offset += taken
      left -= taken
    }
    return hash.hex()
  }

  /// Reads on; what was taken already is dropped.
  private mutating func fill() -> Bool {
    var more = [UInt8](repeating: 0, count: Self.block)
    let count = pread(descriptor, &more, more.count, off_t(offset + buffer.count - start))
    guard count > 0 else { return false }
    buffer = Data(buffer[start...]) + more.prefix(count)
    start = 0
    return true
  }
}
