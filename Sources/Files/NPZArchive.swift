import CZip
import Foundation

/// Several arrays in one file, as numpy.savez and numpy.savez_compressed write them: a zip archive of `name.npy`
/// entries, stored or deflated.
///
/// Open as long as the object lives. An entry is inflated no further than the header of its array says, and no
/// memory is taken on the word of the archive alone. ``NPZ`` writes.
public final class NPZArchive {
  /// The largest array that is inflated, in bytes. More is taken for a mistake or an attack.
  public static let largestArray = 1 << 31
  /// DEFLATE cannot shrink anything by more than this.
  private static let largestRatio = 1032

  public let path: String
  /// The names of the arrays, in the order of the archive. Entries that are no arrays are passed over.
  public let names: [String]
  private let archive: OpaquePointer
  private let fileSize: UInt64

  /// Opens the archive at `path` and reads its directory.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for what is no zip archive.
  public init(_ path: String) throws(FileError) {
    try AtomicFile.checkIsFile(path)
    var status = stat()
    fileSize = stat(path, &status) == 0 ? UInt64(status.st_size) : 0
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      let reason = String(cString: zip_error_strerror(&error))
      let isDamaged = code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS
      throw isDamaged
        ? .malformed(path: path, expected: "a zip archive of arrays", found: "other bytes (\(reason))")
        : .unreadable(path: path, reason: reason)
    }
    self.path = path
    self.archive = archive
    names = (0..<max(0, zip_get_num_entries(archive, 0))).compactMap { index in
      let name = zip_get_name(archive, UInt64(index), 0).map { String(cString: $0) } ?? ""
      return name.hasSuffix(".npy") ? String(name.dropLast(4)) : nil
    }
  }

  deinit { zip_discard(archive) }

  /// The array called `name`.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` where there is none of this name, the entry is
  ///   damaged, encrypted or neither stored nor deflated, or ``NPYArray`` refuses what is in it.
  public func array(_ name: String) throws(FileError) -> NPYArray {
    guard names.contains(name) else {
      let listed = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
      throw .malformed(
        path: path, expected: "an array called \(name)", found: names.isEmpty ? "no arrays" : listed)
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
    let start = try read(min(size, NPYHeader.longestSize), from: file, path: path)
    let header = try NPYHeader(start, path: path)
    guard header.contentSize == size - header.size else {
      throw .malformed(
        path: path, expected: "\(header.contentSize) bytes of elements, as its header says",
        found: "\(size - header.size)")
    }
    // Only at its end does libzip compare an entry with its checksum.
    let rest = try read(size - start.count, from: file, path: path)
    guard try read(1, from: file, path: path).isEmpty else {
      throw .malformed(path: path, expected: "\(size) bytes, as its archive says", found: "more")
    }
    return try NPYArray(start + rest, path: path)
  }

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
    guard size <= Self.largestArray else {
      throw .malformed(path: path, expected: "at most \(Self.largestArray) bytes", found: "\(size)")
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
