import FoundationEssentials

/// What a client asks for, decoded and checked: whoever gets one need not think of percent signs or of paths
/// that climb.
///
/// It says nothing of the connection it came on, but for whether the client wants to use that again.
package struct HTTPRequest: Sendable {
  /// The methods that are answered; others are refused with 405.
  package enum Method: String, Sendable, CaseIterable {
    /// Asks for something.
    case get = "GET"
    /// Asks for the head of what GET would be answered with.
    case head = "HEAD"
    /// Changes something.
    case post = "POST"
  }

  /// What to do.
  package var method: Method
  /// The components of the path, decoded. None is empty, `.` or `..`, or holds a slash or NUL.
  package var path: [String]
  /// Whether the path ends in a slash, as that of `/` does.
  package var endsInSlash: Bool
  /// What stands behind the question mark.
  package var query: HTTPQuery
  /// All header fields.
  package var headers: HTTPHeaders = [:]
  /// What came with it; a form's fields are read by ``HTTPQuery/init(_:)``.
  package var body = Data()
  /// Whether the client may send another request on the same connection.
  package var keepsOpen = true

  /// A request without header fields or body.
  ///
  /// - Parameters:
  ///   - method: what to do.
  ///   - target: path and query as they stand in a request line, such as `/runs/a%20b?page=2`.
  /// - Throws: ``HTTPRefusal`` with status 400 for `..`, for a slash or NUL that is encoded in a component,
  ///   and for what is no text in UTF-8 when its percent signs are decoded.
  package init(_ method: Method, _ target: String) throws(HTTPRefusal) {
    try self.init(method, Array(target.utf8)[...])
  }

  init(_ method: Method, _ target: ArraySlice<UInt8>) throws(HTTPRefusal) {
    guard target.first == UInt8(ascii: "/"), target.allSatisfy({ $0 > 32 && $0 != 127 }) else {
      throw HTTPRefusal(400, "The address must begin with a slash and hold neither blanks nor controls.")
    }
    let parts = target.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let query = HTTPQuery(parts.count > 1 ? parts[1] : []) else {
      throw HTTPRefusal(400, "What stands behind the question mark of the address cannot be decoded.")
    }
    path = []
    for part in parts[0].split(separator: UInt8(ascii: "/")) {
      guard let component = HTTPQuery.decoded(part, plusIsSpace: false), component != "..",
        !component.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
      else { throw HTTPRefusal(400, "The path of the address cannot be decoded, or leads out of the site.") }
      if component != "." { path.append(component) }
    }
    self.method = method
    self.query = query
    endsInSlash = parts[0].last == UInt8(ascii: "/")
  }
}

/// Names and values in the form of queries and forms (application/x-www-form-urlencoded), decoded, in their
/// order.
package struct HTTPQuery: Sendable {
  /// All of them; names may be repeated.
  package let fields: [(name: String, value: String)]

  /// More fields than any page has; a body could hold a million.
  private static let mostFields = 1000

  /// Decodes a query without its question mark, or the body of a form.
  ///
  /// - Returns: nil for a percent sign without two hexadecimal digits, for what is not UTF-8, and for more
  ///   than 1,000 fields.
  package init?(_ bytes: some Collection<UInt8>) {
    let parts = Array(bytes).split(separator: UInt8(ascii: "&"), maxSplits: Self.mostFields)
    guard parts.count <= Self.mostFields else { return nil }
    var fields: [(name: String, value: String)] = []
    for part in parts {
      let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(pair[0], plusIsSpace: true),
        let value = Self.decoded(pair.count > 1 ? pair[1] : [], plusIsSpace: true)
      else { return nil }
      fields.append((name, value))
    }
    self.fields = fields
  }

  /// The first value of a name; empty where there is a name only.
  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Text without its percent signs.
  static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
          return nil
        }
        result.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: result.append(UInt8(ascii: " "))
      default: result.append(byte)
      }
    }
    return String(validating: result, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
