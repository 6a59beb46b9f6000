/// The blocks of a Markdown document that the next line may go on with, each in the one before it, and what
/// is already finished of them. A block that ends becomes a part of the one around it. Which line begins or
/// ends what is not said here.
struct MarkdownOpenBlocks {
  enum Kind {
    case document, quote
    case list(MarkdownMarker)
    /// With the columns that its lines are indented by.
    case item(Int)
    case paragraph, table, indentedCode, comment
    case fencedCode(MarkdownFence)
  }

  struct Block {
    let kind: Kind
    /// How many items and quotes it stands in, itself included.
    var depth = 0
    /// Whether nothing was ever part of it; comments are.
    fileprivate(set) var isEmpty = true
    fileprivate var blocks: [MarkdownBlock] = []
    fileprivate var items: [[MarkdownBlock]] = []
    fileprivate var isLoose = false
    /// Whether the last line was blank, and a part of it.
    fileprivate var sawBlank = false
    fileprivate var text: [Unicode.Scalar] = []
    fileprivate var table: MarkdownTable?
  }

  /// The outermost first.
  private(set) var all = [Block(kind: .document)]
  private(set) var references = MarkdownReferences()

  var count: Int { all.count }
  private var last: Int { all.count - 1 }
  /// Of the innermost block.
  var kind: Kind { all[last].kind }
  var isInParagraph: Bool { if case .paragraph = kind { true } else { false } }
  var isInTable: Bool { if case .table = kind { true } else { false } }
  /// What is finished of the whole document.
  var finished: [MarkdownBlock] { all[0].blocks }

  // MARK: - Opening

  /// Opens a block in the innermost of `level` blocks, and ends all deeper ones.
  mutating func open(_ kind: Kind, in level: Int) {
    prepare(level)
    let isQuote = if case .quote = kind { true } else { false }
    all.append(Block(kind: kind, depth: all[last].depth + (isQuote ? 1 : 0)))
  }

  /// Adds a block of one line likewise.
  mutating func add(_ block: MarkdownBlock, in level: Int) {
    prepare(level)
    all[last].blocks.append(block)
  }

  /// Opens an item with the given indentation: of the list that the innermost of `level` blocks is, or of a
  /// new one.
  mutating func openItem(_ marker: MarkdownMarker, indent: Int, in level: Int) {
    if case .list(let other) = all[level - 1].kind, other.mark == marker.mark {
      close(to: level)
      if all[last].sawBlank { all[last].isLoose = true }
    } else {
      open(.list(marker), in: level)
    }
    all.append(Block(kind: .item(indent), depth: all[last].depth + 1))
  }

  private mutating func prepare(_ level: Int) {
    close(to: level)
    // A list holds nothing but items.
    if case .list = all[last].kind { close(to: last) }
    if case .item = all[last].kind, all[last].sawBlank, !all[last].isEmpty {
      all[last - 1].isLoose = true
    }
    all[last].isEmpty = false
  }

  // MARK: - Going on

  /// Adds a line to the text or the table that is innermost.
  mutating func append(_ line: some Sequence<Unicode.Scalar>) {
    all[last].text += line
    all[last].text.append("\n")
  }

  mutating func appendRow(_ line: ArraySlice<Unicode.Scalar>) { all[last].table?.append(line) }

  /// Notes that the last line was blank: it belongs to the innermost block and those around it, but not to
  /// what is around a quote.
  mutating func markBlank() {
    var isBlank = true
    for index in all.indices.reversed() {
      all[index].sawBlank = isBlank
      if case .quote = all[index].kind { isBlank = false }
    }
  }

  /// Notes that it was not.
  mutating func markText() {
    for index in all.indices { all[index].sawBlank = false }
  }

  /// Makes a heading of the innermost text, unless it is nothing but definitions of links.
  mutating func underline(depth: Int) -> Bool {
    takeDefinitions()
    let text = all[last].text.trimmed(where: \.isMarkdownSpace)
    guard !text.isEmpty else { return false }
    all.removeLast()
    all[last].blocks.append(.heading(depth: depth, text: Array(text)))
    return true
  }

  /// Makes a table of the last line of the innermost text and the line below it, if that is what they are.
  mutating func openTable(_ dashes: ArraySlice<Unicode.Scalar>) -> Bool {
    let text = all[last].text.dropLast()
    let start = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
    guard let table = MarkdownTable(header: text[start...], dashes: dashes) else { return false }
    all[last].text.removeSubrange(start...)
    open(.table, in: last)
    all[last].table = table
    return true
  }

  // MARK: - Closing

  /// Ends the innermost blocks until so many are left.
  mutating func close(to count: Int) {
    while all.count > max(count, 1) {
      if isInParagraph { takeDefinitions() }
      let block = all.removeLast()
      if case .item = block.kind {
        all[last].items.append(block.blocks)
      } else if let finished = Self.finished(block) {
        all[last].blocks.append(finished)
      }
    }
  }

  private static func finished(_ block: Block) -> MarkdownBlock? {
    switch block.kind {
    case .document, .item, .comment: return nil
    case .quote: return .quote(block.blocks)
    case .list(let marker):
      return .list(MarkdownList(start: marker.start, isLoose: block.isLoose, items: block.items))
    case .paragraph:
      let text = block.text.trimmed(where: \.isMarkdownSpace)
      return text.isEmpty ? nil : .paragraph(Array(text))
    case .table: return block.table.map(MarkdownBlock.table)
    case .fencedCode(let fence):
      return .code(language: fence.language, text: String(scalars: block.text))
    case .indentedCode:
      // Without the blank lines below it.
      let last = block.text.lastIndex { !$0.isMarkdownSpace } ?? 0
      let text = block.text[...last] + block.text[(last + 1)...].prefix { $0 != "\n" } + ["\n"]
      return .code(language: "", text: String(scalars: text))
    }
  }

  private mutating func takeDefinitions() {
    var place = 0
    while let (reference, end) = all[last].text.definition(at: place) {
      references.define(reference)
      place = end
    }
    all[last].text.removeFirst(place)
  }
}
