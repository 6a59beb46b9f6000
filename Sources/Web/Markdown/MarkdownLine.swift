/// A line of a Markdown document, from which lists and quotes take what is theirs, and what the rest of it
/// may begin. Tabulators reach to the next of four columns. Knows nothing of the lines around it.
struct MarkdownLine {
  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var column = 0
  /// Where the first character stands that is no blank.
  private var start = 0
  private var startColumn = 0

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    look()
  }

  /// The columns that the text is indented by.
  var indent: Int { startColumn - column }
  var isBlank: Bool { start == scalars.count }
  /// Without its indentation.
  var text: ArraySlice<Unicode.Scalar> { scalars[start...] }

  /// With what is left of its indentation.
  var rest: [Unicode.Scalar] {
    guard offset < start, scalars[offset] == "\t", column % 4 != 0 else { return Array(scalars[offset...]) }
    return Array(repeating: " ", count: 4 - column % 4) + scalars[(offset + 1)...]
  }

  /// Leaves out so many columns of the indentation, at most all of it.
  mutating func skip(_ columns: Int) {
    var left = min(columns, indent)
    while left > 0 {
      let width = scalars[offset] == "\t" ? 4 - column % 4 : 1
      column += min(width, left)
      offset += width <= left ? 1 : 0
      left -= min(width, left)
    }
  }

  /// Leaves out the indentation and so many characters of the text.
  mutating func take(_ count: Int) {
    (offset, column) = (start + count, startColumn + count)
    look()
  }

  /// Leaves out the mark of a quote.
  mutating func takeQuote() {
    take(1)
    skip(1)
  }

  /// Leaves out the mark of an item.
  ///
  /// - Returns: the columns that further lines of the item are indented by.
  mutating func takeMarker(_ marker: MarkdownMarker) -> Int {
    let before = indent
    take(marker.width)
    // What is further away is code.
    let after = isBlank || indent > 4 ? 1 : indent
    skip(after)
    return before + marker.width + after
  }

  private mutating func look() {
    (start, startColumn) = (offset, column)
    while start < scalars.count, scalars[start].isMarkdownBlank {
      startColumn += scalars[start] == "\t" ? 4 - startColumn % 4 : 1
      start += 1
    }
  }

  // MARK: - What it begins

  var beginsQuote: Bool { indent < 4 && text.first == ">" }

  /// Three or more of the same mark, and nothing else.
  var isRule: Bool {
    guard let mark = text.first, "*-_".unicodeScalars.contains(mark) else { return false }
    var count = 0
    for scalar in text where !scalar.isMarkdownBlank {
      guard scalar == mark else { return false }
      count += 1
    }
    return count >= 3
  }

  /// A heading between `#`.
  var heading: (depth: Int, text: [Unicode.Scalar])? {
    let depth = text.prefix { $0 == "#" }.count
    let rest = text.dropFirst(depth)
    guard (1...6).contains(depth), rest.first?.isMarkdownBlank ?? true else { return nil }
    let title = rest.trimmed()
    let open = title.dropLast(title.reversed().prefix { $0 == "#" }.count)
    return (depth, Array(open.last?.isMarkdownBlank ?? true ? open.trimmed() : title))
  }

  /// The depth of the heading that it underlines.
  var underlinedDepth: Int? {
    guard let mark = text.first, mark == "=" || mark == "-",
      text.drop(while: { $0 == mark }).allSatisfy(\.isMarkdownBlank)
    else { return nil }
    return mark == "=" ? 1 : 2
  }

  /// What opens a block of code.
  var fence: MarkdownFence? {
    guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
    let count = text.prefix { $0 == mark }.count
    let words = text.dropFirst(count).trimmed()
    guard count >= 3, mark == "~" || !words.contains("`") else { return nil }
    let info = Array(words).unescaped(0..<words.count)
    let language = String(scalars: info.unicodeScalars.prefix { !$0.properties.isWhitespace })
    return MarkdownFence(mark: mark, count: count, indent: indent, language: language)
  }

  func closes(_ fence: MarkdownFence) -> Bool {
    let rest = text.drop { $0 == fence.mark }
    return indent < 4 && text.count - rest.count >= fence.count && rest.allSatisfy(\.isMarkdownBlank)
  }

  /// What an item of a list begins with.
  var marker: MarkdownMarker? {
    let digits = text.prefix { $0.isASCIIDigit }
    guard digits.count < 10, let mark = text.dropFirst(digits.count).first,
      (digits.isEmpty ? "-+*" : ".)").unicodeScalars.contains(mark)
    else { return nil }
    let rest = text.dropFirst(digits.count + 1)
    guard rest.first?.isMarkdownBlank ?? true else { return nil }
    return MarkdownMarker(
      mark: mark, start: Int(String(scalars: digits)), width: digits.count + 1,
      isAlone: rest.allSatisfy(\.isMarkdownBlank))
  }

  var beginsComment: Bool { text.starts(with: "<!--".unicodeScalars) }

  /// How many characters of the text reach to the end of a comment, the first few aside.
  func commentEnd(from count: Int) -> Int? {
    scalars.endOfComment(from: start + count).map { $0 - start }
  }
}

/// The marks above and below a block of code.
struct MarkdownFence {
  let mark: Unicode.Scalar
  let count: Int
  let indent: Int
  let language: String
}

/// The mark before an item of a list.
struct MarkdownMarker {
  let mark: Unicode.Scalar
  /// nil where it is no number.
  let start: Int?
  let width: Int
  /// Whether nothing follows on its line.
  let isAlone: Bool

  /// Whether it may stand right below a line of text without being part of it.
  var endsParagraph: Bool { !isAlone && (start ?? 1) == 1 }
}

extension [Unicode.Scalar] {
  /// Where the first `-->` ends that begins at a place or later.
  func endOfComment(from start: Int) -> Int? {
    var place = start
    while place + 2 < count {
      if self[place] == "-", self[place + 1] == "-", self[place + 2] == ">" { return place + 3 }
      place += 1
    }
    return nil
  }
}
