import FoundationEssentials

/// An array of text or of truth values in NumPy's format, as people save labels; ``NPYArray`` reads those of
/// numbers.
///
/// Text is that of the types `<U12` (UTF-32, either byte order) and `|S12` (bytes, taken as UTF-8), in either
/// order of the elements, without the zeros that fill it up. No Python objects.
package struct NPYText: Sendable {
  package enum Elements: Sendable, Equatable {
    case texts([String])
    case truths([Bool])
  }

  package let path: String
  /// The sizes, the slowest index first.
  package let shape: [Int]
  /// In C order.
  package let elements: Elements

  /// The most bytes that are read: labels are few and short.
  private static let largestSize = 1 << 28
  private static let mostElements = 1 << 24

  /// Reads `data`, the bytes of a file; nil where it is no such array.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for one that is damaged or too large.
  package init?(_ data: Data, path: String) throws(FileError) {
    let start = [UInt8](data.prefix(12))
    guard start.starts(with: [0x93] + "NUMPY".utf8), start.count == 12, (1...3).contains(start[6]) else {
      return nil
    }
    let before = start[6] == 1 ? 10 : 12
    let length = start[8..<before].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 0xFFFF, length <= data.count - before else { return nil }
    var dictionary = NPYDictionary(data.dropFirst(before).prefix(length), path: path)
    guard let fields = try? dictionary.fields(), let type = TextType(fields.descr) else { return nil }
    shape = fields.shape
    self.path = path
    var count = 1
    for size in shape where count <= Self.mostElements {
      count = size < 0 ? .max : size.multipliedClamped(by: count)
    }
    let content = data.dropFirst(before + length)
    guard count <= Self.mostElements, content.count <= Self.largestSize else {
      throw .malformed(
        path: path, expected: "at most \(Self.mostElements) elements in \(Self.largestSize) bytes",
        found: "\(content.count) bytes of the shape \(shape.prefix(8))")
    }
    guard content.count == count.multipliedClamped(by: type.size) else {
      throw .malformed(
        path: path, expected: "elements of type \(fields.descr) of the shape \(shape.prefix(8))",
        found: "\(content.count) bytes of them")
    }
    elements = try type.elements(
      [UInt8](content), Self.places(shape, isFortran: fields.fortranOrder), path: path)
  }

  /// The array called `name` in `archive`; nil where there is no such array that can be read.
  package init?(_ name: String, in archive: NPZArchive) throws(FileError) {
    guard let data = archive.bytes(of: name, limit: Self.largestSize) else { return nil }
    try self.init(data, path: "\(archive.path) (\(name))")
  }

  /// Where in the file the elements of C order stand.
  private static func places(_ shape: [Int], isFortran: Bool) -> [Int] {
    var places = [0]
    var stride = 1
    for (axis, size) in shape.enumerated() {
      let step = isFortran ? stride : shape[(axis + 1)...].reduce(1, *)
      places = places.flatMap { start in (0..<size).map { start + $0 * step } }
      stride *= size
    }
    return places
  }
}

/// A type of elements that are no numbers, from its `descr`: `|b1`, `<U12`, `|S12`.
private struct TextType {
  private let kind: Character
  private let length: Int
  private let isBigEndian: Bool

  init?(_ descr: String) {
    guard let order = descr.first, "<>|=".contains(order), let kind = descr.dropFirst().first,
      let length = Int(descr.dropFirst(2)), "bUSa".contains(kind), (1...1 << 20).contains(length),
      kind != "b" || length == 1
    else { return nil }
    (self.kind, self.length, isBigEndian) = (kind, length, order == ">")
  }

  /// Bytes.
  var size: Int { kind == "U" ? 4 * length : length }

  func elements(
    _ bytes: [UInt8], _ places: [Int], path: String
  ) throws(FileError) -> NPYText.Elements {
    guard kind != "b" else { return .truths(places.map { bytes[$0] != 0 }) }
    var texts: [String] = []
    for (position, place) in places.enumerated() {
      let element = bytes[place * size..<(place + 1) * size]
      guard let text = kind == "U" ? wide(element) : narrow(element) else {
        throw .malformed(path: path, expected: "text", found: "other bytes at position \(position)")
      }
      texts.append(text)
    }
    return .texts(texts)
  }

  private func narrow(_ bytes: ArraySlice<UInt8>) -> String? {
    let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
    return String(validating: bytes[..<end], as: UTF8.self)
  }

  private func wide(_ bytes: ArraySlice<UInt8>) -> String? {
    var text = String.UnicodeScalarView()
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let unit = bytes[start..<start + 4]
      let code = (isBigEndian ? Array(unit) : unit.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      guard let scalar = Unicode.Scalar(code) else { return nil }
      text.append(scalar)
    }
    while text.last == "\0" { text.removeLast() }
    return String(text)
  }
}

extension Int {
  /// The product of two that are not negative, `Int.max` where that is smaller.
  fileprivate func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
