import Files
import Foundation

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
/// Writes F32 only; the same content always gives the same bytes. Reads F32, and rounds F64, F16 and BF16 to
/// `Float` (an F64 beyond its range becomes infinite). Not a number and infinity are values like any other:
/// whoever knows what the tensors mean judges them. Knows nothing of tensors, layers and their names.
public struct Safetensors: Equatable, Sendable {
  /// One array.
  public struct Entry: Equatable, Sendable {
    /// The dimensions; a scalar has none.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]

    /// - Precondition: `values` has as many elements as the product of `shape`, whose dimensions are at least 0.
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

  public init(entries: [String: Entry] = [:], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  fileprivate static let metadataKey = "__metadata__"
  /// Longer headers are refused, as by the format's own library.
  fileprivate static let longestHeader = 100_000_000
}

// MARK: - Writing

extension Safetensors {
  /// The bytes of the file: names and keys sorted, the header filled up with spaces so that the values begin at
  /// a multiple of 8.
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
      entry.values.map(\.bitPattern.littleEndian).withUnsafeBytes { values.append(contentsOf: $0) }
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
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(encoded(), to: path)
  }

  /// `text` as a JSON string (RFC 8259 §7).
  private func json(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{0}"..<" ": String(format: "\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

// MARK: - Reading

extension Safetensors {
  /// Reads the file at `path`.
  ///
  /// - Parameter remedy: what to tell a person when the file is not there.
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for whatever the format forbids.
  public init(contentsOf path: String, remedy: String = "check the path") throws(FileError) {
    try self.init(AtomicFile.read(path, remedy: remedy), path: path)
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of
  /// ``init(contentsOf:remedy:)``.
  public init(_ data: Data, path: String) throws(FileError) {
    let length = try Self.headerLength(of: data, path: path)
    let header = try Self.header(in: data.dropFirst(8).prefix(length), path: path)
    let body = data.dropFirst(8 + length)

    var position = 0
    var entries: [String: Entry] = [:]
    for (name, place) in header.sortedTensors {
      entries[name] = try Self.entry(name, place, from: position, in: body, path: path)
      position = place.data_offsets[1]
    }
    guard position == body.count else {
      throw .malformed(path: path, expected: "\(position) bytes of values", found: "\(body.count) bytes")
    }
    self.init(entries: entries, metadata: header.metadata)
  }

  private static func headerLength(of data: Data, path: String) throws(FileError) -> Int {
    guard data.count >= 8 else {
      throw .malformed(
        path: path, expected: "a safetensors file of at least 8 bytes", found: "\(data.count) bytes")
    }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(longestHeader, data.count - 8)
    guard length <= UInt64(limit) else {
      throw .malformed(
        path: path, expected: "a safetensors header of at most \(limit) bytes", found: "a length of \(length)"
      )
    }
    return Int(length)
  }

  private static func header(in bytes: Data, path: String) throws(FileError) -> Header {
    do {
      return try JSONDecoder().decode(Header.self, from: bytes)
    } catch {
      let field = Header.field(of: error)
      throw .malformed(
        path: path,
        expected: "a safetensors header that gives each tensor a dtype, a shape and data_offsets",
        found: field.isEmpty
          ? "\(bytes.count) bytes that cannot be read as such" : "no such value in the field \(shown(field))")
    }
  }

  /// The tensor `name`, whose values must begin at byte `begin` of `body`.
  private static func entry(
    _ name: String, _ place: Header.Place, from begin: Int, in body: Data, path: String
  ) throws(FileError) -> Entry {
    let offsets = place.data_offsets
    guard offsets.count == 2, offsets[0] <= offsets[1], 0 <= offsets[0], offsets[1] <= body.count else {
      throw .malformed(
        path: path, expected: "tensor \(shown(name)) within \(body.count) bytes of values",
        found: "data_offsets \(offsets)")
    }
    guard offsets[0] == begin else {
      throw .malformed(
        path: path, expected: "the values of tensor \(shown(name)) from byte \(begin), after those before it",
        found: "data_offsets \(offsets)")
    }
    guard let type = ElementType(rawValue: place.dtype) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw .malformed(
        path: path, expected: "tensor \(shown(name)) with a dtype of \(known)", found: shown(place.dtype))
    }
    let size = product([type.width] + place.shape)
    guard let size, size == offsets[1] - offsets[0] else {
      throw .malformed(
        path: path,
        expected: "tensor \(shown(name)) with a shape that fills its \(offsets[1] - offsets[0]) bytes",
        found: "\(place.dtype) of shape \(place.shape)")
    }
    return Entry(shape: place.shape, values: type.values(in: body.dropFirst(begin).prefix(size)))
  }

  /// `nil` where a factor is negative or the product does not fit.
  private static func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard factor >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }

  /// A text out of the file, fit for one line of an error.
  private static func shown(_ text: String) -> String {
    String(text.prefix(80)).debugDescription
  }
}

/// The JSON header as it stands in a file, its numbers not judged yet.
private struct Header: Decodable {
  struct Place: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  var metadata: [String: String] = [:]
  var tensors: [String: Place] = [:]

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Name.self)
    for name in fields.allKeys {
      if name.stringValue == Safetensors.metadataKey {
        metadata = try fields.decodeIfPresent([String: String].self, forKey: name) ?? [:]
      } else {
        tensors[name.stringValue] = try fields.decode(Place.self, forKey: name)
      }
    }
  }

  /// In the order of their values; an empty tensor comes before the one that begins where it stands.
  var sortedTensors: [(key: String, value: Place)] {
    tensors.sorted { first, second in
      let (a, b) = (first.value.data_offsets, second.value.data_offsets)
      return a == b ? first.key < second.key : a.lexicographicallyPrecedes(b)
    }
  }

  /// Where decoding failed, such as `weight.shape`; empty where it does not say,
  /// as for text that is no JSON and for a number that does not fit.
  static func field(of error: any Error) -> String {
    let path: [any CodingKey] =
      switch error as? DecodingError {
      case .keyNotFound(let key, let context): context.codingPath + [key]
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath
      default: []
      }
    return path.map(\.stringValue).joined(separator: ".")
  }
}

/// The types of values that are read.
private enum ElementType: String, CaseIterable {
  case F32, F64, F16, BF16

  /// Bytes per value.
  var width: Int {
    switch self {
    case .F64: 8
    case .F32: 4
    case .F16, .BF16: 2
    }
  }

  func values(in data: Data) -> [Float] {
    switch self {
    case .F32: words(UInt32.self, in: data).map { Float(bitPattern: $0) }
    case .F64: words(UInt64.self, in: data).map { Float(Double(bitPattern: $0)) }
    case .F16: words(UInt16.self, in: data).map { Float(Float16(bitPattern: $0)) }
    // The upper half of a Float.
    case .BF16: words(UInt16.self, in: data).map { Float(bitPattern: UInt32($0) << 16) }
    }
  }

  private func words<Word: FixedWidthInteger>(_: Word.Type, in data: Data) -> [Word] {
    var words = [Word](repeating: 0, count: data.count / MemoryLayout<Word>.size)
    words.withUnsafeMutableBytes { _ = data.copyBytes(to: $0) }
    return words.map(Word.init(littleEndian:))
  }
}
