import Files
import Testing

/// Text from outside reaches a terminal on one line, whole or visibly cut.
struct VisibleTextTests {
  @Test func plainTextStays() {
    for text in ["", "T-shirt/top", "ε ≤ 8/255 – “größer” 日本", String(repeating: "a", count: 200)] {
      #expect(text.visible() == text)
    }
  }

  @Test func whatDoesNotPrintIsEscaped() {
    #expect("a\u{1B}[31mb".visible() == "a\\u{1B}[31mb")
    #expect("a\nb\r\tc\0".visible() == "a\\nb\\r\\tc\\u{0}")
    #expect(
      "\u{9B}2J \u{202E}gpj \u{2028}\u{FEFF}\u{200B}".visible()
        == "\\u{9B}2J \\u{202E}gpj \\u{2028}\\u{FEFF}\\u{200B}")
  }

  @Test func longTextLosesItsMiddle() {
    let text = (0..<1_000_000).map { String($0 % 10) }.joined()
    let shown = text.visible(limit: 20)
    #expect(shown == "01234567890123…56789")
    #expect(shown.count == 20)
    #expect(String(repeating: "x", count: 21).visible(limit: 20).count == 20)
  }
}
