import Testing
import Web

@Suite struct MarkupTests {
  @Test func textIsEscapedAndMarkupIsNot() {
    let evil = "<script>alert(\"1\")</script>&'"
    let cell: Markup = "<td>\(evil)</td>"
    #expect(cell.text == "<td>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</td>")
    let row: Markup = "<tr>\(cell)\(3)</tr>"
    #expect(row.text == "<tr>\(cell.text)3</tr>")
  }

  @Test func listsAndTablesHoldMarkup() {
    let list = Markup.list([.link("a & b", to: "x.html?a=1&b=2")])
    #expect(list.text == "<ul>\n<li><a href=\"x.html?a=1&amp;b=2\">a &amp; b</a></li>\n</ul>\n")
    #expect(Markup.list([]) == .empty)
    let table = Markup.table("Some \"rows\"", ["name", "value"], [["<b>", "1.5 ± 0.1"], ["c", "–"]])
    #expect(table.text.contains("aria-label=\"Some &quot;rows&quot;\""))
    #expect(table.text.contains("<th scope=\"row\">&lt;b&gt;</th><td class=\"number\">1.5 ± 0.1</td>"))
  }

  @Test func whatDoesNotPrintIsShown() {
    let table = Markup.table("t", [("a", .left)], [[.init("a\u{202E}b")]])
    #expect(table.text.contains("<th scope=\"row\">a\\u{202E}b</th>"))
  }
}
