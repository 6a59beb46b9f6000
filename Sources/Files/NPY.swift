import FoundationEssentials

/// Arrays in NumPy's file format, version 1.0 (numpy.lib.format): magic, a header that is a Python
/// dictionary, and the elements in C order. Writes only; float32, int64 and uint8.
public enum NPY {
  /// The bytes of a `.npy` file of float32, little-endian, in C order.
  ///
  /// - Precondition: `values` holds as many elements as the product of `shape`.
  public static func data(_ values: [Float], shape: [Int]) -> Data {
    precondition(values.count == shape.reduce(1, *), "NPY: \(values.count) values for the shape \(shape)")
    return header("<f4", shape) + values.withUnsafeBytes { Data($0) }
  }

  /// The bytes of a `.npy` file of int64, little-endian, in C order.
  ///
  /// - Precondition: `values` holds as many elements as the product of `shape`.
  public static func data(_ values: [Int], shape: [Int]) -> Data {
    precondition(values.count == shape.reduce(1, *), "NPY: \(values.count) values for the shape \(shape)")
    return header("<i8", shape) + values.map(Int64.init).withUnsafeBytes { Data($0) }
  }

  /// The bytes of a `.npy` file of uint8, in C order.
  ///
  /// - Precondition: `values` holds as many elements as the product of `shape`.
  public static func data(_ values: [UInt8], shape: [Int]) -> Data {
    precondition(values.count == shape.reduce(1, *), "NPY: \(values.count) values for the shape \(shape)")
    return header("|u1", shape) + Data(values)
  }

  private static func header(_ type: String, _ shape: [Int]) -> Data {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Magic, version, length and header fill a multiple of 64 bytes, the last of them a line feed.
    let before = 10
    let missing = (64 - (before + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: missing) + "\n"
    let length = UInt16(text.utf8.count)
    return Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]) + Data(text.utf8)
  }
}
