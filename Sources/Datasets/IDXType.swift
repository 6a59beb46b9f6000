import Files
import FoundationEssentials

/// The type of the values in an IDX file; the raw value is the third byte of the file.
enum IDXType: UInt8, CustomStringConvertible {
  case unsignedByte = 0x08
  case signedByte = 0x09
  case short = 0x0B
  case int = 0x0C
  case float = 0x0D
  case double = 0x0E

  /// Bytes.
  var size: Int {
    switch self {
    case .unsignedByte, .signedByte: 1
    case .short: 2
    case .int, .float: 4
    case .double: 8
    }
  }

  var isInteger: Bool { self != .float && self != .double }

  var description: String {
    switch self {
    case .unsignedByte: "unsigned bytes"
    case .signedByte: "signed bytes"
    case .short: "integers of 16 bits"
    case .int: "integers of 32 bits"
    case .float: "floating-point numbers of 32 bits"
    case .double: "floating-point numbers of 64 bits"
    }
  }

  /// The big-endian numbers in `content`.
  ///
  /// - Precondition: the type is one of integers.
  func integers(_ content: [UInt8]) -> [Int] {
    precondition(isInteger, "IDXType: \(self) are no integers")
    guard self != .unsignedByte else { return content.map { Int($0) } }
    return stride(from: 0, to: content.count, by: size).map { start in
      content[start + 1..<start + size].reduce(Int(Int8(bitPattern: content[start]))) { $0 << 8 | Int($1) }
    }
  }
}

extension IDX {
  /// The SHA-256 of the IDX file of bytes that would hold these values.
  ///
  /// So a set has one identity, in whatever form it is stored.
  static func digest(shape: [Int], values: [UInt8]) -> String {
    var file = Data([0, 0, IDXType.unsignedByte.rawValue, UInt8(shape.count)])
    file.reserveCapacity(4 + 4 * shape.count + values.count)
    for size in shape { withUnsafeBytes(of: UInt32(size).bigEndian) { file.append(contentsOf: $0) } }
    file.append(contentsOf: values)
    return SHA256.hex(of: file)
  }
}
