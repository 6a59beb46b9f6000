import CZip
import FoundationEssentials
import Glibc

/// Several arrays in one file, as numpy.savez writes them: a zip archive, not compressed, of `name.npy`
/// entries.
///
/// The same arrays give the same bytes: the entries carry no time. Writes only.
public enum NPZ {
  /// Writes an archive of arrays, which is there whole or not at all.
  ///
  /// - Parameters:
  ///   - arrays: each array's name, and its bytes as ``NPY`` has them.
  ///   - path: where it goes; the folders above it are created.
  /// - Throws: ``FileError/unwritable(path:reason:)``; then no new file is left, and an old one is as it was.
  public static func write(_ arrays: KeyValuePairs<String, Data>, to path: String) throws(FileError) {
    try AtomicFile.write(data(arrays, path: path), to: path)
  }

  /// The same in memory.
  ///
  /// - Parameter path: the file that the bytes are meant for; only named in an error.
  package static func data(
    _ arrays: KeyValuePairs<String, Data>, path: String = "NPZ"
  ) throws(FileError) -> Data {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_buffer_create(nil, 0, 0, &error) else {
      throw .unwritable(path: path, reason: message(&error))
    }
    defer { zip_source_free(source) }
    // The archive takes the source over when it closes; it is read from afterwards.
    zip_source_keep(source)
    guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &error) else {
      zip_source_free(source)
      throw .unwritable(path: path, reason: message(&error))
    }
    for (name, data) in arrays {
      guard add(data, as: "\(name).npy", to: archive) else {
        let reason = String(cString: zip_strerror(archive))
        zip_discard(archive)
        throw .unwritable(path: path, reason: reason)
      }
    }
    guard zip_close(archive) == 0 else {
      let reason = String(cString: zip_strerror(archive))
      zip_discard(archive)
      throw .unwritable(path: path, reason: reason)
    }
    guard let bytes = content(of: source) else {
      throw .unwritable(path: path, reason: "the archive could not be read back from memory")
    }
    return bytes
  }

  private static func add(_ data: Data, as name: String, to archive: OpaquePointer) -> Bool {
    // libzip frees what it was given, so it gets a copy.
    guard let copy = malloc(max(1, data.count)) else { return false }
    data.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(copy, base, bytes.count) }
    }
    guard let source = zip_source_buffer(archive, copy, UInt64(data.count), 1) else {
      free(copy)
      return false
    }
    let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    // The first of January 1980, where the time of zip begins.
    return zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0
      && zip_file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
  }

  private static func content(of source: OpaquePointer) -> Data? {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else { return nil }
    defer { zip_source_close(source) }
    var bytes = Data(count: Int(status.size))
    let count = bytes.withUnsafeMutableBytes { zip_source_read(source, $0.baseAddress, UInt64($0.count)) }
    return count == Int64(bytes.count) ? bytes : nil
  }

  private static func message(_ error: inout zip_error_t) -> String {
    String(cString: zip_error_strerror(&error))
  }
}
