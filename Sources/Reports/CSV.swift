import Files
import FoundationEssentials

/// Lines of comma-separated values (RFC 4180).
///
/// Numbers stay numbers. Other cells show what does not print, and a spreadsheet takes none of them for a
/// formula: an apostrophe stands before what begins like one (OWASP, "CSV injection").
package struct CSV {
  package private(set) var text: String

  package init(_ header: [String]) {
    text = ""
    add(header)
  }

  package mutating func add(_ fields: [String]) {
    text += fields.map { Self.quoted(Self.harmless($0)) }.joined(separator: ",") + "\n"
  }

  /// Where spreadsheets take a cell for a formula; the last four are full-width forms.
  private static let formulaStarts: Set<Character> = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
  /// Characters of one cell that are written at most.
  private static let longest = 4000

  private static func harmless(_ field: String) -> String {
    guard !isNumber(field) else { return field }
    // A tab or a line break at the beginning, too, is only what it looks like.
    let shown = field.visible(limit: longest)
    guard let first = field.drop(while: \.isWhitespace).first else { return shown }
    return formulaStarts.contains(first) ? "'\(shown)" : shown
  }

  /// Digits with a sign, a point and an exponent: what Double takes, without words and hexadecimals.
  private static func isNumber(_ field: String) -> Bool {
    field.utf8.allSatisfy { (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }
      && Double(field) != nil
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
