import Files
import FoundationEssentials
import Glibc

/// Named arrays of `Float` and a few strings about them, in the safetensors format, which Python's package of
/// that name reads and writes as it is.
///
/// | offset | bytes | meaning |
/// |---|---|---|
/// | 0 | 8 | H, the length of the header, little-endian |
/// | 8 | H | JSON: `{"__metadata__": {key: text}, name: {"dtype", "shape", "data_offsets": [begin, end]}}` |
/// | 8 + H | to the end | the values, row-major and little-endian; the offsets count from here |
///
/// The values of all tensors together cover the rest of the file, without a gap or an overlap. The format is
/// described at <https://huggingface.co/docs/safetensors>.
///
/// Writes F32 only; the same content always gives the same bytes. ``SafetensorsHeader`` and an extension
/// read. Not a number and infinity are values like any other: whoever knows what the tensors mean judges
/// them. Knows nothing of tensors, layers and their names.
public struct Safetensors: Equatable, Sendable {
  /// One array.
  public struct Entry: Equatable, Sendable {
    /// The dimensions; a scalar has none.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]

    /// An array of `values`, row-major.
    ///
    /// - Precondition: `values` has as many elements as the product of `shape`, whose dimensions are at least
    ///   0.
    public init(shape: [Int], values: [Float]) {
      precondition(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
        "an entry of shape \(shape) cannot hold \(values.count) values")
      self.shape = shape
      self.values = values
    }
  }

  /// The arrays by name. The name `__metadata__` is taken by the format.
  public var entries: [String: Entry]
  /// Free text by key.
  public var metadata: [String: String]

  /// Arrays and texts that are to be written, or changed.
  public init(entries: [String: Entry] = [:], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  static let metadataKey = "__metadata__"
}

extension Safetensors {
  /// The bytes of the file: names and keys sorted, the header filled up with spaces so that the values begin
  /// at a multiple of 8.
  ///
  /// - Precondition: no entry is named `__metadata__`.
  public func encoded() -> Data {
    precondition(entries[Self.metadataKey] == nil, "the format keeps the name \(Self.metadataKey) for itself")
    let sorted = entries.sorted { $0.key < $1.key }
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0)):\(json($1))" }
      fields.append("\(json(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var values = Data()
    for (name, entry) in sorted {
      let begin = values.count
      // A closure and no key path, which would take ten times as long as the copy.
      entry.values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { values.append(contentsOf: $0) }
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        #"\#(json(name)):{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(begin),\#(values.count)]}"#)
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    return length + header + values
  }

  /// Writes the file whole or not at all, creating the folders above it.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)`.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(encoded(), to: path)
  }

  /// `text` as a JSON string (RFC 8259 §7).
  private func json(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{0}"..<" ": Text.formatted("\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
