import Files
import FoundationEssentials
import Glibc

/// Writes the file of a part, piece by piece.
///
/// Until all pieces are there the file is called `….partial`; a process that is killed loses the piece that
/// it was at, and the next one goes on behind the last whole piece. Another configuration begins anew.
public final class PartWriter {
  /// Which part it is.
  public let shard: Shard
  /// Where the file comes to lie.
  public let path: String
  private var configuration: PartConfiguration
  private var file: (descriptor: Int32, content: PartContent)?
  private var known = 0

  /// A part in a folder, which is made where it is missing.
  ///
  /// - Parameters:
  ///   - shard: which one.
  ///   - folder: of all parts.
  ///   - configuration: without inputs, which ``Division/begin(inputs:items:unit:)`` adds.
  public init(_ shard: Shard, in folder: String, _ configuration: PartConfiguration) {
    (self.shard, self.configuration) = (shard, configuration)
    path = "\(folder)/\(Self.name(shard))"
  }

  deinit { if let file { close(file.descriptor) } }

  /// What the file of a part is called.
  static func name(_ shard: Shard) -> String { "part-\(shard.index)-of-\(shard.count).assay" }

  /// Behind the name of a part that is not complete.
  static let unfinished = ".partial"
  private var partial: String { path + Self.unfinished }

  func begin(inputs: [String: String], items: Int, unit: String) throws(FileError) {
    guard shard.count <= items else {
      throw .malformed(
        path: "part \(shard)", expected: "at most as many parts as \(unit), \(items)",
        found: "\(shard.count)")
    }
    configuration.inputs = inputs
    defer { if file != nil { WriteLog.add(partial) } }
    let header = PartHeader(shard, configuration)
    try AtomicFile.createFolder(path.deletingLastPathComponent)
    guard let descriptor = Self.open(partial, O_RDWR | O_CREAT) else { throw failure() }
    defer { if file == nil { close(descriptor) } }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw .unwritable(path: partial, reason: "another process writes this part")
    }
    // A part that is complete stays where it is until this one takes its place.
    if let done = Self.open(path, O_RDONLY) {
      defer { close(done) }
      if let content = try? PartContent(done, path: path), content.header == header, content.isComplete {
        try copy(done, to: descriptor)
      }
    }
    if let content = try? PartContent(descriptor, path: partial), content.header == header {
      known = content.values.count
      file = (descriptor, content)
      guard ftruncate(descriptor, off_t(content.end)) == 0 else { throw failure() }
    } else {
      guard ftruncate(descriptor, 0) == 0 else { throw failure() }
      try append(Self.line(header), to: descriptor)
      file = (descriptor, try PartContent(descriptor, path: partial))
    }
  }

  private func copy(_ source: Int32, to descriptor: Int32) throws(FileError) {
    guard ftruncate(descriptor, 0) == 0 else { throw failure() }
    var (block, offset) = ([UInt8](repeating: 0, count: 1 << 16), off_t(0))
    while true {
      let count = pread(source, &block, block.count, offset)
      guard count >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
      guard count > 0 else { return }
      try append(Data(block[..<count]), to: descriptor)
      offset += off_t(count)
    }
  }

  /// The value of a piece that a former run has written.
  func value<Value: Decodable>(_ place: PartRecord.Place, _ title: String) throws(FileError) -> Value? {
    guard let file, let value = file.content.values[place], value.record.title == title else { return nil }
    return try value.decoded(from: file.descriptor, path: partial)
  }

  func add(_ value: some Encodable, _ place: PartRecord.Place, _ title: String) throws {
    guard let (descriptor, end) = file.map({ ($0.descriptor, $0.content.end) }) else {
      preconditionFailure("PartWriter: a piece before begin")
    }
    let data = Data(try JSON.line(value).utf8)
    let record = PartRecord(
      task: place.task, piece: place.piece, title: title, bytes: data.count, sha256: SHA256.hex(of: data))
    let line = Self.line(record)
    let offset = end + line.count
    try append(line + data + Data("\n".utf8), to: descriptor)
    file?.content.add(record, at: offset)
  }

  func end() throws(FileError) -> PartDone {
    guard let file else { preconditionFailure("PartWriter: an end before begin") }
    let pieces = file.content.values.count
    try append(Self.line(PartEnd(pieces: pieces)), to: file.descriptor)
    guard fsync(file.descriptor) == 0, rename(partial, path) == 0 else { throw failure() }
    AtomicFile.flushFolder(of: path)
    return PartDone(path: path, shard: shard, pieces: pieces, known: known)
  }

  // MARK: - Bytes

  private func append(_ data: Data, to descriptor: Int32) throws(FileError) {
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw failure() }
    try AtomicFile.fill(descriptor, with: data, path: partial)
  }

  private static func line(_ value: some Encodable) -> Data {
    // Names and numbers: there is nothing in them that JSON has no form for.
    Data(((try? JSON.line(value)) ?? "").utf8) + Data("\n".utf8)
  }

  private static func open(_ path: String, _ flags: Int32) -> Int32? {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o666)
    return descriptor >= 0 ? descriptor : nil
  }

  private func failure() -> FileError {
    .unwritable(path: partial, reason: String(cString: strerror(errno)))
  }
}

extension PartContent.Value {
  /// Reads the value of the piece.
  func decoded<Value: Decodable>(from descriptor: Int32, path: String) throws(FileError) -> Value {
    var bytes = [UInt8](repeating: 0, count: record.bytes)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { bytes in
        pread(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
      }
      guard count > 0 else { throw .unreadable(path: path, reason: "it became shorter") }
      done += count
    }
    do {
      return try JSON.value(Value.self, from: Data(bytes))
    } catch {
      throw .malformed(
        path: path, expected: "values of \(record.title)", found: "others in piece \(record.piece)")
    }
  }
}
