/// Markdown as documents and our own reports write it: CommonMark without raw HTML, and GitHub's tables, but
/// none of GitHub's other additions.
///
/// Any text is a document: what is no markup is text, HTML is shown as text, and only its comments are left
/// out. Time and output grow with the length of the text, whatever it is. Reads no files; where links and
/// images lead is for `MarkdownOptions` to say.
package struct MarkdownDocument: Sendable {
  let blocks: [MarkdownBlock]
  let references: MarkdownReferences

  package init(_ text: String) { (blocks, references) = MarkdownBlockParser.parse(text) }

  /// Of the first heading of depth 1 that stands in no list and no quote, as plain text; nil without one.
  package var title: String? {
    guard let place = titlePlace, case .heading(_, let text) = blocks[place] else { return nil }
    var references = references
    return MarkdownInlineParser.parse(text, &references).plainText
  }

  /// As HTML.
  package func markup(_ options: MarkdownOptions = MarkdownOptions()) -> Markup {
    var writer = MarkdownWriter(references, options)
    writer.write(self)
    return writer.html
  }

  /// Where the heading of `title` stands among the blocks.
  var titlePlace: Int? {
    blocks.firstIndex { if case .heading(1, _) = $0 { true } else { false } }
  }
}

/// A part of a document that takes whole lines. Texts are as they were written: what is emphasis or a link in
/// them is found out when they are shown, for links may be defined below.
enum MarkdownBlock: Sendable {
  case heading(depth: Int, text: [Unicode.Scalar])
  case paragraph([Unicode.Scalar])
  /// The language is empty where none is named.
  case code(language: String, text: String)
  case quote([MarkdownBlock])
  case list(MarkdownList)
  case table(MarkdownTable)
  case rule
}

/// A list, whose items hold blocks.
struct MarkdownList: Sendable {
  /// The number of its first item; nil where it has no numbers.
  let start: Int?
  /// Whether blank lines stand between items or within one, so that their texts are paragraphs.
  let isLoose: Bool
  let items: [[MarkdownBlock]]
}
