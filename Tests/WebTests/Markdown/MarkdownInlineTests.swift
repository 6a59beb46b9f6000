import Testing
import Web

/// What stands within a text: emphasis, code, links, images and characters by name.
@Suite struct MarkdownInlineTests {
  static let examples: [MarkdownExample] = [
    .init(
      "*a* _b_ **c** __d__ ***e***",
      "<em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <em><strong>e</strong></em>"),
    .init("a_b_c a*b*c", "a_b_c a<em>b</em>c"), .init("2 * 3 * 4", "2 * 3 * 4"),
    .init("**a *b* c**", "<strong>a <em>b</em> c</strong>"), .init("*a _b* c_", "<em>a _b</em> c_"),
    .init("**a* *b", "*<em>a</em> *b"), .init("*a **b*", "*a *<em>b</em>"),
    .init("„*a*“", "„<em>a</em>“"),
    .init("`a` ``b`c`` ` d  ` `` ` ``", "<code>a</code> <code>b`c</code> <code>d </code> <code>`</code>"),
    .init("`a ``b", "`a ``b"), .init("*`*`", "*<code>*</code>"), .init("`a\nb`", "<code>a b</code>"),
    .init("\\*a\\* \\<b> \\a \\\\", "*a* &lt;b&gt; \\a \\"),
    .init("&amp; &lt; &gt; &quot; &#39; &nbsp; &#x3b1;", "&amp; &lt; &gt; &quot; &#39; \u{A0} α"),
    .init("&#0; &#xD800; &#x110000;", "\u{FFFD} \u{FFFD} \u{FFFD}"),
    .init("&nothing; & &; &#; &#x; &#-1;", "&amp;nothing; &amp; &amp;; &amp;#; &amp;#x; &amp;#-1;"),
    .init("[a](b.md)", "<a href=\"b.md\">a</a>"),
    .init("[a *b*](<c d> \"t\") [x]()", "<a href=\"c%20d\" title=\"t\">a <em>b</em></a> <a href=\"\">x</a>"),
    .init("[a](b(c)d) [e](f\\)) [g](h i)", "<a href=\"b(c)d\">a</a> <a href=\"f)\">e</a> [g](h i)"),
    .init(
      "[a](https://b.org/?c=d&e)", "<a href=\"https://b.org/?c=d&amp;e\" rel=\"noopener noreferrer\">a</a>"),
    .init("[a](HTTP://[::1]/[b])", "<a href=\"HTTP://[::1]/%5Bb%5D\" rel=\"noopener noreferrer\">a</a>"),
    .init("[a](ä%20%zz)", "<a href=\"%C3%A4%20%25zz\">a</a>"),
    .init("[a [b](c) d](e)", "[a <a href=\"c\">b</a> d](e)"),
    .init("[a [b](c) [d](e) f](g)", "[a <a href=\"c\">b</a> <a href=\"e\">d</a> f](g)"),
    .init(
      "[a <http://b> c](d)",
      "[a <a href=\"http://b\" rel=\"noopener noreferrer\">http://b</a> c](d)"),
    .init("*[a*](b)", "*<a href=\"b\">a*</a>"),
    .init(
      "[a][B  c] [b C][] [b c] [d] [b c][d]\n\n[b\nc]: e 'f\ng'\n[b c]: h",
      """
      <a href="e" title="f\ng">a</a> <a href="e" title="f\ng">b C</a> <a href="e" title="f\ng">b c</a> \
      [d] [b c][d]
      """),
    .init(
      "<https://a.b/?c> <a@b.org> <a b>",
      """
      <a href="https://a.b/?c" rel="noopener noreferrer">https://a.b/?c</a> \
      <a href="mailto:a@b.org">a@b.org</a> &lt;a b&gt;
      """),
    .init("![a *b*](c.png \"t\")", "<img src=\"c.png\" alt=\"a b\" title=\"t\" loading=\"lazy\">"),
    .init("[![a](b)](c)", "<a href=\"c\"><img src=\"b\" alt=\"a\" loading=\"lazy\"></a>"),
    .init("![a ![b](c) [d](e)](f)", "<img src=\"f\" alt=\"a b d\" loading=\"lazy\">"),
    .init("!\\[a](b) ![a]", "![a](b) ![a]"), .init("a <!-- *b* --> c", "a  c"),
  ]

  @Test(arguments: examples) func texts(example: MarkdownExample) {
    let html = MarkdownDocument(example.markdown).markup().text
    #expect(html == "<p>\(example.html)</p>\n")
    #expect(HTMLOutline(html).complaints == [])
  }
}
