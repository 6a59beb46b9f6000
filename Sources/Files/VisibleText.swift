/// Text from outside (file contents, names, paths) in a form that can be shown: one line, of limited length,
/// that neither moves a terminal's cursor nor hides anything.
///
/// It does not quote for a format: CSV, Markdown and HTML have rules of their own on top.
extension String {
  /// This text with what does not print escaped (`\n`, `\t`, `\u{1B}`), and with its middle left out beyond
  /// `limit` characters.
  ///
  /// Escaped are control characters, separators of lines, and the marks that change the direction of text or
  /// have no width. Takes time in proportion to `limit`, not to the length of the text.
  public func visible(limit: Int = 200) -> String {
    precondition(limit >= 8, "visible: a limit of \(limit)")
    let scalars = unicodeScalars
    guard scalars.prefix(limit + 1).count > limit else { return Self.escaped(scalars[...]) }
    let tail = limit / 4
    return Self.escaped(scalars.prefix(limit - tail - 1)) + "…" + Self.escaped(scalars.suffix(tail))
  }

  private static func escaped(_ scalars: Substring.UnicodeScalarView) -> String {
    var text = ""
    for scalar in scalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where isHidden(scalar): text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}
