/// How a Markdown document becomes a part of a page: the depth of its headings, and where links and images
/// lead.
///
/// Addresses come from the document, and nobody has looked at them: whoever gives other closures than the
/// defaults decides what is safe, and may ask `safeLink` and `safeImage` first.
package struct MarkdownOptions: Sendable {
  /// What depth a heading of depth 1 gets, 1 to 6; the deeper ones follow, none skips a depth, and none is
  /// deeper than 6.
  package var firstHeading: Int
  /// Whether the first heading of depth 1 is left out, because the page shows it, or another, as its own.
  /// Deeper headings are below that, even where the document has none of depth 1.
  package var leavesOutTitle: Bool
  /// Where a link leads, given its address without escapes; nil: its text is shown alone.
  package var link: @Sendable (String) -> String?
  /// The address of an image; nil: its alternative text stands in its place.
  package var image: @Sendable (String) -> String?

  package init(
    firstHeading: Int = 1, leavesOutTitle: Bool = false,
    link: @escaping @Sendable (String) -> String? = MarkdownOptions.safeLink,
    image: @escaping @Sendable (String) -> String? = MarkdownOptions.safeImage
  ) {
    (self.firstHeading, self.leavesOutTitle) = (firstHeading, leavesOutTitle)
    (self.link, self.image) = (link, image)
  }

  /// The address, if it is of http, https or mailto, or a path or fragment without scheme; nil where it names
  /// another scheme or a host without one, or hides either behind control characters.
  package static func safeLink(_ address: String) -> String? {
    guard let (scheme, address) = parts(of: address) else { return nil }
    guard let scheme else { return address }
    return ["http", "https", "mailto"].contains(scheme) ? address : nil
  }

  /// The address, if it is a path without scheme.
  package static func safeImage(_ address: String) -> String? {
    guard let (scheme, address) = parts(of: address), scheme == nil else { return nil }
    return address
  }

  /// The scheme, in lower case, and the address without blanks around it; nil where a browser might see
  /// another address than we do.
  private static func parts(of address: String) -> (scheme: String?, address: String)? {
    let scalars = Array(address.unicodeScalars)
    guard !scalars.contains(where: \.isControl) else { return nil }
    let trimmed = scalars.trimmed(where: \.isMarkdownSpace)
    // Browsers take both strokes for the same.
    guard !(trimmed.count >= 2 && trimmed.prefix(2).allSatisfy { $0 == "/" || $0 == "\\" }) else {
      return nil
    }
    let scheme = trimmed.firstIndex { "/?#".unicodeScalars.contains($0) || $0 == ":" }
      .flatMap { trimmed[$0] == ":" ? String(scalars: trimmed[..<$0]).lowercased() : nil }
    return (scheme, String(scalars: trimmed))
  }

  /// An address as it goes into an attribute: what is no character of addresses is written as `%20` is.
  static func encoded(_ address: String) -> String {
    let bytes = Array(address.utf8)
    var result = ""
    // Brackets stand around the numbers of hosts, and nowhere else.
    var slashes = address.contains("://") ? 0 : 3
    for (index, byte) in bytes.enumerated() {
      let isEscape =
        byte == UInt8(ascii: "%") && index + 2 < bytes.count
        && bytes[(index + 1)...(index + 2)].allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      if byte == UInt8(ascii: "/") { slashes += 1 }
      let isBracket = slashes < 3 && (byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]"))
      if isEscape || isBracket || kept.contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += byte < 16 ? "%0" : "%"
        result += String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  private static let kept = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789;/?:@&=+$,-_.!~*'()#".utf8)
}
