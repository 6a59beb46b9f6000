import Files
import FoundationEssentials
import Glibc

/// Reading ``Safetensors``: F32 as it is; F64, F16 and BF16 rounded to `Float` (an F64 beyond its range
/// becomes infinite).
extension Safetensors {
  /// Called with the header, before a value is read: whoever knows what the tensors are for refuses what they
  /// cannot be.
  public typealias Judge = (SafetensorsHeader) throws(FileError) -> Void

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: of the file, which may be a pipe.
  ///   - remedy: what to tell a person when the file is not there.
  /// - Throws: `FileError.missing(path:remedy:)`, `FileError.unreadable(path:reason:)`, and
  ///   `FileError.malformed(path:expected:found:)` for whatever the format forbids, and for what is larger
  ///   than ``SafetensorsHeader/largestFile``.
  public init(contentsOf path: String, remedy: String = "check the path") throws(FileError) {
    try self.init(InputFile(path, remedy: remedy))
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of
  /// ``init(contentsOf:remedy:)``.
  public init(_ data: Data, path: String) throws(FileError) {
    try self.init(InputFile(data, path: path))
  }

  /// As ``init(contentsOf:remedy:)``, with the SHA-256 of the file.
  public static func read(
    _ path: String, remedy: String = "check the path", judge: Judge = { _ in }
  ) throws(FileError) -> (file: Safetensors, sha256: String) {
    let file = try InputFile(path, remedy: remedy, isHashed: true)
    return (try Safetensors(file, judge: judge), file.sha256())
  }

  private init(_ file: InputFile, judge: Judge = { _ in }) throws(FileError) {
    let header = try SafetensorsHeader(file)
    try judge(header)
    var entries: [String: Entry] = [:]
    for place in header.tensors {
      var values: [Float] = []
      values.reserveCapacity(place.count)
      while values.count < place.count {
        let size = min(place.type.width * (place.count - values.count), Self.pieceSize)
        let piece = try file.take(size)
        guard piece.count == size else {
          throw .malformed(
            path: file.path, expected: "\(place.bytes.upperBound) bytes of values",
            found: "an end in the tensor \(place.name.quoted)")
        }
        place.type.append(piece, to: &values)
      }
      entries[place.name] = Entry(shape: place.shape, values: values)
    }
    guard try file.take(1).isEmpty else {
      throw .malformed(
        path: file.path, expected: "\(header.tensors.last?.bytes.upperBound ?? 0) bytes of values",
        found: "more")
    }
    self.init(entries: entries, metadata: header.metadata)
  }

  /// A multiple of the width of every type.
  private static let pieceSize = 1 << 20
}

/// The types of values that are read.
enum ElementType: String, CaseIterable {
  case F32, F64, F16, BF16

  /// Bytes per value.
  var width: Int {
    switch self {
    case .F64: 8
    case .F32: 4
    case .F16, .BF16: 2
    }
  }

  func append(_ data: Data, to values: inout [Float]) {
    switch self {
    case .F32: append(data, to: &values) { (bits: UInt32) in Float(bitPattern: bits) }
    case .F64: append(data, to: &values) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .F16: append(data, to: &values) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    // The upper half of a Float.
    case .BF16: append(data, to: &values) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    }
  }

  private func append<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ data: Data, to values: inout [Float], _ value: (Bits) -> Float
  ) {
    data.withUnsafeBytes { bytes in
      for position in stride(from: 0, to: bytes.count, by: width) {
        values.append(value(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Bits.self))))
      }
    }
  }
}
