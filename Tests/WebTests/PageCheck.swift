import Testing

/// What a page of HTML is made of, strictly: every tag is closed in its order, every attribute quoted and
/// there once. Knows the elements that have no end, and takes what is in SVG as it is in XML.
struct PageCheck {
  private(set) var faults: [String] = []
  private(set) var links: [String] = []
  private(set) var pictures: [String] = []
  private(set) var ids: [String] = []
  private(set) var scripts: [String] = []
  /// Texts between tags, unescaped.
  private(set) var texts: [String] = []

  private static let endless: Set<String> = ["meta", "link", "img", "input", "br", "hr"]

  init(_ page: String) {
    var rest = page[...]
    var open: [String] = []
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) } else { faults.append("no doctype") }
    while let start = rest.firstIndex(of: "<") {
      let text = rest[..<start]
      if text.contains(">") { faults.append("a > in text: \(text.suffix(60))") }
      texts.append(Self.unescaped(String(text)))
      rest = rest[rest.index(after: start)...]
      guard let end = Self.end(of: rest) else {
        faults.append("a tag without an end: \(rest.prefix(60))")
        return
      }
      let tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.popLast() != name { faults.append("</\(name)> ends another element") }
        continue
      }
      let closed = tag.hasSuffix("/")
      let (name, attributes) = parts(closed ? tag.dropLast() : tag)
      note(name, attributes)
      if !closed, !Self.endless.contains(name) { open.append(name) }
    }
    if !open.isEmpty { faults.append("left open: \(open)") }
    let twice = Dictionary(ids.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.keys
    if !twice.isEmpty { faults.append("ids twice: \(twice.sorted().prefix(5))") }
  }

  /// Outside of quotes.
  private static func end(of text: Substring) -> String.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private mutating func parts(_ tag: Substring) -> (String, [String: String]) {
    let name = tag.prefix { $0.isLetter || $0.isNumber }
    var (rest, attributes) = (tag.dropFirst(name.count), [String: String]())
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard !rest.isEmpty else { return (String(name), attributes) }
      let key = String(rest.prefix { $0 != "=" && !$0.isWhitespace })
      rest = rest.dropFirst(key.count)
      var value = ""
      if rest.first == "=" {
        guard rest.dropFirst().first == "\"" else {
          faults.append("an attribute without quotes: \(tag.prefix(80))")
          return (String(name), attributes)
        }
        rest = rest.dropFirst(2)
        value = String(rest.prefix { $0 != "\"" })
        rest = rest.dropFirst(value.count + 1)
      }
      if key.isEmpty || key.contains("\"") || key.contains("<") {
        faults.append("no attribute: \(tag.prefix(80))")
      }
      if attributes.updateValue(Self.unescaped(value), forKey: key) != nil {
        faults.append("\(key) twice: \(tag.prefix(80))")
      }
      if rest.isEmpty { return (String(name), attributes) }
    }
  }

  private mutating func note(_ name: String, _ attributes: [String: String]) {
    if let id = attributes["id"] { ids.append(id) }
    if let link = attributes["href"], name == "a" { links.append(link) }
    if name == "img" {
      pictures.append(attributes["src"] ?? "")
      if attributes["alt"] == nil { faults.append("a picture without alt") }
    }
    if name == "script" { scripts.append(attributes["src"] ?? "inline") }
    for key in attributes.keys where key.lowercased().hasPrefix("on") { faults.append("a handler \(key)") }
    if let style = attributes["style"], !style.hasPrefix("image-rendering") {
      faults.append("a style \(style)")
    }
  }

  static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}
