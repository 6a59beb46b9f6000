/// Writes the blocks of a Markdown document as HTML. What comes from the document gets there as escaped text
/// alone; tags and attributes are ours.
struct MarkdownWriter {
  private(set) var html = Markup.empty
  private let options: MarkdownOptions
  private var references: MarkdownReferences
  private var headings: MarkdownHeadings
  /// Cells that may still be added to rows that are too short: a wide table of empty rows would grow without
  /// bound.
  private var spareCells: Int

  init(_ references: MarkdownReferences, _ options: MarkdownOptions) {
    (self.references, self.options) = (references, options)
    headings = MarkdownHeadings(first: options.firstHeading)
    spareCells = references.budget
  }

  mutating func write(_ document: MarkdownDocument) {
    let title = options.leavesOutTitle ? document.titlePlace : nil
    // The page's own heading stands above all others, wherever the document has it, and if it has none.
    if options.leavesOutTitle { _ = headings.level(depth: 1) }
    for (place, block) in document.blocks.enumerated() {
      if place == title, case .heading(let depth, let text) = block {
        // Its level and its id are taken all the same.
        _ = headings.level(depth: depth)
        _ = headings.id(spans(text).plainText)
      } else {
        write(block)
      }
    }
  }

  /// - Parameter isTight: whether texts are no paragraphs.
  private mutating func write(_ block: MarkdownBlock, isTight: Bool = false) {
    switch block {
    case .heading(let depth, let text):
      let spans = spans(text)
      let (level, id) = (headings.level(depth: depth), headings.id(spans.plainText))
      html += "<h\(level) id=\"\(id)\">\(spans.markup(options))</h\(level)>\n"
    case .paragraph(let text):
      let text = spans(text).markup(options)
      html += isTight ? "\(text)\n" : "<p>\(text)</p>\n"
    case .code(let language, let text):
      let attribute: Markup = language.isEmpty ? "" : " class=\"language-\(language)\""
      html +=
        "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code\(attribute)>\(text)</code></pre>\n"
    case .quote(let blocks):
      html += "<blockquote>\n"
      for block in blocks { write(block) }
      html += "</blockquote>\n"
    case .list(let list): write(list)
    case .table(let table): write(table)
    case .rule: html += "<hr>\n"
    }
  }

  private mutating func write(_ list: MarkdownList) {
    if let start = list.start {
      html += start == 1 ? "<ol>\n" : "<ol start=\"\(start)\">\n"
    } else {
      html += "<ul>\n"
    }
    for item in list.items {
      html += "<li>"
      for block in item { write(block, isTight: !list.isLoose) }
      html += "</li>\n"
    }
    html += list.start == nil ? "</ul>\n" : "</ol>\n"
  }

  private mutating func write(_ table: MarkdownTable) {
    let header = table.header.map { spans($0) }
    let name = header.lazy.map(\.plainText).first { !$0.isEmpty }
    let label = name.map { "Table: \($0)" } ?? "Table"
    html += "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"\(label)\">\n"
    html += "<table>\n<thead>\n<tr>\n"
    for (cell, alignment) in zip(header, table.alignments) {
      html += "<th scope=\"col\"\(alignment.attribute)>\(cell.markup(options))</th>\n"
    }
    html += "</tr>\n</thead>\n"
    if !table.rows.isEmpty { html += "<tbody>\n" }
    for row in table.rows {
      html += "<tr>\n"
      for (cell, alignment) in zip(row, table.alignments) {
        html += "<td\(alignment.attribute)>\(spans(cell).markup(options))</td>\n"
      }
      for alignment in table.alignments.dropFirst(row.count).prefix(spareCells) {
        html += "<td\(alignment.attribute)></td>\n"
        spareCells -= 1
      }
      html += "</tr>\n"
    }
    html += table.rows.isEmpty ? "</table>\n</div>\n" : "</tbody>\n</table>\n</div>\n"
  }

  private mutating func spans(_ text: [Unicode.Scalar]) -> [MarkdownSpan] {
    MarkdownInlineParser.parse(text, &references)
  }
}

extension MarkdownTable.Alignment {
  /// What columns of the pages' own tables have.
  fileprivate var attribute: Markup {
    switch self {
    case .none, .left: ""
    case .centre: " class=\"centre\""
    case .right: " class=\"number\""
    }
  }
}
