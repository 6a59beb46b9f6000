import Figures
import Foundation
import Testing

/// Charts and tables in characters.
@Suite struct TerminalTests {
  private static let chart = LineChart(
    title: "Accuracy", x: Axis("ε", range: 0...1), y: Axis("accuracy", range: 0...1, format: .percent),
    series: [
      .init("falling", [.init(0, 1), .init(0.5, 0.5), .init(1, 0)]),
      .init("flat", [.init(0, 0.25), .init(1, 0.25)]),
      .init("published", [.init(0.5, 0.75)], style: .markers),
    ])

  @Test func aChartReadsWithoutColor() {
    let text = TerminalChart(Self.chart, width: 40, height: 8, color: false).text
    #expect(
      text == """
        Accuracy
        accuracy
        100 % ┤●⠲⢤⣀
              │   ⠈⠉⠒⠤⣀
              │        ⠉⠓⠦⣄⡀   ×
              │            ⠉⠑⠢⢄⡀
         50 % ┤                ●⠑⠢⢄⣀
              │▲⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣈⣙⣲⣤⣀⣀⣀⣀⣀⣀⣀⣀▲
              │                         ⠉⠒⠤⣀⡀
          0 % ┤                             ⠉⠓⠦●
              └┬───────────────┬───────────────┬
              0.0             0.5            1.0
                               ε
               ● falling   ▲ flat   × published
        """ + "\n")
  }

  @Test func colorOnlyAddsEscapes() {
    let plain = TerminalChart(Self.chart, color: false).text
    let colored = TerminalChart(Self.chart, color: true).text
    #expect(!plain.contains("\u{1B}") && colored.contains("\u{1B}["))
    let stripped = colored.replacingOccurrences(
      of: "\u{1B}\\[[0-9;]*m", with: "", options: .regularExpression)
    #expect(stripped == plain)
  }

  @Test(arguments: [24, 40, 80, 200]) func linesFitTheWidth(width: Int) {
    let text = TerminalChart(Samples.accuracy, width: width, height: 10, color: false).text
    let plot = text.split(separator: "\n").filter { $0.contains("│") || $0.contains("┤") || $0.contains("└") }
    #expect(plot.count == 11)
    #expect(text.split(separator: "\n").allSatisfy { TerminalText.width(of: String($0)) <= width })
  }

  @Test func aStraightLineTouchesEveryColumn() {
    let line = LineChart(
      title: "", x: Axis(range: 0...1), y: Axis(range: 0...1),
      series: [.init("", [.init(0, 0), .init(1, 1)])])
    let rows = TerminalChart(line, width: 40, height: 6, color: false).text.split(separator: "\n").prefix(6)
    // The first column is the sign of the series, every other one shows dots.
    let dots = rows.map { row in row.filter { ("\u{2801}"..."\u{28FF}").contains($0) }.count }.reduce(0, +)
    let columns = rows[0].count - 5
    #expect(dots >= columns - 2)
  }

  @Test func wildDataDoNotHang() {
    let wild = LineChart(
      title: "", x: Axis(range: 0...1), y: Axis(range: 0...1),
      series: [.init("", [.init(-1e300, 1e300), .init(1e300, -1e300), .init(.nan, 0), .init(0.5, 0.5)])])
    #expect(!TerminalChart(wild, color: false).text.isEmpty)
  }

  @Test func tableColumnsAreAligned() {
    var table = TerminalTable([.init("ε", .right), .init("classifier"), .init("accuracy", .right)])
    table.add(["0", "conv", "92.5 %"])
    table.add(["0.05", "dense 畳み", "8.0 %"])
    #expect(
      table.text == """
           ε  classifier  accuracy
        ────  ──────────  ────────
           0  conv          92.5 %
        0.05  dense 畳み     8.0 %

        """)
  }

  @Test(arguments: [10, 24, 31, 32, 200]) func aTableThatDoesNotFitBecomesAList(width: Int) {
    var table = TerminalTable([.init("generator"), .init("accuracy", .right), .init("verdicts")])
    table.add(["runs/gan", "92.5 %", ""])
    table.add(["runs/another", "8.0 %", "collapsed"])
    let text = table.text(fitting: width)
    #expect(text.split(separator: "\n").allSatisfy { TerminalText.width(of: String($0)) <= width })
    for cell in ["92.5 %", "8.0 %", "collapsed"] { #expect(text.contains(cell) || width < 24) }
    if width == 24 {
      #expect(
        text == """
          generator: runs/gan
            accuracy: 92.5 %

          generator: runs/another
            accuracy: 8.0 %
            verdicts: collapsed

          """)
    }
    // 12, 8 and 9 cells, and two between them.
    #expect((text == table.text) == (width >= 33))
  }

  @Test(arguments: [
    ("one two three", 9, "one two\nthree"), ("  one two", 6, "  one\ntwo"),
    ("abcdefghijkl", 8, "abcdefgh\nijkl"),
    ("short", 8, "short"), ("a\n\nb", 8, "a\n\nb"), ("畳畳畳畳畳 畳", 8, "畳畳畳畳\n畳 畳"),
  ]) func linesAreBrokenAtSpaces(text: String, width: Int, expected: String) {
    #expect(TerminalText.wrapped(text, to: width) == expected)
  }

  @Test(arguments: [("abc", 3), ("", 0), ("é", 1), ("e\u{301}", 1), ("畳", 2), ("👍", 2), ("한", 2), ("●", 1)])
  func widthsAreThoseOfATerminal(text: String, expected: Int) {
    #expect(TerminalText.width(of: text) == expected)
  }

  @Test func namesCannotSteerTheTerminal() {
    var table = TerminalTable([.init("name")])
    table.add(["a\u{1B}[31mb\nc\u{9B}"])
    #expect(table.text.hasSuffix("\na\\u{1B}[31mb\\nc\\u{9B}\n"))
  }
}
