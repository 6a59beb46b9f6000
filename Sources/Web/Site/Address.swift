import Files

/// The names of a site's pages: each once, of letters, digits and hyphens, so that a link to it needs no
/// escapes and no file system minds it.
package struct Addresses {
  private var taken: Set<String> = []

  package init() {}

  /// `generator-dcgan.html`; with a number where that is taken.
  package mutating func page(_ kind: String, _ name: String = "") -> String {
    let words = ([kind] + (name.isEmpty ? [] : [Self.plain(name)])).joined(separator: "-")
    var (address, number) = ("\(words).html", 2)
    while !taken.insert(address).inserted {
      address = "\(words)-\(number).html"
      number += 1
    }
    return address
  }

  /// In small letters, with one hyphen in the place of everything else.
  private static func plain(_ name: String) -> String {
    var text = ""
    for scalar in name.lowercased().unicodeScalars.prefix(80) {
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else if !text.hasSuffix("-"), !text.isEmpty {
        text += "-"
      }
    }
    while text.hasSuffix("-") { text.removeLast() }
    return text.isEmpty ? "page" : text
  }
}

/// Where things are in a site.
package enum Address {
  /// Where a file of the folder is in the site: `files/generators/a%20b.png`.
  package static func file(_ name: String) -> String { "files/" + escaped(name, also: "/") }

  /// A value as an address has it behind a `?`.
  static func field(_ value: String) -> String { escaped(value, also: "") }

  private static func escaped(_ text: String, also plain: String) -> String {
    var address = ""
    for byte in text.utf8 {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_.~".utf8.contains(byte) || plain.utf8.contains(byte)
      address += isPlain ? String(UnicodeScalar(byte)) : Text.formatted("%%%02X", UInt32(byte))
    }
    return address
  }
}
