/// Cuts a Markdown document into blocks, line by line, as CommonMark describes: a line first goes on with the
/// lists, quotes and texts that are open, and then may begin others. Lists and quotes in more than `deepest`
/// others are text. Leaves the inside of texts alone.
struct MarkdownBlockParser {
  /// Items and quotes that a block may stand in.
  static let deepest = 32

  /// What the rest of a line begins.
  private enum Start { case nothing, container, leaf }

  private var blocks = MarkdownOpenBlocks()

  static func parse(_ text: String) -> ([MarkdownBlock], MarkdownReferences) {
    var parser = MarkdownBlockParser()
    let lines = lines(of: text)
    let lastEnd = lines.lastIndex { $0.endOfComment(from: 0) != nil } ?? -1
    for (index, scalars) in lines.enumerated() {
      parser.read(MarkdownLine(scalars), mayComment: index <= lastEnd)
    }
    parser.blocks.close(to: 1)
    var references = parser.blocks.references
    references.budget = max(100_000, text.utf8.count)
    return (parser.blocks.finished, references)
  }

  /// The lines without their ends; control characters, for which HTML has no sign, are replaced.
  private static func lines(of text: String) -> [[Unicode.Scalar]] {
    var lines: [[Unicode.Scalar]] = [[]]
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r": lines.append([])
      default: lines[lines.count - 1].append(scalar == "\t" || !scalar.isControl ? scalar : "\u{FFFD}")
      }
      previous = scalar
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// - Parameter mayComment: whether a comment that begins here has an end.
  private mutating func read(_ line: MarkdownLine, mayComment: Bool) {
    var line = line
    let kept = goOn(&line)
    if kept == blocks.count, isTaken(line) { return }
    if line.isBlank {
      blocks.close(to: kept)
      return blocks.markBlank()
    }
    defer { blocks.markText() }
    // The text or table that the line would go on with.
    let isWhole = kept == blocks.count
    var (isInParagraph, isInTable) = (isWhole && blocks.isInParagraph, isWhole && blocks.isInTable)
    var level = isInParagraph || isInTable ? kept - 1 : kept
    var start = begin(&line, &level, isInParagraph, mayComment)
    while start == .container {
      (isInParagraph, isInTable) = (false, false)
      start = begin(&line, &level, false, mayComment)
    }
    if start == .leaf { return }
    if isInParagraph, line.indent < 4, blocks.openTable(line.text) { return }
    if isInTable { return blocks.appendRow(line.text) }
    // A text goes on even where the line does not name the list or the quote that it is in.
    if !blocks.isInParagraph { blocks.open(.paragraph, in: level) }
    blocks.append(line.text)
  }

  /// How many of the open blocks the line goes on with; takes from it what is theirs.
  private func goOn(_ line: inout MarkdownLine) -> Int {
    for (index, block) in blocks.all.enumerated() {
      switch block.kind {
      case .document, .list, .fencedCode, .comment: break
      case .quote:
        guard line.beginsQuote else { return index }
        line.takeQuote()
      case .item(let indent):
        guard line.isBlank ? !block.isEmpty : line.indent >= indent else { return index }
        line.skip(indent)
      case .indentedCode:
        guard line.isBlank || line.indent >= 4 else { return index }
        line.skip(4)
      case .paragraph, .table:
        guard !line.isBlank else { return index }
      }
    }
    return blocks.count
  }

  /// Whether the innermost block takes the line as it is.
  private mutating func isTaken(_ line: MarkdownLine) -> Bool {
    var line = line
    switch blocks.kind {
    case .fencedCode(let fence):
      if line.closes(fence) {
        blocks.close(to: blocks.count - 1)
      } else {
        line.skip(fence.indent)
        blocks.append(line.rest)
      }
    case .indentedCode:
      blocks.append(line.rest)
      if line.isBlank { blocks.markBlank() } else { blocks.markText() }
    case .comment: endComment(line, from: 0)
    default: return false
    }
    return true
  }

  /// Opens what the rest of the line begins, in the innermost of `level` blocks.
  ///
  /// - Parameter level: grows where that is a list or a quote.
  private mutating func begin(
    _ line: inout MarkdownLine, _ level: inout Int, _ isInParagraph: Bool, _ mayComment: Bool
  ) -> Start {
    let mayDeepen = blocks.all[level - 1].depth < Self.deepest
    if line.isBlank { return .leaf }
    if line.indent >= 4 {
      if blocks.isInParagraph { return .nothing }
      blocks.open(.indentedCode, in: level)
      line.skip(4)
      blocks.append(line.rest)
    } else if line.beginsQuote, mayDeepen {
      blocks.open(.quote, in: level)
      line.takeQuote()
      level = blocks.count
      return .container
    } else if let (depth, text) = line.heading {
      blocks.add(.heading(depth: depth, text: text), in: level)
    } else if let fence = line.fence {
      blocks.open(.fencedCode(fence), in: level)
    } else if line.beginsComment, mayComment {
      blocks.open(.comment, in: level)
      endComment(line, from: 2)
    } else if isInParagraph, let depth = line.underlinedDepth, blocks.underline(depth: depth) {
      return .leaf
    } else if line.isRule {
      blocks.add(.rule, in: level)
    } else if let marker = line.marker, mayDeepen, !isInParagraph || marker.endsParagraph {
      blocks.openItem(marker, indent: line.takeMarker(marker), in: level)
      level = blocks.count
      return .container
    } else {
      return .nothing
    }
    return .leaf
  }

  /// Ends the comment if its end is on the line; what stands behind it there is text.
  private mutating func endComment(_ line: MarkdownLine, from start: Int) {
    var line = line
    guard let end = line.commentEnd(from: start) else { return }
    blocks.close(to: blocks.count - 1)
    line.take(end)
    guard !line.isBlank else { return }
    blocks.open(.paragraph, in: blocks.count)
    blocks.append(line.text)
  }
}
