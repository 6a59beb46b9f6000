/// The levels and the ids of the headings of a page, from its first to its last.
struct MarkdownHeadings {
  private let first: Int
  /// Of the headings that the last one is under, and its own.
  private var depths: [Int] = []
  /// How many further headings there are of each name.
  private var names: [String: Int] = [:]

  /// - Parameter first: the level of the topmost heading.
  init(first: Int) { self.first = min(max(first, 1), 6) }

  /// The level of the next heading: never more than one deeper than the last, whatever the document skips.
  mutating func level(depth: Int) -> Int {
    while let last = depths.last, last >= depth { depths.removeLast() }
    depths.append(depth)
    return min(first + depths.count - 1, 6)
  }

  /// What `#fragment` calls the next heading, as GitHub does.
  mutating func id(_ text: String) -> String {
    let name = String(scalars: text.lowercased().unicodeScalars.compactMap(Self.sign))
    let stem = name.isEmpty ? "section" : name
    var id = stem
    while names[id] != nil {
      names[stem, default: 0] += 1
      id = "\(stem)-\(names[stem, default: 0])"
    }
    names[id] = 0
    return id
  }

  private static func sign(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar == " " { return "-" }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return scalar
    default: return scalar == "-" ? scalar : nil
    }
  }
}
