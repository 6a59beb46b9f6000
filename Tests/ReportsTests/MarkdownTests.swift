import Reports
import Testing

/// What our own Markdown makes of names that other hands have chosen.
@Suite struct MarkdownTests {
  @Test(arguments: [
    ("# a heading", "\\# a heading"), ("- an item", "\\- an item"), ("12. an item", "12\\. an item"),
    ("~~~", "\\~\\~\\~"), ("---", "\\---"), ("[a](b)", "\\[a\\](b)"), ("<b>", "&lt;b&gt;"),
    ("a\n# b", "a\\\\n# b"),
    ("-0.5", "-0.5"), ("3.5 points", "3.5 points"), ("#1", "#1"), ("cgan-x", "cgan-x"),
  ])
  func aNameBeginsNothing(_ name: String, _ expected: String) { #expect(Markdown.escaped(name) == expected) }

  @Test func theCellsOfATableAreNoLines() {
    #expect(Markdown.table(["a"], [["- b | c"]]).hasSuffix("| - b \\| c |"))
  }
}
