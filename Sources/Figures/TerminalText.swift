import Files

/// Text as a terminal shows it: how many cells it takes, and padding, wrapping and colouring by that.
///
/// East Asian wide characters and emoji take two cells, combining marks none. Control characters are made
/// visible, so that a name from a file cannot steer the terminal. Does not know a particular terminal's
/// quirks.
package enum TerminalText {
  /// The text on one line, with what could steer the terminal made visible.
  package static func clean(_ text: String) -> String { text.visible(limit: longest) }

  /// Characters of one text that are shown at most.
  private static let longest = 1000

  /// As much of the text as fits, with an ellipsis where some of it does not.
  package static func shortened(_ text: String, to width: Int) -> String {
    guard self.width(of: text) > width else { return text }
    var (result, used) = ("", 1)
    for character in text {
      used += self.width(of: character)
      if used > width { break }
      result.append(character)
    }
    return result + "…"
  }

  /// Lines of at most `width` cells, broken at spaces where there are any; further lines begin with `indent`.
  ///
  /// Lines with colours are taken as they are: whoever made them knew the width.
  package static func wrapped(_ text: String, to width: Int, indent: String = "") -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      self.width(of: String(line)) <= width || line.contains("\u{1B}")
        ? String(line) : wrapped(line: line, to: max(8, width), indent: indent)
    }.joined(separator: "\n")
  }

  private static func wrapped(line: Substring, to width: Int, indent: String) -> String {
    var lines: [String] = []
    var current = String(line.prefix { $0 == " " })
    var isEmpty = true
    for word in line.split(separator: " ") {
      var word = String(word)
      while !word.isEmpty {
        let joined = isEmpty ? current + word : "\(current) \(word)"
        if self.width(of: joined) <= width {
          (current, isEmpty) = (joined, false)
          break
        }
        if !isEmpty {
          lines.append(current)
          (current, isEmpty) = (indent, true)
          continue
        }
        // A word longer than a line is cut.
        let room = max(1, width - self.width(of: current))
        let part = word.prefix(prefixCount(of: word, cells: room))
        let count = part.count
        lines.append(current + part)
        word.removeFirst(count)
        current = indent
      }
    }
    if !isEmpty { lines.append(current) }
    return lines.joined(separator: "\n")
  }

  /// How many characters fit into so many cells; at least one.
  private static func prefixCount(of text: String, cells: Int) -> Int {
    var (count, used) = (0, 0)
    for character in text {
      used += width(of: character)
      if used > cells { break }
      count += 1
    }
    return max(1, count)
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
