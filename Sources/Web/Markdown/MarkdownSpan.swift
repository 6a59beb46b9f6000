/// A piece of the text of a block. Emphasis, links and images are two pieces, with their text between; they
/// are in each other properly, but links may be in images, and images in images.
enum MarkdownSpan: Sendable, Equatable {
  case text(String)
  case code(String)
  case lineBreak
  case emphasis(isStrong: Bool)
  case emphasisEnd(isStrong: Bool)
  case link(MarkdownTarget)
  case linkEnd
  case image(MarkdownTarget)
  case imageEnd
}

extension [MarkdownSpan] {
  /// What is read aloud, on one line.
  var plainText: String { reduce(into: "") { $0 += $1.plainText } }
}

extension MarkdownSpan {
  var plainText: String {
    switch self {
    case .text(let text): String(scalars: text.unicodeScalars.map { $0 == "\n" ? " " : $0 })
    case .code(let text): text
    case .lineBreak: " "
    default: ""
    }
  }
}

extension [MarkdownSpan] {
  /// As HTML. Emphasis in more than a few others is left out: browsers do not stand any depth.
  func markup(_ options: MarkdownOptions) -> Markup {
    var html = Markup.empty
    var depth = 0
    var isLink = false
    /// The images that are open, each in the one before, of which the outermost is shown.
    var images = 0
    var image: (target: MarkdownTarget, text: String)?
    for span in self {
      switch span {
      case .image(let target):
        if images == 0 { image = (target, "") }
        images += 1
      case .imageEnd:
        images -= 1
        if images == 0, let (target, text) = image { html += target.image(text, options) }
      case _ where images > 0: image?.text += span.plainText
      case .text(let text): html += Markup(text)
      case .code(let text): html += "<code>\(text)</code>"
      case .lineBreak: html += "<br>\n"
      case .emphasis(let isStrong):
        if depth < MarkdownBlockParser.deepest { html += isStrong ? "<strong>" : "<em>" }
        depth += 1
      case .emphasisEnd(let isStrong):
        depth -= 1
        if depth < MarkdownBlockParser.deepest { html += isStrong ? "</strong>" : "</em>" }
      case .link(let target):
        let start = target.link(options)
        isLink = start != nil
        html += start ?? .empty
      case .linkEnd:
        if isLink { html += "</a>" }
      }
    }
    return html
  }
}

extension MarkdownTarget {
  /// The beginning of a link; nil where it may not lead there.
  fileprivate func link(_ options: MarkdownOptions) -> Markup? {
    guard let address = options.link(address) else { return nil }
    let start = address.prefix(8).lowercased()
    let isOutside = start.hasPrefix("http://") || start.hasPrefix("https://")
    let relation: Markup = isOutside ? " rel=\"noopener noreferrer\"" : ""
    return "<a href=\"\(MarkdownOptions.encoded(address))\"\(titleAttribute)\(relation)>"
  }

  fileprivate func image(_ text: String, _ options: MarkdownOptions) -> Markup {
    guard let address = options.image(address) else { return Markup(text) }
    return
      "<img src=\"\(MarkdownOptions.encoded(address))\" alt=\"\(text)\"\(titleAttribute) loading=\"lazy\">"
  }

  private var titleAttribute: Markup { title.map { " title=\"\($0)\"" } ?? "" }
}
