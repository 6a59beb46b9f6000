/// How wide a text will be, guessed without a font.
///
/// Charts must be laid out the same on every machine, and an SVG is set in a font that only its reader
/// knows. So widths are those of DejaVu Sans, which is wider than most: what fits here fits elsewhere.
package enum TextMetrics {
  /// Width of one line, in the units of `size`.
  package static func width(of text: String, size: Double, weight: Drawing.Text.Weight = .regular) -> Double {
    let sum = text.unicodeScalars.reduce(0) { sum, scalar in
      let index = Int(scalar.value) - 32
      return sum
        + (hundredths.indices.contains(index) ? hundredths[index] : (scalar.value < 0x1100 ? 64 : 100))
    }
    return Double(sum) / 100 * size * (weight == .bold ? 1.11 : 1)
  }

  /// The text in lines of at most `width`, broken at spaces. A single word that is wider stays whole.
  package static func wrap(
    _ text: String, width: Double, size: Double, weight: Drawing.Text.Weight = .regular
  ) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, self.width(of: "\(last) \(word)", size: size, weight: weight) <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// The text, or as much of it as fits with "…" behind.
  package static func fit(_ text: String, width: Double, size: Double) -> String {
    guard self.width(of: text, size: size) > width else { return text }
    var kept = text.prefix(mostCharacters)
    while !kept.isEmpty, self.width(of: "\(kept)…", size: size) > width { kept.removeLast() }
    return "\(kept)…"
  }

  /// No picture has room for more in a line.
  private static let mostCharacters = 1000

  /// The widest of the texts; 0 of none.
  static func widest(_ texts: [String], size: Double) -> Double {
    texts.map { width(of: $0, size: size) }.max() ?? 0
  }

  /// From " " to "~", in hundredths of the font size.
  private static let hundredths: [Int] = [
    32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34,  // space to /
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,  // 0 to ?
    100, 68, 69, 70, 77, 63, 58, 78, 75, 30, 30, 66, 56, 86, 75, 79,  // @ to O
    60, 79, 70, 64, 61, 73, 68, 99, 68, 61, 68, 39, 34, 39, 84, 50,  // P to _
    50, 61, 64, 55, 64, 62, 35, 64, 63, 28, 28, 58, 28, 97, 63, 61,  // ` to o
    64, 64, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,  // p to ~
  ]
}
