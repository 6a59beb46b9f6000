/// Header fields of a request or an answer, in their order, with names that are compared without case.
///
/// It joins no fields of one name, and does not know what any of them means.
package struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
  /// All fields as they were added. No value holds a control character other than a tab.
  package private(set) var fields: [(name: String, value: String)] = []

  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }

  /// The value of the first field of a name. Setting it leaves one field of the name, or none for nil.
  package subscript(name: String) -> String? {
    get { all(name).first }
    set {
      let key = name.lowercased()
      fields.removeAll { $0.name.lowercased() == key }
      if let newValue { add(name, newValue) }
    }
  }

  /// The values of all fields of a name.
  package func all(_ name: String) -> [String] {
    let key = name.lowercased()
    return fields.compactMap { $0.name.lowercased() == key ? $0.value : nil }
  }

  /// Adds a field behind the others. Control characters are taken out of its value, so that nothing from
  /// outside can begin another line.
  ///
  /// - Precondition: the name is a token of HTTP.
  package mutating func add(_ name: String, _ value: String) {
    precondition(Self.isToken(name.utf8), "HTTPHeaders: a field of the name \(name)")
    let isClean = value.utf8.allSatisfy(Self.isText)
    let scalars = value.unicodeScalars.filter { $0.value > 127 || Self.isText(UInt8($0.value)) }
    fields.append((name, isClean ? value : String(String.UnicodeScalarView(scalars))))
  }

  /// The items of a list that is separated by commas and may go over several fields, in small letters.
  package func list(_ name: String) -> [String] {
    all(name).flatMap { $0.split(separator: ",") }.map { item in
      String(item.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }).lowercased()
    }
  }

  /// Whether these bytes are what HTTP calls a token: names of methods and of header fields.
  static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: marks.contains(byte)
        }
      }
  }

  private static let marks = Array("!#$%&'*+-.^_`|~".utf8)

  /// Whether a byte may stand in a value.
  static func isText(_ byte: UInt8) -> Bool { byte == 9 || byte >= 32 && byte != 127 }
}
