import FoundationEssentials

/// One array out of a file in NumPy's format (`.npy`, numpy.lib.format, versions 1.0 to 3.0), or out of a
/// ``NPZArchive`` of several.
///
/// Numbers only: Python objects, structured types, text, truth values and complex numbers are refused. The
/// elements come out in C order (the last index runs fastest), whatever the order and the byte order of the
/// file. ``NPY`` writes.
public struct NPYArray: Sendable {
  /// The kind of the elements; the raw value is NumPy's, without the order of the bytes.
  public enum Element: String, Sendable, CaseIterable {
    /// Whole numbers of 8 bits without a sign, as pixels from 0 to 255.
    case uint8 = "u1"
    /// Whole numbers of 8 bits with a sign.
    case int8 = "i1"
    /// Whole numbers of 16 bits without a sign.
    case uint16 = "u2"
    /// Whole numbers of 16 bits with a sign.
    case int16 = "i2"
    /// Whole numbers of 32 bits without a sign.
    case uint32 = "u4"
    /// Whole numbers of 32 bits with a sign.
    case int32 = "i4"
    /// Whole numbers of 64 bits without a sign.
    case uint64 = "u8"
    /// Whole numbers of 64 bits with a sign.
    case int64 = "i8"
    /// Floating-point numbers of half precision.
    case float16 = "f2"
    /// Floating-point numbers of single precision, Swift's `Float`.
    case float32 = "f4"
    /// Floating-point numbers of double precision, Swift's `Double` and NumPy's default.
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

    /// Whether the elements are floating-point numbers; else they are integers.
    public var isFloatingPoint: Bool { self == .float16 || self == .float32 || self == .float64 }
  }

  /// Where the array came from, for errors.
  public let path: String
  private let header: NPYHeader
  /// The elements as they stand in the file.
  private let content: Data

  /// The sizes, the slowest index first; empty for a single number.
  public var shape: [Int] { header.shape }
  /// The kind of the elements, as they stand in the file.
  public var element: Element { header.element }
  /// The number of elements, the product of the ``shape``.
  public var count: Int { header.count }

  /// Reads the file at `path`, which may be a pipe.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for anything but one whole array of numbers, and for one
  ///   of more than 120 million numbers or 537 million bytes.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(InputFile(path))
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of
  /// ``init(contentsOf:)``.
  public init(_ data: Data, path: String) throws(FileError) {
    try self.init(InputFile(data, path: path))
  }

  package init(_ file: InputFile) throws(FileError) {
    // The header tells how much follows, before room is made for it.
    let start = try file.take(NPYHeader.longestSize)
    header = try NPYHeader(start, path: file.path)
    path = file.path
    var content = Data(start.dropFirst(header.size))
    let missing = header.contentSize - content.count
    if missing >= 0, missing <= file.remaining ?? missing {
      content.reserveCapacity(header.contentSize)
      while content.count < header.contentSize {
        let piece = try file.take(min(header.contentSize - content.count, Self.pieceSize))
        if piece.isEmpty { break }
        content += piece
      }
    }
    let isMore = try !file.take(1).isEmpty
    self.content = content
    guard content.count == header.contentSize, !isMore else {
      let found = content.count + (file.remaining ?? 0) + (isMore ? 1 : 0)
      throw .malformed(
        path: path, expected: "\(header.contentSize) bytes for \(element) of the shape \(shape.brief)",
        found: file.remaining == nil && isMore ? "more" : "\(found)")
    }
  }

  /// - Precondition: `content` holds as many bytes as the header says.
  init(_ header: NPYHeader, content: Data, path: String) {
    precondition(
      content.count == header.contentSize, "NPYArray: \(content.count) bytes for \(header.contentSize)")
    self.header = header
    self.content = content
    self.path = path
  }

  private static let pieceSize = 1 << 22

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
    var values: [Double] = []
    values.reserveCapacity(count)
    try forEachDouble { values.append($0) }
    return values
  }

  /// Calls `body` with what ``doubles()`` holds, one after another, without an array of them: it would be up
  /// to eight times as large as the file.
  public func forEachDouble(_ body: (Double) -> Void) throws(FileError) {
    switch element {
    case .float64: forEach { (bits: UInt64) in body(Double(bitPattern: bits)) }
    case .float32: forEach { (bits: UInt32) in body(Double(Float(bitPattern: bits))) }
    case .float16: forEach { (bits: UInt16) in body(Double(Float16(bitPattern: bits))) }
    case .uint8: forEach { (bits: UInt8) in body(Double(bits)) }
    case .int8: forEach { (bits: Int8) in body(Double(bits)) }
    case .uint16: forEach { (bits: UInt16) in body(Double(bits)) }
    case .int16: forEach { (bits: Int16) in body(Double(bits)) }
    case .uint32: forEach { (bits: UInt32) in body(Double(bits)) }
    case .int32: forEach { (bits: Int32) in body(Double(bits)) }
    case .uint64, .int64: throw refusal(expected: "floating-point numbers or integers of at most 32 bits")
    }
  }

  private func refusal(expected: String) -> FileError {
    .malformed(path: path, expected: expected, found: "\(element)")
  }

  private func map<Bits: FixedWidthInteger & BitwiseCopyable, Value>(_ value: (Bits) -> Value) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    forEach { (bits: Bits) in values.append(value(bits)) }
    return values
  }

  /// In C order.
  ///
  /// - Precondition: `Bits` has the size of the element.
  private func forEach<Bits: FixedWidthInteger & BitwiseCopyable>(_ body: (Bits) -> Void) {
    let size = MemoryLayout<Bits>.size
    precondition(size == element.size, "\(element) is not of \(size) bytes")
    var place = header.isFortranOrder ? FortranPlace(shape) : nil
    content.withUnsafeBytes { bytes in
      for position in 0..<count {
        let offset = (place?.position ?? position) * size
        let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
        body(header.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        place?.advance()
      }
    }
  }
}

/// Where in a file whose first index runs fastest the elements of C order stand, one after another.
private struct FortranPlace {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  private(set) var position = 0

  /// - Precondition: the product of the sizes does not overflow.
  init(_ shape: [Int]) {
    self.shape = shape
    index = shape.map { _ in 0 }
    var stride = 1
    strides = shape.map { size in
      defer { stride *= size }
      return stride
    }
  }

  /// To the next element; after the last one to the first.
  mutating func advance() {
    for axis in shape.indices.reversed() {
      index[axis] += 1
      position += strides[axis]
      if index[axis] < shape[axis] { return }
      position -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}
