/// Text as a terminal shows it: how many cells it takes, and padding and colouring by that.
///
/// East Asian wide characters and emoji take two cells, combining marks none. Control characters are dropped,
/// so that a name from a file cannot steer the terminal. Does not know a particular terminal's quirks.
package enum TerminalText {
  /// The text without control characters; line breaks and tabs become spaces.
  package static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: result.append(" ")
      case 0..<0x20, 0x7F..<0xA0: continue
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Cells that the text takes.
  package static func width(of text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text with spaces before it (`right`) or behind it until it takes `width` cells.
  package static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - self.width(of: text)))
    return right ? spaces + text : text + spaces
  }

  /// The text in the terminal's `index`-th readable colour, or as it is.
  package static func colored(_ text: String, _ index: Int, enabled: Bool) -> String {
    enabled ? "\u{1B}[\(codes[index % codes.count])m\(text)\u{1B}[0m" : text
  }

  /// Blue, orange, green, magenta, cyan, yellow, grey.
  private static let codes = ["34", "38;5;208", "32", "35", "36", "33", "90"]
}
