import FoundationEssentials

/// The dictionary in the header of a NumPy array: a Python literal with three fields, each once, in any
/// order.
///
/// Knows no more of Python than NumPy writes: strings without escapes, `True` and `False`, tuples of
/// integers.
struct NPYDictionary {
  private let text: String
  private let path: String
  private var rest: ArraySlice<UInt8>

  init(_ bytes: Data, path: String) {
    rest = ArraySlice(bytes)
    text = Self.printable(bytes.prefix(100)).trimmed { " ?".contains($0) }
    self.path = path
  }

  mutating func fields() throws(FileError) -> (descr: String, fortranOrder: Bool, shape: [Int]) {
    var descr: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    var isOpen = take("{")
    while isOpen, !take("}") {
      guard let key = string(), take(":") else { throw malformed }
      switch key {
      case "descr" where descr == nil:
        guard !take("[") else {
          throw .malformed(
            path: path, expected: "elements of one numeric type", found: "a structured type: \(text)")
        }
        descr = string()
      case "fortran_order" where fortranOrder == nil:
        fortranOrder = take("True") ? true : take("False") ? false : nil
      case "shape" where shape == nil: shape = tuple()
      default: throw malformed
      }
      isOpen = take(",")
      guard isOpen || take("}") else { throw malformed }
    }
    skipBlanks()
    guard rest.isEmpty, let descr, let fortranOrder, let shape else { throw malformed }
    return (descr, fortranOrder, shape)
  }

  private var malformed: FileError {
    .malformed(
      path: path, expected: "a header with descr, fortran_order and shape",
      found: text.isEmpty ? "an empty one" : text)
  }

  /// ASCII; whatever else stands there is a question mark, in an error on a terminal too.
  private static func printable(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.map { (32..<127).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  /// Whether `word` comes next; if so, it is passed over.
  private mutating func take(_ word: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func string() -> String? {
    let quote = take("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    guard quote == UInt8(ascii: "'") || take("\""), let end = rest.firstIndex(of: quote) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return Self.printable(rest[..<end])
  }

  /// `()`, `(3,)`, `(2, 3)` or `(2, 3,)`.
  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      guard let number = integer() else { return nil }
      numbers.append(number)
      if !take(",") { return take(")") ? numbers : nil }
    }
    return numbers
  }

  private mutating func integer() -> Int? {
    let sign = take("-") ? "-" : ""
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    // Python 2 marks long integers.
    _ = take("L")
    return Int(sign + String(decoding: digits, as: UTF8.self))
  }
}
