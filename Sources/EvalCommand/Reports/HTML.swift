import Files

/// Words for HTML, in which no text of a file becomes markup.
enum HTML {
  static func escaped(_ text: String) -> String {
    text.visible(limit: longest).reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
  }

  /// Characters of one text that are written at most.
  private static let longest = 4000
}
