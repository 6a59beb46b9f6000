/// Reads JSON (RFC 8259) from its beginning to its end, by the whole grammar and nothing beside it.
///
/// For headers of files that others write: a name twice in an object, a comma too many, control characters in
/// a text, half a surrogate pair, bytes that are not UTF-8, `NaN` and `01` are all refused, where
/// Foundation's decoder takes several of them. Makes no tree: the reader says what it expects next, so memory
/// follows from what it keeps.
package struct JSONScanner {
  /// Why it is not the JSON that was expected, in words that go on from "found".
  package struct Failure: Error, Equatable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
  }

  private static let deepest = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  // MARK: - What may be expected

  /// An object. `field` is called with each name, and reads the value, or passes it over with ``skip()``.
  package mutating func object(
    _ field: (inout JSONScanner, String) throws(Failure) -> Void
  ) throws(Failure) {
    var names: Set<String> = []
    try list("{", "}", "an object") { (scanner) throws(Failure) in
      let name = try scanner.string()
      guard names.insert(name).inserted else { throw Failure("the name \(name.quoted) twice") }
      guard scanner.take(":") else { throw scanner.failure("a colon") }
      try field(&scanner, name)
    }
  }

  /// An array. `element` is called before each value, and reads it.
  package mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try list("[", "]", "an array", element)
  }

  package mutating func string() throws(Failure) -> String {
    guard take("\"") else { throw failure("a text") }
    var content: [UInt8] = []
    while true {
      // Most texts are one run without escapes.
      let start = position
      while let byte = next, byte >= 32, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
      }
      let run = bytes[start..<position]
      let isEscape = next == UInt8(ascii: "\\")
      if !isEscape, next == UInt8(ascii: "\"") {
        position += 1
        let text =
          content.isEmpty
          ? String(validating: run, as: UTF8.self) : String(validating: content + run, as: UTF8.self)
        guard let text else { throw Failure("a text that is not UTF-8") }
        return text
      }
      guard isEscape else {
        throw Failure(
          next == nil ? "a text without an end" : "a control character in a text, at byte \(position)")
      }
      position += 1
      content += run
      content += try escaped()
    }
  }

  /// A number without fraction and exponent.
  package mutating func integer() throws(Failure) -> Int {
    skipBlanks()
    let start = position
    try number()
    guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      position = start
      throw failure("an integer")
    }
    return value
  }

  package mutating func null() -> Bool { take("null") }

  /// Any value.
  package mutating func skip() throws(Failure) {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): try object { (scanner, _) throws(Failure) in try scanner.skip() }
    case UInt8(ascii: "["): try array { (scanner) throws(Failure) in try scanner.skip() }
    case UInt8(ascii: "\""): _ = try string()
    case let byte? where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
      try number()
    default: guard take("true") || take("false") || take("null") else { throw failure("a value") }
    }
  }

  package var isAtEnd: Bool { position == bytes.count }

  // MARK: - The grammar

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ word: StaticString) -> Bool {
    skipBlanks()
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
    position += count
    return true
  }

  private func failure(_ expected: String) -> Failure {
    Failure(
      position < bytes.count
        ? "something other than \(expected) at byte \(position)" : "an end before \(expected)")
  }

  private mutating func list(
    _ open: StaticString, _ close: StaticString, _ name: String,
    _ element: (inout JSONScanner) throws(Failure) -> Void
  ) throws(Failure) {
    guard take(open) else { throw failure(name) }
    depth += 1
    guard depth <= Self.deepest else { throw Failure("values nested more than \(Self.deepest) deep") }
    if !take(close) {
      repeat { try element(&self) } while take(",")
      guard take(close) else { throw failure("a comma or the end of \(name)") }
    }
    depth -= 1
  }

  private mutating func number() throws(Failure) {
    _ = takeByte("-")
    if !takeByte("0"), try digits() == 0 { throw failure("a number") }
    if takeByte("."), try digits() == 0 { throw failure("a digit") }
    if takeByte("e") || takeByte("E") {
      if !takeByte("-") { _ = takeByte("+") }
      if try digits() == 0 { throw failure("a digit") }
    }
    // 01, 1x: no number ends like this.
    if let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { throw failure("the end of a number") }
  }

  private mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func digits() throws(Failure) -> Int {
    let start = position
    while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
    return position - start
  }

  /// What follows a backslash, as UTF-8.
  private mutating func escaped() throws(Failure) -> [UInt8] {
    let start = position
    guard let byte = next else { throw Failure("a text without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      let first = hexadecimal()
      if let first, let scalar = Unicode.Scalar(first) { return Array(String(scalar).utf8) }
      // Beyond 16 bits a character takes two: a high and a low half.
      if let first, 0xD800..<0xDC00 ~= first, takeByte("\\"), takeByte("u"), let second = hexadecimal(),
        0xDC00..<0xE000 ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return Array(String(scalar).utf8)
      }
      throw Failure("half a character (\\u) in a text, at byte \(start - 1)")
    default: throw Failure("an unknown escape in a text, at byte \(start - 1)")
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

extension String {
  /// In quotes, fit for one line of an error.
  package var quoted: String { "\"\(visible(limit: 80))\"" }
}

extension Array<Int> {
  /// As `description`, with what is beyond the first eight left out: a file may claim a million dimensions.
  package var brief: String {
    count <= 8 ? description : "[\(prefix(8).map(String.init).joined(separator: ", ")), … (\(count) numbers)]"
  }
}
