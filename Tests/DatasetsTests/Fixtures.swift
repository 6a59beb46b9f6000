import CZlib
import Datasets
import Files
import Foundation
import Testing

/// Runs `body` with the path of an empty folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The error that `body` throws.
func failure(_ body: () throws -> Void) -> FileError? {
  do {
    try body()
    return nil
  } catch {
    return error as? FileError
  }
}

/// `content` as one gzip member.
func gzip(_ content: [UInt8]) throws -> Data {
  var input = content
  var output = [UInt8](repeating: 0, count: Int(compressBound(UInt(content.count))) + 64)
  let count: Int = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      var state = z_stream()
      return withUnsafeMutablePointer(to: &state) { stream in
        deflateInit2_(
          stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
          Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(stream) }
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        return deflate(stream, Z_FINISH) == Z_STREAM_END ? Int(stream.pointee.total_out) : 0
      }
    }
  }
  try #require(count > 0)
  return Data(output.prefix(count))
}

/// The bytes of an IDX file with this header, whether `values` fit it or not.
func idx(_ shape: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
  let dimensions = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
  return [0, 0, type, UInt8(shape.count)] + dimensions + values
}

/// A set of 6 training and 4 test images of 2 x 3 pixels, with the labels 0, 1, 2, 0, …
enum TinySet {
  static func labels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 3) } }
  static func pixels(_ count: Int) -> [UInt8] { (0..<count * 6).map { UInt8($0 * 7 % 256) } }

  static func content(of file: DatasetFile) -> [UInt8] {
    let count = file == .trainImages || file == .trainLabels ? 6 : 4
    return file.kind == .images ? idx([count, 2, 3], pixels(count)) : idx([count], labels(count))
  }

  /// The four files as a server has them, by name.
  static func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for file in DatasetFile.allCases { files[file.compressedName] = try gzip(content(of: file)) }
    return files
  }

  static func write(to folder: String) throws {
    for (name, data) in try files() { try AtomicFile.write(data, to: "\(folder)/\(name)") }
  }

  /// The description that fits the files.
  static let dataset = Dataset(
    name: "tiny-set", labelNames: ["zero", "one", "two"],
    digests: Dictionary(
      uniqueKeysWithValues: DatasetFile.allCases.map { ($0, SHA256.hex(of: Data(content(of: $0)))) }),
    home: "http://tiny.invalid/data/", debianPackage: "dataset-tiny")
}
