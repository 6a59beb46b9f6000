import Files

/// Pieces that many pages have.
extension Markup {
  /// A cell of a table.
  package struct Cell: Sendable {
    let content: Markup
    /// What it is sorted by, where that is not its text.
    let key: String?

    /// Text, which may be a figure with its error: `0.58 ± 0.01` is sorted by its first number.
    package init(_ text: String, key: String? = nil) {
      self.init(markup: Markup(text.visible(limit: 1000)), key: key)
    }
    package init(markup: Markup, key: String? = nil) { (content, self.key) = (markup, key) }
  }

  /// Where a cell's text stands.
  package enum Alignment: Sendable {
    case left, right
    /// At the left, and wide enough for some words.
    case words
  }

  /// A table that a narrow screen scrolls, by keyboard too; with `isSortable` its heads become buttons where
  /// scripts run.
  ///
  /// - Parameters:
  ///   - label: what the table is, for those who do not see it.
  ///   - header: one a column.
  ///   - rows: cells, as many as there are columns; the first of each is the head of its row.
  package static func table(
    _ label: String, _ header: [(String, Alignment)], _ rows: [[Cell]], isSortable: Bool = false
  ) -> Markup {
    let heads = header.map { title, alignment -> Markup in
      "<th scope=\"col\"\(kind(alignment))>\(title)</th>"
    }.joined()
    let lines = rows.map { row -> Markup in
      let cells = zip(row, header).enumerated().map { index, pair -> Markup in
        let (cell, alignment) = (pair.0, pair.1.1)
        let key: Markup = cell.key.map { " data-key=\"\($0)\"" } ?? ""
        return index == 0
          ? "<th scope=\"row\"\(kind(alignment))\(key)>\(cell.content)</th>"
          : "<td\(kind(alignment))\(key)>\(cell.content)</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let sortable: Markup = isSortable ? " data-sortable" : ""
    return """
      <div class="scroll" role="group" aria-label="\(label)" tabindex="0"><table\(sortable)>
      <caption class="unseen">\(label)</caption>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(lines.joined())</tbody></table></div>

      """
  }

  /// The same of texts, in which figures stand at the right.
  package static func table(_ label: String, _ header: [String], _ rows: [[String]], isSortable: Bool = false)
    -> Markup
  {
    let figures = header.indices.map { column in
      rows.contains { row in row.indices.contains(column) && row[column].isFigure }
        && rows.allSatisfy { row in
          !row.indices.contains(column) || row[column].isFigure || ["", "–"].contains(row[column])
        }
    }
    return table(
      label, zip(header, figures).map { ($0, $1 ? .right : .left) }, rows.map { $0.map { Cell($0) } },
      isSortable: isSortable)
  }

  private static func kind(_ alignment: Alignment) -> Markup {
    switch alignment {
    case .left: ""
    case .right: " class=\"number\""
    case .words: " class=\"words\""
    }
  }

  /// - Parameter address: relative, or a part of the page.
  package static func link(_ text: String, to address: String) -> Markup {
    "<a href=\"\(address)\">\(text)</a>"
  }

  /// Paragraphs, one a sentence or more.
  package static func paragraphs(_ texts: [String]) -> Markup {
    texts.map { "<p>\($0)</p>\n" }.joined()
  }

  package static func list(_ items: [Markup]) -> Markup {
    guard !items.isEmpty else { return .empty }
    let lines = items.map { item -> Markup in "<li>\(item)</li>\n" }
    return "<ul>\n\(lines.joined())</ul>\n"
  }

  /// A section with its heading, which links can lead to.
  package static func section(_ title: String, id: String? = nil, _ content: Markup) -> Markup {
    let id: Markup = id.map { " id=\"\($0)\"" } ?? ""
    return "<section\(id)><h2>\(title)</h2>\n\(content)</section>\n"
  }

  /// A part of a page, or in its place the sentence why it cannot be shown.
  package static func shown(_ make: () throws -> Markup) -> Markup {
    do {
      return try make()
    } catch {
      let sentence = (error as? FileError)?.description ?? "\(error)"
      return "<p class=\"faults\">\(sentence.visible(limit: 1000))</p>\n"
    }
  }

  /// A command line for a terminal.
  package static func command(_ line: String) -> Markup {
    "<pre class=\"command\" tabindex=\"0\" role=\"group\" aria-label=\"Command\"><code>\(line)</code></pre>\n"
  }

  /// A picture with what it shows.
  ///
  /// - Parameters:
  ///   - address: relative, or data.
  ///   - description: for those who do not see it.
  ///   - isPixelated: enlarged without smoothing.
  package static func picture(
    _ address: String, _ description: String, caption: Markup? = nil, isPixelated: Bool = false
  ) -> Markup {
    let kind: Markup = isPixelated ? " class=\"pixels\"" : ""
    let text: Markup = caption.map { "<figcaption>\($0)</figcaption>" } ?? ""
    return "<figure><img src=\"\(address)\" alt=\"\(description)\" loading=\"lazy\"\(kind)>\(text)</figure>\n"
  }
}

extension String {
  /// Whether a cell begins with a number, or is one.
  fileprivate var isFigure: Bool {
    guard let first = unicodeScalars.first(where: { !"+-−(".unicodeScalars.contains($0) }) else {
      return false
    }
    return "0123456789".unicodeScalars.contains(first)
  }
}
