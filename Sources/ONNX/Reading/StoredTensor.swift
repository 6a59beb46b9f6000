import Autograd
import Files
import FoundationEssentials

/// Reads the tensors that a file holds: weights, and the integers that shapes are made of.
///
/// Weights of double, half and bfloat16 precision are rounded to, or taken as, single precision.
struct StoredTensor {
  /// The kinds of elements, by their number in the format.
  enum Kind: Int32 {
    case float = 1, uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
    case complex64, complex128, bfloat16

    var size: Int {
      switch self {
      case .bool, .int8, .uint8, .string: 1
      case .float16, .bfloat16, .int16, .uint16: 2
      case .float, .int32, .uint32: 4
      case .double, .int64, .uint64, .complex64: 8
      case .complex128: 16
      }
    }
  }

  private let tensor: TensorProto
  private let path: String
  private let kind: Kind
  private let shape: [Int]
  private var count: Int { shape.product }

  init(_ tensor: TensorProto, path: String) throws(FileError) {
    self.tensor = tensor
    self.path = path
    guard let kind = Kind(rawValue: tensor.dataType) else {
      throw .malformed(
        path: path, expected: "weights of a known kind of number",
        found: "kind \(tensor.dataType) for \(tensor.name)")
    }
    self.kind = kind
    var (shape, count): ([Int], Int) = ([], 1)
    for dimension in tensor.dims {
      let (product, overflows) = count.multipliedReportingOverflow(by: Int(dimension))
      guard dimension >= 0, !overflows, product <= ModelFile.largestFile, shape.count < 8 else {
        throw .malformed(
          path: path, expected: "a possible shape of the weights \(tensor.name)", found: "\(tensor.dims)")
      }
      shape.append(Int(dimension))
      count = product
    }
    self.shape = shape
  }

  /// The value: integers stay integers, everything else becomes single precision.
  func value(_ external: ExternalWeights) throws(FileError) -> Value {
    switch kind {
    case .int64, .int32, .bool: .integers(IntegerArray(shape: shape, try integers(external)))
    case .float, .double, .float16, .bfloat16: .numbers(try numbers(external))
    case .uint8, .int8, .uint16, .int16, .uint32, .uint64, .string, .complex64, .complex128:
      throw .malformed(
        path: path, expected: "weights that are floating-point numbers",
        found: "\(kind) for \(tensor.name)")
    }
  }

  private func numbers(_ external: ExternalWeights) throws(FileError) -> Tensor {
    if tensor.dataLocation == 0, tensor.rawData.isEmpty {
      switch kind {
      case .float: return try listed(tensor.floatData)
      case .double: return try listed(tensor.doubleData.map(Float.init))
      // Halves stand as the bits of integers.
      case .float16: return try listed(tensor.int32Data.map { Half.float(UInt16(truncatingIfNeeded: $0)) })
      default: return try listed(tensor.int32Data.map { Half.bfloat(UInt16(truncatingIfNeeded: $0)) })
      }
    }
    let bytes = try raw(external)
    return Tensor(shape: shape) { target in
      bytes.withUnsafeBytes { source in
        switch kind {
        case .float:
          for i in 0..<count { target[i] = Float(bitPattern: Self.word(source, i)) }
        case .double:
          for i in 0..<count { target[i] = Float(Double(bitPattern: Self.word(source, i))) }
        case .float16:
          for i in 0..<count { target[i] = Half.float(Self.word(source, i)) }
        default:
          for i in 0..<count { target[i] = Half.bfloat(Self.word(source, i)) }
        }
      }
    }
  }

  private func integers(_ external: ExternalWeights) throws(FileError) -> [Int] {
    if tensor.dataLocation == 0, tensor.rawData.isEmpty {
      let values = kind == .int64 ? tensor.int64Data.map { Int($0) } : tensor.int32Data.map { Int($0) }
      guard values.count == count else { throw miscounted(values.count) }
      return values
    }
    let bytes = try raw(external)
    return bytes.withUnsafeBytes { source in
      (0..<count).map { i in
        switch kind {
        case .int64: Int(Int64(bitPattern: Self.word(source, i)))
        case .int32: Int(Int32(bitPattern: Self.word(source, i)))
        default: source[i] == 0 ? 0 : 1
        }
      }
    }
  }

  private func raw(_ external: ExternalWeights) throws(FileError) -> Data {
    let size = count * kind.size
    if tensor.dataLocation != 0 { return try external.bytes(of: tensor, size: size) }
    guard tensor.rawData.count == size else {
      throw .malformed(
        path: path, expected: "\(size) bytes for the weights \(tensor.name) of the shape \(shape)",
        found: "\(tensor.rawData.count)")
    }
    return tensor.rawData
  }

  private func listed(_ values: [Float]) throws(FileError) -> Tensor {
    guard values.count == count else { throw miscounted(values.count) }
    return Tensor(values, shape: shape)
  }

  private func miscounted(_ found: Int) -> FileError {
    .malformed(
      path: path, expected: "\(count) numbers for the weights \(tensor.name) of the shape \(shape)",
      found: "\(found)")
  }

  /// The word at `index`, in the order of bytes that the format has: the lowest first.
  private static func word<Word: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Word {
    Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self))
  }
}

/// Numbers of 16 bits in single precision, exactly.
enum Half {
  /// IEEE 754 half precision.
  static func float(_ bits: UInt16) -> Float { Float(Float16(bitPattern: bits)) }
  /// The upper half of a single.
  static func bfloat(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
