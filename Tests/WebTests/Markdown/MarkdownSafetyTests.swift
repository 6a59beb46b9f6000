import Foundation
import Testing
import Web

/// What nobody writes in good faith: nothing of it becomes markup, leads anywhere or takes forever.
@Suite struct MarkdownSafetyTests {
  private func outline(_ text: String) -> HTMLOutline { HTMLOutline(MarkdownDocument(text).markup().text) }

  static let scripts = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "# <script>\n", "`<script>`",
    "```\n<script>\n```", "    <script>", "```\" onmouseover=\"alert(1)\n```", "```'><script>\n```",
    "| <script> |\n|---|\n| </td><script> |", "[<script>](a)", "[a](b \"\\\" onclick=\\\"alert(1)\")",
    "[a](b '\" onclick=\"alert(1)')", "[a](\"onclick=alert(1))", "[a](<\" onclick=\"alert(1)>)",
    "![\" onerror=\"alert(1)](a)", "![a](b \"' onerror='\")", "![a](<\"onerror=alert(1)>)",
    "<https://a\"onclick=alert(1)>", "<a@b\"onclick=\"x>", "[a]\n\n[a]: b '\"><script>'", "&lt;script&gt;",
    "&#60;script&#62;", "<!-- a --><script>-->", "<!--><script>-->", "<!-- <!-- --> <script> -->",
    "<![CDATA[<script>]]>", "<?php ?>", "<!DOCTYPE html>", "# \" id=\"x", "<div\nonclick=x\n>",
    "\u{0}<script>",
  ]

  @Test(arguments: scripts) func nothingBecomesMarkup(text: String) {
    #expect(outline(text).complaints == [])
  }

  static let addresses = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "<javascript:alert(1)>", "<  javascript:alert(1)>",
    "&#106;avascript:alert(1)", "javascript&#58;alert(1)", "javascript&#x3A;alert(1)",
    "java&#10;script:alert(1)",
    "java&#9;script:alert(1)", "&#1;javascript:alert(1)", "&#0;javascript:x", "\\javascript:alert(1)",
    "javascript\\:alert(1)", "<java\tscript:alert(1)>", "vbscript:x", "data:text/html,x",
    "DATA:text/html;base64,x",
    "file:///etc/passwd", "blob:x", "//host/a", "\\\\\\\\host/a", "/\\\\host/a", "< //host>",
    "&#47;&#47;host",
    "&nbsp;javascript:x", "javascript&nbsp;:x", "\u{85}javascript:x", "\u{7F}javascript:x", "x:y", ":x",
  ]

  @Test(arguments: addresses) func whatIsNoPlainAddressLeadsNowhere(address: String) {
    for text in [
      "[a](\(address))", "[a]\n\n[a]: \(address)", "![a](\(address))", "[![a](\(address))](\(address))",
    ] {
      let outline = outline(text)
      #expect(outline.values("href") == [])
      #expect(outline.values("src") == [])
      #expect(outline.complaints == [])
    }
  }

  @Test(arguments: ["<javascript:alert(1)>", "<JAVASCRIPT:x>", "<data:text/html,x>", "<file:///a>"])
  func norDoesItByItself(text: String) {
    #expect(outline(text).values("href") == [])
  }

  @Test(arguments: [
    "http://a/b.png", "HTTPS://a/b.png", "data:image/png;base64,AA==", "mailto:a@b.c", "//a/b.png",
  ])
  func imagesComeFromHereAlone(address: String) {
    #expect(MarkdownDocument("![x \"y\"](\(address))").markup().text == "<p>x &quot;y&quot;</p>\n")
  }

  @Test func addressesThatAreFine() {
    for address in [
      "a.md", "../a/b.md#c", "#a", "?a:b", "a/b:c", "/a", "http://a", "HTTPS://a", "mailto:a@b.c", "",
    ] {
      #expect(MarkdownOptions.safeLink(address) == address)
    }
    #expect(MarkdownOptions.safeLink(" a.md ") == "a.md")
    #expect(MarkdownOptions.safeImage("a/b.png") == "a/b.png")
  }

  /// Bytes of the same: megabytes with ASSAY_SLOW_TESTS=1.
  private static let many =
    ProcessInfo.processInfo.environment["ASSAY_SLOW_TESTS"] == "1" ? 2_000_000 : 100_000

  /// Many of the same, which must end; and what comes out must be in order.
  static let markers = [
    "[", "]", "![", "*", "_", "**", "`", "``a`", ">", "> ", "- ", "1. ", "* a ", "a* ", "*a_ ", "a**b", "<",
    "<!--",
    "<!-- \n", "<a:", "&", "&#", "\\", "|", "|\n", "[a](", "[a](b \"", "[a](<b", "[a][", "[a]: b\n",
    "[a]: b 'c\n",
    "![a](b", "![](", "](a)", "]()[", "(", "\n", "\r", " ", "\t", "#", "# \n", "###### a\n# a\n", "```\n",
    "~~~", "---\n",
    "a\n===\n", "a|b\n-|-\n", "a|b\n---|---|---\n", "-|\n", "- a\n\n", "> - ", "*[a*](b)", "\u{0}",
    "a\u{301}", "“*é",
  ]

  @Test(arguments: markers) func manyOfTheSameEnd(marker: String) {
    let text = String(repeating: marker, count: Self.many / marker.utf8.count)
    #expect(outline(text).complaints == [])
    #expect(outline("a " + text.prefix(10_000) + " b").complaints == [])
  }

  static let pairs = [
    ("[", "](a)"), ("![", "](a)"), ("[", "]"), ("*a _b ", "c_ d* "), ("**a ", "b** "), ("[![a", "](b)](c)"),
  ]

  @Test(arguments: pairs) func deepNestingEnds(open: String, close: String) {
    let text = String(repeating: open, count: 50_000) + "x" + String(repeating: close, count: 50_000)
    #expect(outline(text).complaints == [])
  }

  @Test func listsAndQuotesHaveADeepestLevel() {
    let lists = (0..<1000).map { String(repeating: "  ", count: $0) + "- a" }.joined(separator: "\n")
    #expect(outline(lists).count("ul") == 32)
    #expect(outline(String(repeating: "- ", count: 10_000) + "a").count("ul") == 32)
    #expect(outline(String(repeating: "> ", count: 10_000) + "a").count("blockquote") == 32)
    let mixed = outline(String(repeating: "> 1. ", count: 10_000) + "a")
    #expect(mixed.count("blockquote") + mixed.count("ol") == 32)
    #expect(mixed.text.contains("&gt; 1. a"))
    let emphasis = outline(String(repeating: "*a ", count: 1000) + String(repeating: "b* ", count: 1000))
    #expect(emphasis.count("em") == 32)
  }

  @Test func littleTextDoesNotBecomeMuch() {
    // A long address that is named often; a wide table of short rows; runs of all lengths.
    let texts = [
      "[a]: " + String(repeating: "u", count: 200_000) + "\n\n" + String(repeating: "[a] ", count: 50_000),
      String(repeating: "a|", count: 10_000) + "\n" + String(repeating: "-|", count: 10_000) + "\n"
        + String(repeating: "b\n", count: 100_000),
      (1...1000).map { String(repeating: "`", count: $0) }.joined(separator: " "),
    ]
    for text in texts {
      #expect(MarkdownDocument(text).markup().text.utf8.count < 60 * text.utf8.count)
    }
  }

  /// Pieces of Markdown in any order: the same each time, for a generator of numbers decides it.
  @Test func anyMixtureIsInOrder() {
    let pieces = markersAndWords
    var state: UInt64 = 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    for _ in 0..<5000 {
      let text = (0..<(2 + next(30))).map { _ in pieces[next(pieces.count)] }.joined()
      let outline = outline(text)
      #expect(outline.complaints == [], "\(text)")
      #expect(zip(outline.levels, outline.levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(text)")
      #expect(Set(outline.values("id")).count == outline.values("id").count, "\(text)")
    }
  }

  private var markersAndWords: [String] {
    Self.markers + [
      "a", "b c", "\n\n", "    ", "# ", "### ", "-->", "</p>", "\"", "<a:b>", "<https://a>", "](a)", "![",
      "[", "'", "a | b\n--|--\n", "é",
    ]
  }
}
