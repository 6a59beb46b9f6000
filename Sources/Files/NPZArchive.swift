import CZip
import FoundationEssentials
import Glibc

/// Several arrays in one file, as numpy.savez and numpy.savez_compressed write them: a zip archive of
/// `name.npy` entries, stored or deflated.
///
/// Open as long as the object lives. An entry is inflated no further than the header of its array says, and
/// no memory is taken on the word of the archive alone. ``NPZ`` writes.
public final class NPZArchive {
  /// DEFLATE cannot shrink anything by more than this.
  private static let largestRatio = 1032
  /// The directory cannot be read from a pipe, so what comes through one is kept in memory whole.
  private static let largestPiped = 1 << 28
  /// More arrays are taken for a mistake or an attack.
  private static let mostEntries = 10_000

  /// Where the archive came from, for errors.
  public let path: String
  /// The names of the arrays, in the order of the archive. Entries that are no arrays are passed over.
  public let names: [String]
  private let archive: OpaquePointer
  private let fileSize: UInt64
  /// The beginning of the file, which tells whose archive it is.
  private let start: Data

  /// Opens the archive at `path`, which may be a pipe, and reads its directory.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for what is no zip archive, and for one with two arrays
  ///   of one name.
  public convenience init(_ path: String) throws(FileError) { try self.init(InputFile(path)) }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of ``init(_:)``.
  public convenience init(_ data: Data, path: String) throws(FileError) {
    try self.init(InputFile(data, path: path))
  }

  package init(_ file: InputFile) throws(FileError) {
    path = file.path
    start = try file.peek(FileKind.startSize)
    // To libzip, nothing is an archive of nothing.
    guard !start.isEmpty else {
      throw .malformed(path: path, expected: "a zip archive of arrays", found: FileKind.empty.rawValue)
    }
    let size: Int
    if file.isOnDisk, let remaining = file.remaining {
      size = remaining
      archive = try Self.open(path, start: start)
    } else {
      let data = try file.rest(limit: Self.largestPiped)
      size = data.count
      archive = try Self.open(data, path: path, start: start)
    }
    fileSize = UInt64(size)
    let count = zip_get_num_entries(archive, 0)
    guard count <= Self.mostEntries else {
      zip_discard(archive)
      throw .malformed(path: path, expected: "at most \(Self.mostEntries) arrays", found: "\(count) entries")
    }
    var names: [String] = []
    for index in 0..<max(0, count) {
      let name = zip_get_name(archive, UInt64(index), 0).map { String(cString: $0) } ?? ""
      if name.hasSuffix(".npy") { names.append(String(name.dropLast(4))) }
    }
    var seen: Set<String> = []
    if let twice = names.first(where: { !seen.insert($0).inserted }) {
      zip_discard(archive)
      throw .malformed(path: path, expected: "a name for each array", found: "two called \(twice.quoted)")
    }
    self.names = names
  }

  private static func open(_ path: String, start: Data) throws(FileError) -> OpaquePointer {
    var code: Int32 = 0
    if let archive = zip_open(path, ZIP_RDONLY, &code) { return archive }
    var error = zip_error_t()
    zip_error_init_with_code(&error, code)
    throw failure(&error, path: path, start: start)
  }

  private static func open(_ data: Data, path: String, start: Data) throws(FileError) -> OpaquePointer {
    var error = zip_error_t()
    zip_error_init(&error)
    // libzip frees what it was given, so it gets a copy.
    let copy = malloc(max(1, data.count))
    data.withUnsafeBytes { bytes in
      if let copy, let base = bytes.baseAddress { memcpy(copy, base, bytes.count) }
    }
    guard let copy, let source = zip_source_buffer_create(copy, UInt64(data.count), 1, &error) else {
      free(copy)
      throw failure(&error, path: path, start: start)
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw failure(&error, path: path, start: start)
    }
    return archive
  }

  private static func failure(_ error: inout zip_error_t, path: String, start: Data) -> FileError {
    defer { zip_error_fini(&error) }
    let reason = String(cString: zip_error_strerror(&error))
    guard [ZIP_ER_NOZIP, ZIP_ER_INCONS].contains(zip_error_code_zip(&error)) else {
      return .unreadable(path: path, reason: reason)
    }
    let kind = FileKind(start: start, path: path)
    let isOther = kind != nil && kind != .numPyArchive && kind != .zip
    return .malformed(
      path: path, expected: "a zip archive of arrays",
      found: isOther
        ? FileKind.found(start, path: path, wanted: .array) : "other bytes (\(reason))")
  }

  deinit { zip_discard(archive) }

  /// The array called `name`.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` where there is none of this name, the entry is
  ///   damaged, encrypted or neither stored nor deflated, or ``NPYArray`` refuses what is in it.
  public func array(_ name: String) throws(FileError) -> NPYArray {
    guard names.contains(name) else {
      let listed = names.prefix(10).map { $0.visible(limit: 40) }.joined(separator: ", ")
      let kind = FileKind(start: start, path: path)
      let other = kind == .pyTorch || kind == .keras ? kind?.sentence(wanted: .array) : nil
      throw .malformed(
        path: path, expected: "an array called \(name)",
        found: names.isEmpty ? other ?? "no arrays" : listed + (names.count > 10 ? ", …" : ""))
    }
    let path = "\(path) (\(name))"
    let index = zip_name_locate(archive, "\(name).npy", 0)
    var status = zip_stat_t()
    guard index >= 0, zip_stat_index(archive, UInt64(index), 0, &status) == 0 else {
      throw damaged(path, String(cString: zip_strerror(archive)))
    }
    let size = try checkedSize(status, path: path)
    guard let file = zip_fopen_index(archive, UInt64(index), 0) else {
      throw damaged(path, String(cString: zip_strerror(archive)))
    }
    defer { zip_fclose(file) }

    // The header tells how much follows, before room is made for it.
    var content = try read(min(size, NPYHeader.longestSize), from: file, path: path)
    let header = try NPYHeader(content, path: path)
    guard header.contentSize == size - header.size else {
      throw .malformed(
        path: path, expected: "\(header.contentSize) bytes of elements, as its header says",
        found: "\(size - header.size)")
    }
    content = Data(content.dropFirst(header.size))
    content.reserveCapacity(header.contentSize)
    while content.count < header.contentSize {
      let piece = try read(min(header.contentSize - content.count, Self.pieceSize), from: file, path: path)
      guard !piece.isEmpty else {
        throw damaged(path, "it ends after \(content.count + header.size) of \(size) bytes")
      }
      content += piece
    }
    // Only at its end does libzip compare an entry with its checksum.
    guard try read(1, from: file, path: path).isEmpty else {
      throw .malformed(path: path, expected: "\(size) bytes, as its archive says", found: "more")
    }
    return NPYArray(header, content: content, path: path)
  }

  /// The inflated entry of the array called `name`, whatever is in it; nil where there is none that can be
  /// read, and for one of more than `limit` bytes.
  func bytes(of name: String, limit: Int) -> Data? {
    var status = zip_stat_t()
    guard zip_stat(archive, "\(name).npy", 0, &status) == 0,
      let size = try? checkedSize(status, path: path), size <= limit,
      let file = zip_fopen(archive, "\(name).npy", 0)
    else { return nil }
    defer { zip_fclose(file) }
    var content = Data()
    while content.count < size {
      guard let piece = try? read(min(size - content.count, Self.pieceSize), from: file, path: path),
        !piece.isEmpty
      else { return nil }
      content += piece
    }
    guard let end = try? read(1, from: file, path: path), end.isEmpty else { return nil }
    return content
  }

  private static let pieceSize = 1 << 22

  /// The inflated size of an entry, which its archive states, if that can be true.
  private func checkedSize(_ status: zip_stat_t, path: String) throws(FileError) -> Int {
    guard status.encryption_method == ZIP_EM_NONE,
      [ZIP_CM_STORE, ZIP_CM_DEFLATE].contains(Int32(status.comp_method))
    else {
      throw .malformed(
        path: path, expected: "a stored or deflated array",
        found: status.encryption_method == ZIP_EM_NONE
          ? "one of compression method \(status.comp_method)" : "an encrypted one")
    }
    guard status.comp_size <= fileSize, let size = Int(exactly: status.size),
      size / Self.largestRatio <= status.comp_size
    else {
      throw .malformed(
        path: path, expected: "an array that fits into \(fileSize) bytes of archive",
        found: "\(status.size) bytes, packed into \(status.comp_size)")
    }
    return size
  }

  /// Up to `count` bytes, fewer only at the end of the entry.
  private func read(_ count: Int, from file: OpaquePointer, path: String) throws(FileError) -> Data {
    var data = Data(count: count)
    let found = data.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { zip_fread(file, $0, UInt64(count)) } ?? 0
    }
    guard found >= 0 else { throw damaged(path, String(cString: zip_file_strerror(file))) }
    return data.prefix(Int(found))
  }

  private func damaged(_ path: String, _ reason: String) -> FileError {
    .malformed(path: path, expected: "a whole array", found: "a damaged entry (\(reason))")
  }
}
