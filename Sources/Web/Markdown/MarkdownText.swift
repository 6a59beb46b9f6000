// Characters as Markdown sees them, and what stands for others: `\*` and `&lt;`. Knows the names of few
// characters; other names stay as they are written.

extension Unicode.Scalar {
  /// A blank or a tabulator.
  var isMarkdownBlank: Bool { self == " " || self == "\t" }

  /// A blank, a tabulator or the end of a line.
  var isMarkdownSpace: Bool { isMarkdownBlank || self == "\n" }

  var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  /// What a backslash takes its meaning from.
  var isASCIIPunctuation: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// What is neither a word nor a space: punctuation and symbols.
  var isMarkdownPunctuation: Bool {
    if isASCII { return isASCIIPunctuation }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      return true
    default: return false
    }
  }

  var isASCIILetter: Bool { isASCII && properties.isAlphabetic }
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
  init(scalars: some Sequence<Unicode.Scalar>) {
    self.init()
    unicodeScalars.append(contentsOf: scalars)
  }
}

extension BidirectionalCollection<Unicode.Scalar> {
  /// Without what is left out at both ends.
  func trimmed(where isLeftOut: (Unicode.Scalar) -> Bool = \.isMarkdownBlank) -> SubSequence {
    guard let start = firstIndex(where: { !isLeftOut($0) }), let end = lastIndex(where: { !isLeftOut($0) })
    else { return self[endIndex...] }
    return self[start...end]
  }
}

extension [Unicode.Scalar] {
  /// The text of a part without escapes.
  func unescaped(_ range: Range<Int>) -> String {
    var result = String.UnicodeScalarView()
    var place = range.lowerBound
    while place < range.upperBound {
      if self[place] == "\\", place + 1 < range.upperBound, self[place + 1].isASCIIPunctuation {
        result.append(self[place + 1])
        place += 2
      } else if self[place] == "&", let (scalar, end) = entity(at: place), end <= range.upperBound {
        result.append(scalar)
        place = end
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return String(result)
  }

  /// The character that `&lt;`, `&#60;` or `&#x3C;` stands for, and where that ends; nil where none begins.
  func entity(at start: Int) -> (Unicode.Scalar, end: Int)? {
    let longest = self[(start + 1)...].prefix(10)
    guard let end = longest.firstIndex(of: ";") else { return nil }
    let name = longest[..<end]
    guard name.first == "#" else {
      return Self.entities[String(scalars: name)].map { ($0, end + 1) }
    }
    let isHexadecimal = name.dropFirst().first == "x" || name.dropFirst().first == "X"
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    guard (1...(isHexadecimal ? 6 : 7)).contains(digits.count), digits.allSatisfy({ $0 != "+" && $0 != "-" }),
      let value = UInt32(String(scalars: digits), radix: isHexadecimal ? 16 : 10)
    else { return nil }
    let scalar = value == 0 ? nil : Unicode.Scalar(value)
    return (scalar ?? "\u{FFFD}", end + 1)
  }

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "\u{A9}",
    "times": "\u{D7}", "middot": "\u{B7}", "ndash": "\u{2013}", "mdash": "\u{2014}", "hellip": "\u{2026}",
  ]
}
