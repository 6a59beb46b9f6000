/// Finds emphasis, code, links and images in the text of a block. HTML is text, but for comments, which are
/// left out. Goes once from left to right.
struct MarkdownInlineParser {
  private enum Piece {
    case span(MarkdownSpan)
    /// A run of the emphasis.
    case run(Int)
  }

  /// A bracket that may become the beginning of a link or an image.
  private struct Bracket {
    let isImage: Bool
    /// The piece that shows it as long as it is text.
    let piece: Int
    /// Where its text begins.
    let start: Int
    /// Where the emphasis within it begins.
    let emphasis: Int
    /// Whether others follow, so that its text is no label.
    var hasBrackets = false
  }

  private let text: [Unicode.Scalar]
  private var references: MarkdownReferences
  private var place = 0
  private var pieces: [Piece] = []
  private var literal = String.UnicodeScalarView()
  private var emphasis = MarkdownEmphasis()
  private var brackets: [Bracket] = []
  /// So many brackets, the outermost ones, are around a link, and begin none themselves.
  private var linkable = 0
  private var hasMoreComments = true
  /// Where runs of so many backticks stand, the last one first; found when first asked for.
  private var backticks: [Int: [Int]]?

  static func parse(_ text: [Unicode.Scalar], _ references: inout MarkdownReferences) -> [MarkdownSpan] {
    var parser = MarkdownInlineParser(text, references)
    while parser.place < text.count { parser.step() }
    parser.flush()
    parser.emphasis.resolve(from: 0)
    references = parser.references
    return parser.spans
  }

  private init(_ text: [Unicode.Scalar], _ references: MarkdownReferences) {
    (self.text, self.references) = (text, references)
  }

  private var spans: [MarkdownSpan] {
    var spans: [MarkdownSpan] = []
    for piece in pieces {
      switch piece {
      case .span(let span): spans.append(span)
      case .run(let number):
        let run = emphasis.runs[number]
        for isStrong in run.closing { spans.append(.emphasisEnd(isStrong: isStrong)) }
        if run.left > 0 {
          spans.append(.text(String(repeating: Character(run.mark), count: run.left)))
        }
        for isStrong in run.opening.reversed() { spans.append(.emphasis(isStrong: isStrong)) }
      }
    }
    return spans
  }

  private mutating func flush() {
    if !literal.isEmpty { pieces.append(.span(.text(String(literal)))) }
    literal = String.UnicodeScalarView()
  }

  private mutating func add(_ span: MarkdownSpan) {
    flush()
    pieces.append(.span(span))
  }

  // MARK: - Signs

  private mutating func step() {
    let scalar = text[place]
    switch scalar {
    case "\\": escape()
    case "\n": endLine()
    case "`": code()
    case "*", "_": run(scalar)
    case "<": angle()
    case "&":
      let entity = text.entity(at: place)
      literal.append(entity?.0 ?? scalar)
      place = entity?.end ?? place + 1
    case "[": openBracket(isImage: false)
    case "!" where text.at(place + 1) == "[": openBracket(isImage: true)
    case "]": closeBracket()
    default:
      literal.append(scalar)
      place += 1
    }
  }

  private mutating func escape() {
    let next = text.at(place + 1)
    if next == "\n" {
      add(.lineBreak)
      place += 2
    } else if let next, next.isASCIIPunctuation {
      literal.append(next)
      place += 2
    } else {
      literal.append("\\")
      place += 1
    }
  }

  private mutating func endLine() {
    var blanks = 0
    while literal.last == " " {
      literal.removeLast()
      blanks += 1
    }
    if blanks >= 2 { add(.lineBreak) } else { literal.append("\n") }
    place += 1
  }

  private mutating func code() {
    let start = place
    while text.at(place) == "`" { place += 1 }
    guard let end = endOfCode(place - start) else {
      literal.append(contentsOf: text[start..<place])
      return
    }
    var code = text[place..<end].map { $0 == "\n" ? " " : $0 }
    if code.count >= 2, code.first == " ", code.last == " ", code.contains(where: { $0 != " " }) {
      code = Array(code.dropFirst().dropLast())
    }
    add(.code(String(scalars: code)))
    place = end + (place - start)
  }

  /// Where the next run of exactly so many backticks begins.
  private mutating func endOfCode(_ count: Int) -> Int? {
    if backticks == nil { backticks = findBackticks() }
    while let next = backticks?[count]?.last, next < place { backticks?[count]?.removeLast() }
    return backticks?[count]?.last
  }

  private func findBackticks() -> [Int: [Int]] {
    var runs: [Int: [Int]] = [:]
    var end = text.count
    while let last = text[..<end].lastIndex(of: "`") {
      let start = text[..<last].lastIndex { $0 != "`" }.map { $0 + 1 } ?? 0
      runs[last + 1 - start, default: []].append(start)
      end = start
    }
    return runs
  }

  private mutating func run(_ mark: Unicode.Scalar) {
    let start = place
    while text.at(place) == mark { place += 1 }
    let run = MarkdownEmphasis.Run(
      mark: mark, length: place - start, before: start > 0 ? text[start - 1] : "\n",
      after: text.at(place) ?? "\n")
    flush()
    pieces.append(.run(emphasis.append(run)))
  }

  private mutating func angle() {
    if hasMoreComments, text[place...].starts(with: "<!--".unicodeScalars) {
      if let end = text.endOfComment(from: place + 2) {
        place = end
        return
      }
      hasMoreComments = false
    }
    if let (address, label, end) = text.automaticLink(at: place) {
      add(.link(MarkdownTarget(address: address, title: nil)))
      add(.text(label))
      add(.linkEnd)
      place = end
      linkable = brackets.count
    } else {
      literal.append("<")
      place += 1
    }
  }
}

// MARK: - Brackets

extension MarkdownInlineParser {
  private mutating func openBracket(isImage: Bool) {
    if !brackets.isEmpty { brackets[brackets.count - 1].hasBrackets = true }
    add(.text(isImage ? "![" : "["))
    place += isImage ? 2 : 1
    brackets.append(
      Bracket(isImage: isImage, piece: pieces.count - 1, start: place, emphasis: emphasis.place))
  }

  private mutating func closeBracket() {
    guard let bracket = brackets.popLast(), bracket.isImage || brackets.count >= linkable,
      let (target, end) = target(of: bracket)
    else {
      linkable = min(linkable, brackets.count)
      literal.append("]")
      place += 1
      return
    }
    emphasis.resolve(from: bracket.emphasis)
    pieces[bracket.piece] = .span(bracket.isImage ? .image(target) : .link(target))
    add(bracket.isImage ? .imageEnd : .linkEnd)
    place = end
    linkable = bracket.isImage ? min(linkable, brackets.count) : brackets.count
  }

  /// What a bracket leads to that closes here: `(address)`, `[label]`, or its own text as a label.
  private mutating func target(of bracket: Bracket) -> (MarkdownTarget, end: Int)? {
    if let target = text.inlineTarget(at: place + 1) { return target }
    if let (label, end) = text.label(at: place + 1) { return references.target(of: label).map { ($0, end) } }
    guard !bracket.hasBrackets, let label = text.label(bracket.start..<place) else { return nil }
    let isFollowed = text.at(place + 1) == "[" && text.at(place + 2) == "]"
    return references.target(of: label).map { ($0, place + (isFollowed ? 3 : 1)) }
  }
}
