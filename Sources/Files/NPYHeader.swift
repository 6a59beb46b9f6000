import FoundationEssentials

/// What stands before the elements in NumPy's file format (numpy.lib.format), versions 1.0, 2.0 and 3.0.
///
/// | bytes | meaning |
/// |---|---|
/// | 6 | magic: 93, then "NUMPY" |
/// | 2 | version, major and minor |
/// | 2, from version 2.0 on 4 | length of the dictionary, little-endian |
/// | that length | a Python dictionary of `descr`, `fortran_order` and `shape` |
///
/// Judged from the first bytes alone, before memory is asked for. Whether the elements that it promises are
/// there is for the reader of the whole to check.
struct NPYHeader {
  /// No header that is read here is longer.
  static let longestSize = 12 + longestDictionary
  /// What version 1.0 can express; later versions only need more for types of many fields.
  private static let longestDictionary = 0xFFFF
  /// NumPy's own limit.
  private static let mostDimensions = 64

  let element: NPYArray.Element
  let isBigEndian: Bool
  /// Whether the first index runs fastest.
  let isFortranOrder: Bool
  let shape: [Int]
  /// The number of elements.
  let count: Int
  /// Bytes of the header itself.
  let size: Int

  /// Bytes of the elements.
  var contentSize: Int { count * element.size }

  /// - Parameters:
  ///   - data: the whole file, or at least its first ``longestSize`` bytes.
  ///   - path: where it came from; only named in errors.
  init(_ data: Data, path: String) throws(FileError) {
    let start = [UInt8](data.prefix(12))
    guard start.starts(with: [0x93] + "NUMPY".utf8), start.count == 12 else {
      let other = start.count < 12 ? "a file of \(start.count) bytes" : "other bytes"
      // A beginning of the right kind is a file that ends early.
      let isOurs = FileKind(start: data, path: path) == .numPyArray
      throw .malformed(
        path: path, expected: "a NumPy array (magic 93 NUMPY)",
        found: isOurs ? other : FileKind.found(data, path: path, wanted: .array, other: other))
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .malformed(
        path: path, expected: "NumPy's format 1.0, 2.0 or 3.0", found: "version \(start[6]).\(start[7])")
    }
    let before = start[6] == 1 ? 10 : 12
    let length = start[8..<before].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.longestDictionary, length <= data.count - before else {
      throw .malformed(
        path: path, expected: "a header of at most \(min(Self.longestDictionary, data.count - before)) bytes",
        found: "one of \(length)")
    }
    size = before + length
    var dictionary = NPYDictionary(data.dropFirst(before).prefix(length), path: path)
    let fields = try dictionary.fields()
    (element, isBigEndian) = try Self.element(fields.descr, path: path)
    isFortranOrder = fields.fortranOrder
    shape = fields.shape
    count = try Self.count(shape, element: element, path: path)
  }

  /// `descr` is the order of the bytes and the kind of the element, such as "<f4".
  private static func element(
    _ descr: String, path: String
  ) throws(FileError) -> (NPYArray.Element, isBigEndian: Bool) {
    let order = descr.prefix(1)
    guard let element = NPYArray.Element(rawValue: String(descr.dropFirst())),
      order == "<" || order == ">" || order == "|" && element.size == 1
    else {
      let meaning = Self.refusedKinds[descr.dropFirst().prefix(1)].map { " (\($0))" } ?? ""
      throw .malformed(
        path: path, expected: "integers of 8 to 64 bits or floating-point numbers of 16 to 64",
        found: "elements of type \"\(descr.prefix(20))\"\(meaning)")
    }
    return (element, order == ">")
  }

  private static let refusedKinds: [Substring: String] = [
    "O": "Python objects", "c": "complex numbers", "S": "text", "U": "text", "b": "truth values",
    "V": "raw bytes", "M": "dates", "m": "durations",
  ]

  private static func count(_ shape: [Int], element: NPYArray.Element, path: String) throws(FileError) -> Int
  {
    guard shape.count <= mostDimensions else {
      throw .malformed(
        path: path, expected: "at most \(mostDimensions) dimensions", found: "\(shape.count)")
    }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw .malformed(path: path, expected: "sizes of 0 or more", found: "the shape \(shape.brief)")
    }
    // A size of zero must not hide others whose product nobody could compute.
    var size = element.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: Swift.max(1, dimension))
      guard !overflow else {
        throw .malformed(
          path: path, expected: "a size that can be addressed", found: "the shape \(shape.brief)")
      }
      size = product
    }
    let count = shape.contains(0) ? 0 : size / element.size
    guard count <= element.mostElements else {
      throw .malformed(
        path: path, expected: "at most \(element.mostElements) elements of \(element)",
        found: "\(count), of the shape \(shape.brief)")
    }
    return count
  }
}

extension NPYArray.Element {
  /// The largest array that is read. Numbers become `Double`s, 8 bytes each, in less than 1 GiB: 58,000
  /// features of 2,048 numbers, or 150,000 images of 28×28. Bytes stay bytes. More is taken for a mistake or
  /// an attack.
  var mostElements: Int { self == .uint8 ? 1 << 29 : 120_000_000 }
}
