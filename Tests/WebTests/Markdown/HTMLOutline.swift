/// What tests look at in HTML that came from Markdown: which tags it has, and whether each is one of ours and
/// closed in order.
struct HTMLOutline {
  struct Tag {
    let name: String
    let attributes: [String: String]
    let isEnd: Bool
  }

  private(set) var tags: [Tag] = []
  /// Without tags, entities as they are.
  private(set) var text = ""
  /// The same without code.
  private(set) var prose = ""
  /// What is wrong with it; empty where nothing is.
  private(set) var complaints: [String] = []

  /// The attributes that our tags may have.
  private static let known: [String: Set<String>] = [
    "h1": ["id"], "h2": ["id"], "h3": ["id"], "h4": ["id"], "h5": ["id"], "h6": ["id"], "p": [],
    "pre": ["tabindex", "role", "aria-label"], "code": ["class"], "blockquote": [], "ul": [], "ol": ["start"],
    "li": [], "hr": [],
    "div": ["class", "role", "tabindex", "aria-label"], "table": [], "thead": [], "tbody": [], "tr": [],
    "th": ["scope", "class"], "td": ["class"], "em": [], "strong": [], "br": [],
    "a": ["href", "title", "rel"], "img": ["src", "alt", "title", "loading"],
  ]

  init(_ html: String) {
    let bytes = Array(html.utf8)
    var place = 0
    var open: [String] = []
    while place < bytes.count {
      let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
      add(String(decoding: bytes[place..<start], as: UTF8.self), isProse: !open.contains("code"))
      guard start < bytes.count else { break }
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else {
        complaints.append("a tag without end")
        return
      }
      let tag = tag(Substring(String(decoding: bytes[(start + 1)..<end], as: UTF8.self)))
      place = end + 1
      tags.append(tag)
      if tag.isEnd {
        if open.popLast() != tag.name { complaints.append("</\(tag.name)> in the wrong place") }
      } else if tag.name == "a", open.contains("a") {
        complaints.append("a link in a link")
      } else if !["br", "hr", "img"].contains(tag.name) {
        open.append(tag.name)
      }
    }
    if !open.isEmpty { complaints.append("open: \(open)") }
  }

  private mutating func add(_ text: String, isProse: Bool) {
    if text.utf8.contains(where: { "\"'>".utf8.contains($0) }) { complaints.append("unescaped text") }
    self.text += text
    if isProse { prose += text }
  }

  private mutating func tag(_ inside: Substring) -> Tag {
    let isEnd = inside.first == "/"
    let name = inside.drop { $0 == "/" }.prefix { $0 != " " }
    var rest = inside.dropFirst(name.count + (isEnd ? 1 : 0))
    var attributes: [String: String] = [:]
    while rest.first == " " {
      let key = rest.dropFirst().prefix { $0 != "=" }
      rest = rest.dropFirst(key.count + 1)
      guard rest.hasPrefix("=\""), let end = rest.dropFirst(2).firstIndex(of: "\"") else { break }
      attributes[String(key)] = String(rest.dropFirst(2)[..<end])
      rest = rest[end...].dropFirst()
    }
    if !rest.isEmpty { complaints.append("<\(inside)>: no attributes") }
    if let known = Self.known[String(name)], !isEnd || attributes.isEmpty {
      for key in attributes.keys where !known.contains(key) { complaints.append("<\(name) \(key)>") }
    } else {
      complaints.append("<\(inside)>: not one of ours")
    }
    return Tag(name: String(name), attributes: attributes, isEnd: isEnd)
  }

  /// The levels of the headings, in order.
  var levels: [Int] {
    tags.filter { !$0.isEnd && $0.name.count == 2 && $0.name.hasPrefix("h") }
      .compactMap { Int($0.name.dropFirst()) }
  }

  /// Values of an attribute, in order.
  func values(_ attribute: String) -> [String] { tags.compactMap { $0.attributes[attribute] } }

  func count(_ name: String) -> Int { tags.count { $0.name == name && !$0.isEnd } }
}
