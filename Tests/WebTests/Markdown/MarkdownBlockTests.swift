import Testing
import Web

/// Markdown, and the HTML that it becomes.
struct MarkdownExample: Sendable, CustomTestStringConvertible {
  let markdown: String
  let html: String
  var testDescription: String { markdown }

  init(_ markdown: String, _ html: String) { (self.markdown, self.html) = (markdown, html) }
}

/// What takes whole lines: headings, texts, lists, quotes, code and tables.
@Suite struct MarkdownBlockTests {
  private func html(_ text: String) -> String { MarkdownDocument(text).markup().text }

  private func expect(_ example: MarkdownExample) {
    #expect(html(example.markdown) == example.html)
    // The ends of lines of other systems are the same.
    #expect(html(example.markdown.replacing("\n", with: "\r\n")) == example.html)
    #expect(html(example.markdown + "\n") == example.html)
    #expect(HTMLOutline(example.html).complaints == [])
  }

  static let texts: [MarkdownExample] = [
    .init("", ""), .init(" \n\t\n", ""),
    .init("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>\n"),
    .init("   a\n      b", "<p>a\nb</p>\n"),
    .init("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>\n"),
    .init("a  ", "<p>a</p>\n"), .init("a\\", "<p>a\\</p>\n"),
    .init("# A *b*", "<h1 id=\"a-b\">A <em>b</em></h1>\n"),
    .init("## A ##\n#b\n####### c", "<h1 id=\"a\">A</h1>\n<p>#b\n####### c</p>\n"),
    .init("a\n# b\nc", "<p>a</p>\n<h1 id=\"b\">b</h1>\n<p>c</p>\n"),
    .init("# a\\#", "<h1 id=\"a\">a#</h1>\n"), .init("#", "<h1 id=\"section\"></h1>\n"),
    .init("A\nb\n===\nC\n---", "<h1 id=\"a-b\">A\nb</h1>\n<h2 id=\"c\">C</h2>\n"),
    .init("***\n- - -\n__\na\n***", "<hr>\n<hr>\n<p>__\na</p>\n<hr>\n"),
    .init("> a\nb\n> # c\n\nd", "<blockquote>\n<p>a\nb</p>\n<h1 id=\"c\">c</h1>\n</blockquote>\n<p>d</p>\n"),
    .init(
      ">> a\n> b\n>\n> c", "<blockquote>\n<blockquote>\n<p>a\nb</p>\n</blockquote>\n<p>c</p>\n</blockquote>\n"
    ),
    .init(">", "<blockquote>\n</blockquote>\n"),
  ]

  @Test(arguments: texts) func textsHeadingsAndQuotes(example: MarkdownExample) { expect(example) }

  static let lists: [MarkdownExample] = [
    .init("- a\n- b", "<ul>\n<li>a\n</li>\n<li>b\n</li>\n</ul>\n"),
    .init("- a\n\n- b", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
    .init("- a\n\n\n  b\n- c", "<ul>\n<li><p>a</p>\n<p>b</p>\n</li>\n<li><p>c</p>\n</li>\n</ul>\n"),
    .init("- a\n+ b", "<ul>\n<li>a\n</li>\n</ul>\n<ul>\n<li>b\n</li>\n</ul>\n"),
    .init("3. a\n4. b", "<ol start=\"3\">\n<li>a\n</li>\n<li>b\n</li>\n</ol>\n"),
    .init("1) a\n1. b", "<ol>\n<li>a\n</li>\n</ol>\n<ol>\n<li>b\n</li>\n</ol>\n"),
    .init("- a\n  b\nc\n\nd", "<ul>\n<li>a\nb\nc\n</li>\n</ul>\n<p>d</p>\n"),
    .init(
      "- a\n  - b\n    1. c\n- d",
      "<ul>\n<li>a\n<ul>\n<li>b\n<ol>\n<li>c\n</li>\n</ol>\n</li>\n</ul>\n</li>\n<li>d\n</li>\n</ul>\n"),
    // Only the list is loose whose items the blank line stands between.
    .init(
      "- a\n  - b\n\n  - c",
      "<ul>\n<li>a\n<ul>\n<li><p>b</p>\n</li>\n<li><p>c</p>\n</li>\n</ul>\n</li>\n</ul>\n"),
    .init(
      "- a\n  - b\n\n- c",
      "<ul>\n<li><p>a</p>\n<ul>\n<li>b\n</li>\n</ul>\n</li>\n<li><p>c</p>\n</li>\n</ul>\n"),
    .init(
      "- a\n  > b\n  >\n- c",
      "<ul>\n<li>a\n<blockquote>\n<p>b</p>\n</blockquote>\n</li>\n<li>c\n</li>\n</ul>\n"),
    .init(
      "- ```\n  a\n\n  b\n  ```\n- c",
      "<ul>\n<li><pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\n\nb\n</code></pre>\n</li>\n<li>c\n</li>\n</ul>\n"
    ),
    .init("-\n  a\n-\n- b", "<ul>\n<li>a\n</li>\n<li></li>\n<li>b\n</li>\n</ul>\n"),
    .init("-\n\n  a", "<ul>\n<li></li>\n</ul>\n<p>a</p>\n"),
    .init("a\n- b\n", "<p>a</p>\n<ul>\n<li>b\n</li>\n</ul>\n"),
    .init("the year\n1984. ends\n-", "<h1 id=\"the-year-1984-ends\">the year\n1984. ends</h1>\n"),
    .init("a\n2. b\n*", "<p>a\n2. b\n*</p>\n"),
    .init("-a\n1.b\n1234567890. c", "<p>-a\n1.b\n1234567890. c</p>\n"),
    .init(
      "-\ta\n\n\tb", "<ul>\n<li><p>a</p>\n<p>b</p>\n</li>\n</ul>\n"),
    .init(
      "-     a",
      "<ul>\n<li><pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\n</code></pre>\n</li>\n</ul>\n"
    ),
  ]

  @Test(arguments: lists) func listsAndTheirItems(example: MarkdownExample) { expect(example) }

  static let code: [MarkdownExample] = [
    .init(
      "```sh\n$ a <b>  \n\n  *c*\n```\nd",
      "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code class=\"language-sh\">$ a &lt;b&gt;  \n\n  *c*\n</code></pre>\n<p>d</p>\n"
    ),
    .init(
      "~~~\n```\n~~~~", "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>```\n</code></pre>\n"),
    .init(
      "````\n```\n````", "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>```\n</code></pre>\n"),
    .init("```\na", "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\n</code></pre>\n"),
    .init(
      "> ```\n> a\nb",
      "<blockquote>\n<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\n</code></pre>\n</blockquote>\n<p>b</p>\n"
    ),
    .init(
      "  ```\n   a\n  b\n c\n  ```",
      "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code> a\nb\nc\n</code></pre>\n"),
    .init("``` a`b\n", "<p>``` a`b</p>\n"), .init("``\na\n``", "<p><code>a</code></p>\n"),
    .init(
      "``` c\" onclick=\"x\n```",
      "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code class=\"language-c&quot;\"></code></pre>\n"
    ),
    .init(
      "    a\n      b\n\n    c\n\nd",
      "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\n  b\n\nc\n</code></pre>\n<p>d</p>\n"),
    .init("\ta\tb", "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a\tb\n</code></pre>\n"),
    .init("a\n    b", "<p>a\nb</p>\n"),
  ]

  @Test(arguments: code) func blocksOfCode(example: MarkdownExample) { expect(example) }

  private static let start = "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table"

  static let tables: [MarkdownExample] = [
    .init(
      "| a | b | c |\n|:--|--:|:-:|\n| 1 | *2* | 3 |",
      """
      \(start): a">
      <table>
      <thead>
      <tr>
      <th scope="col">a</th>
      <th scope="col" class="number">b</th>
      <th scope="col" class="centre">c</th>
      </tr>
      </thead>
      <tbody>
      <tr>
      <td>1</td>
      <td class="number"><em>2</em></td>
      <td class="centre">3</td>
      </tr>
      </tbody>
      </table>
      </div>

      """),
    .init(
      "text\n| | `a\\|b` |\n--|-:\nx\n| 1 | 2 | 3 |\n\nend",
      """
      <p>text</p>
      \(start): a|b">
      <table>
      <thead>
      <tr>
      <th scope="col"></th>
      <th scope="col" class="number"><code>a|b</code></th>
      </tr>
      </thead>
      <tbody>
      <tr>
      <td>x</td>
      <td class="number"></td>
      </tr>
      <tr>
      <td>1</td>
      <td class="number">2</td>
      </tr>
      </tbody>
      </table>
      </div>
      <p>end</p>

      """),
    .init(
      "||\n|-|\n> a",
      """
      \(start)">
      <table>
      <thead>
      <tr>
      <th scope="col"></th>
      </tr>
      </thead>
      </table>
      </div>
      <blockquote>
      <p>a</p>
      </blockquote>

      """),
    .init("a | b\n--- | --- | ---", "<p>a | b\n--- | --- | ---</p>\n"),
    .init("a | b\n-- | x", "<p>a | b\n-- | x</p>\n"), .init("|---|", "<p>|---|</p>\n"),
    .init("> a | b\n--|--", "<blockquote>\n<p>a | b\n--|--</p>\n</blockquote>\n"),
  ]

  @Test(arguments: tables) func tablesOfGitHub(example: MarkdownExample) { expect(example) }

  static let comments: [MarkdownExample] = [
    .init("<!-- a -->", ""), .init("a\n<!-- b\n\n# c\n-->\nd", "<p>a</p>\n<p>d</p>\n"),
    .init("<!-- a --> b", "<p>b</p>\n"), .init("a <!-- b\nc --> d", "<p>a  d</p>\n"),
    .init("- a\n  <!-- b -->\n- c", "<ul>\n<li>a\n</li>\n<li>c\n</li>\n</ul>\n"),
    .init("`<!-- a -->`", "<p><code>&lt;!-- a --&gt;</code></p>\n"),
    .init(
      "    <!-- a -->",
      "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>&lt;!-- a --&gt;\n</code></pre>\n"),
    // Without end it is none, and hides nothing.
    .init("<!-- a\n\nb", "<p>&lt;!-- a</p>\n<p>b</p>\n"), .init("<!-->a", "<p>a</p>\n"),
    .init("<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>\n"),
  ]

  @Test(arguments: comments) func commentsAreLeftOutAndHTMLIsText(example: MarkdownExample) {
    expect(example)
  }
}
