import Testing
import Web

/// What a page decides of a document: its title, its headings, and where links and images lead.
@Suite struct MarkdownDocumentTests {
  @Test func theTitleIsTheFirstHeadingOfDepthOne() {
    #expect(MarkdownDocument("## a\n\n- # b\n\n# `c` *d* [e](f)\n# g").title == "c d e")
    #expect(MarkdownDocument("A [b]\n===\n\n[b]: c").title == "A b")
    #expect(MarkdownDocument("## a\n\n> # b").title == nil)
    #expect(MarkdownDocument("").title == nil)
  }

  @Test func theTitleIsLeftOutWhereThePageShowsIt() {
    let options = MarkdownOptions(leavesOutTitle: true)
    #expect(
      MarkdownDocument("# a\n## a\n# b").markup(options).text
        == "<h2 id=\"a-1\">a</h2>\n<h1 id=\"b\">b</h1>\n")
    #expect(MarkdownDocument("## a").markup(options).text == "<h2 id=\"a\">a</h2>\n")
    #expect(HTMLOutline(MarkdownDocument("### a\n# b\n### c").markup(options).text).levels == [2, 2])
  }

  private func levels(_ depths: [Int], first: Int = 1) -> [Int] {
    let text = depths.map { String(repeating: "#", count: $0) + " a" }.joined(separator: "\n")
    return HTMLOutline(MarkdownDocument(text).markup(MarkdownOptions(firstHeading: first)).text).levels
  }

  @Test func headingsSkipNoLevel() {
    #expect(levels([1, 2, 3, 2, 1, 3, 3, 2]) == [1, 2, 3, 2, 1, 2, 2, 2])
    #expect(levels([3, 3, 5, 4, 1]) == [1, 1, 2, 2, 1])
    #expect(levels([1, 2, 4], first: 2) == [2, 3, 4])
    #expect(levels([1, 2, 3, 4, 5, 6], first: 3) == [3, 4, 5, 6, 6, 6])
    #expect(levels([1, 2], first: 0) == [1, 2])
    #expect(levels([1, 2], first: 7) == [6, 6])
  }

  @Test(arguments: [
    ("Can the judges be trusted?", "can-the-judges-be-trusted"), ("A-b_c  d", "a-b_c--d"),
    ("`eval` *score*", "eval-score"), ("ε = 0.1 Über", "ε--01-über"), ("[a](b)!", "a"), ("…", "section"),
  ])
  func headingsHaveTheIdsOfGitHub(text: String, id: String) {
    #expect(HTMLOutline(MarkdownDocument("# \(text)").markup().text).values("id") == [id])
  }

  @Test func idsAreUnique() {
    let text = "# a\n# a\n# a-1\n# A\n# a-1"
    #expect(
      HTMLOutline(MarkdownDocument(text).markup().text).values("id") == ["a", "a-1", "a-1-1", "a-2", "a-1-2"])
  }

  @Test func thePageSaysWhereLinksAndImagesLead() {
    let options = MarkdownOptions(
      link: { $0.hasSuffix(".md") ? "/pages/\($0)?\"&" : nil }, image: { $0 == "a.png" ? "/b.png" : nil })
    #expect(
      MarkdownDocument("[a *b*](c.md) [d *e*](f) ![g \"](a.png) ![h *i*](j) [![k](l)](m)").markup(options)
        .text
          == """
          <p><a href="/pages/c.md?%22&amp;">a <em>b</em></a> d <em>e</em> \
          <img src="/b.png" alt="g &quot;" loading="lazy"> h i k</p>

          """)
  }
}
