import Files

/// Tables and words for Markdown (GitHub's), in which no text of a file becomes markup.
package enum Markdown {
  package static func table(_ header: [String], _ rows: [[String]]) -> String {
    let rule = "| " + header.map { _ in "---" }.joined(separator: " | ") + " |"
    let lines = ([header] + rows).map { "| " + $0.map(escaped).joined(separator: " | ") + " |" }
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  /// The text on one line, with what Markdown and HTML would take for more than text escaped.
  package static func escaped(_ text: String) -> String {
    text.visible(limit: longest).reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "|", "`", "[", "]", "*": result += "\\\(character)"
      default: result.append(character)
      }
    }
  }

  /// Characters of one text that are written at most.
  private static let longest = 4000
}
