import Foundation

/// One array out of a file in NumPy's format (`.npy`, numpy.lib.format, versions 1.0 to 3.0), or out of a
/// ``NPZArchive`` of several.
///
/// Numbers only: Python objects, structured types, text, truth values and complex numbers are refused. The
/// elements come out in C order (the last index runs fastest), whatever the order and the byte order of the
/// file. ``NPY`` writes.
public struct NPYArray: Sendable {
  /// The kind of the elements; the raw value is NumPy's, without the order of the bytes.
  public enum Element: String, Sendable, CaseIterable {
    case uint8 = "u1"
    case int8 = "i1"
    case uint16 = "u2"
    case int16 = "i2"
    case uint32 = "u4"
    case int32 = "i4"
    case uint64 = "u8"
    case int64 = "i8"
    case float16 = "f2"
    case float32 = "f4"
    case float64 = "f8"

    /// Bytes.
    public var size: Int {
      switch self {
      case .uint8, .int8: 1
      case .uint16, .int16, .float16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }

    public var isFloatingPoint: Bool { self == .float16 || self == .float32 || self == .float64 }
  }

  /// Where the array came from, for errors.
  public let path: String
  private let header: NPYHeader
  /// The elements as they stand in the file.
  private let content: Data

  /// The sizes, the slowest index first; empty for a single number.
  public var shape: [Int] { header.shape }
  public var element: Element { header.element }
  /// The number of elements, the product of the ``shape``.
  public var count: Int { header.count }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for anything but one whole array of numbers.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(AtomicFile.read(path), path: path)
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of ``init(contentsOf:)``.
  public init(_ data: Data, path: String) throws(FileError) {
    header = try NPYHeader(data, path: path)
    content = data.dropFirst(header.size)
    self.path = path
    guard content.count == header.contentSize else {
      let shape = shape.map(String.init).joined(separator: ", ")
      throw .malformed(
        path: path, expected: "\(header.contentSize) bytes for \(element) of the shape [\(shape)]",
        found: "\(content.count)")
    }
  }

  // MARK: - Elements in C order

  /// The elements of a ``Element/uint8`` array; every other kind throws.
  public func bytes() throws(FileError) -> [UInt8] {
    guard element == .uint8 else { throw refusal(expected: "uint8") }
    return map { (bits: UInt8) in bits }
  }

  /// The elements of an array of integers; floating-point numbers throw, and so does what exceeds `Int.max`.
  public func integers() throws(FileError) -> [Int] {
    switch element {
    case .uint8: return map { (bits: UInt8) in Int(bits) }
    case .int8: return map { (bits: Int8) in Int(bits) }
    case .uint16: return map { (bits: UInt16) in Int(bits) }
    case .int16: return map { (bits: Int16) in Int(bits) }
    case .uint32: return map { (bits: UInt32) in Int(bits) }
    case .int32: return map { (bits: Int32) in Int(bits) }
    case .int64: return map { (bits: Int64) in Int(bits) }
    case .uint64:
      let values = map { (bits: UInt64) in bits }
      if let index = values.firstIndex(where: { $0 > Int.max }) {
        throw .malformed(
          path: path, expected: "integers up to \(Int.max)", found: "\(values[index]) at position \(index)")
      }
      return values.map { Int($0) }
    case .float16, .float32, .float64: throw refusal(expected: "integers")
    }
  }

  /// The elements where `Float` holds every number of the kind exactly: up to 32 bits of floating point or 16
  /// of integer; else throws.
  public func floats() throws(FileError) -> [Float] {
    switch element {
    case .float16: return map { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .float32: return map { (bits: UInt32) in Float(bitPattern: bits) }
    case .uint8, .int8, .uint16, .int16: return try integers().map { Float($0) }
    case .uint32, .int32, .uint64, .int64, .float64:
      throw refusal(expected: "floating-point numbers of at most 32 bits or integers of at most 16")
    }
  }

  /// The elements where `Double` holds every number of the kind exactly: all but integers of 64 bits, which
  /// throw.
  public func doubles() throws(FileError) -> [Double] {
    switch element {
    case .float64: return map { (bits: UInt64) in Double(bitPattern: bits) }
    case .float32, .float16: return try floats().map { Double($0) }
    case .uint8, .int8, .uint16, .int16, .uint32, .int32: return try integers().map { Double($0) }
    case .uint64, .int64: throw refusal(expected: "floating-point numbers or integers of at most 32 bits")
    }
  }

  private func refusal(expected: String) -> FileError {
    .malformed(path: path, expected: expected, found: "\(element)")
  }

  /// - Precondition: `Bits` has the size of the element.
  private func map<Bits: FixedWidthInteger & BitwiseCopyable, Value>(_ value: (Bits) -> Value) -> [Value] {
    let size = MemoryLayout<Bits>.size
    precondition(size == element.size, "\(element) is not of \(size) bytes")
    return content.withUnsafeBytes { bytes in
      func element(_ position: Int) -> Value {
        let bits = bytes.loadUnaligned(fromByteOffset: position * size, as: Bits.self)
        return value(header.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
      }
      return header.isFortranOrder ? fortranPositions.map(element) : (0..<count).map(element)
    }
  }

  /// Where in the file the elements of C order stand, if there the first index runs fastest.
  private var fortranPositions: [Int] {
    guard count > 0 else { return [] }
    var positions = [0]
    var stride = 1
    for size in shape {
      positions = positions.flatMap { start in (0..<size).map { start + $0 * stride } }
      stride *= size
    }
    return positions
  }
}
