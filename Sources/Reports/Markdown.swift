import Files

/// Tables and words for Markdown (GitHub's), in which no text of a file becomes markup.
package enum Markdown {
  package static func table(_ header: [String], _ rows: [[String]]) -> String {
    let rule = "| " + header.map { _ in "---" }.joined(separator: " | ") + " |"
    let lines = ([header] + rows).map { "| " + $0.map(inline).joined(separator: " | ") + " |" }
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  /// The text on one line, with what Markdown and HTML would take for more than text escaped: markup, and
  /// what begins a heading, a list or a line across the page.
  package static func escaped(_ text: String) -> String {
    let line = inline(text)
    let marker = line.prefixMatch(of: /(?:#+|=+|[-+_]+|[0-9]+[.)])(?: |$)|---|___/)
    guard let marker else { return line }
    let place = marker.range.lowerBound
    // A number keeps its digits: what makes a list of it is the sign behind them.
    let sign = line[place...].firstIndex { !$0.isNumber } ?? place
    return line[..<sign] + "\\" + line[sign...]
  }

  /// Within a line: what begins one is nothing there.
  private static func inline(_ text: String) -> String {
    text.visible(limit: longest).reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "|", "`", "[", "]", "*", "~": result += "\\\(character)"
      default: result.append(character)
      }
    }
  }

  /// Characters of one text that are written at most.
  private static let longest = 4000
}
