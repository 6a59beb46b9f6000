import Files
import FoundationEssentials

/// The text of a notebook: Markdown in which lines such as `<!-- run: runs/gan -->` say where a run's cells
/// go.
///
/// Headings begin a new cell. What stands in a fenced block of code is text, whatever it looks like. Checks
/// no Markdown.
package struct NotebookStory: Equatable, Sendable {
  package enum Piece: Equatable, Sendable {
    case text(String)
    /// As it is written in the story.
    case run(String)
  }

  package let pieces: [Piece]
  /// Of the file; only named in errors.
  package let path: String

  /// - Throws: `FileError`: missing, unreadable, no UTF-8, or a line that places no run.
  package init(contentsOf path: String) throws(FileError) {
    let data = try AtomicFile.read(path, limit: 1 << 20)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .malformed(
        path: path, expected: "Markdown in UTF-8",
        found: FileKind(start: data, path: path)?.rawValue ?? "other bytes")
    }
    try self.init(text, path: path)
  }

  package init(_ text: String, path: String = "story") throws(FileError) {
    var pieces: [Piece] = []
    var lines: [Substring] = []
    var fence: Substring?
    func endText() {
      let text = lines.joined(separator: "\n").trimmed(where: \.isNewline)
      if !text.allSatisfy(\.isWhitespace) { pieces.append(.text(text)) }
      lines = []
    }
    let all = text.replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in all.enumerated() {
      if let open = fence {
        if Self.closes(line, open) { fence = nil }
      } else if let opened = Self.fence(line) {
        fence = opened
      } else if let run = Self.run(line) {
        guard !run.isEmpty else {
          throw .malformed(
            path: path, expected: "a run in <!-- run: … -->", found: "none in line \(index + 1)")
        }
        endText()
        pieces.append(.run(run))
        continue
      } else if Self.isHeading(line) {
        endText()
      }
      lines.append(line)
    }
    endText()
    (self.pieces, self.path) = (pieces, path)
  }

  /// The depth of the last heading in a text; 0 where it has none.
  static func depth(_ text: String) -> Int {
    guard let line = text.split(separator: "\n").first, isHeading(line) else { return 0 }
    return line.drop { $0 == " " }.prefix { $0 == "#" }.count
  }

  // MARK: - Lines

  private static func isHeading(_ line: Substring) -> Bool {
    guard let rest = indented(line) else { return false }
    let marks = rest.prefix { $0 == "#" }
    return (1...6).contains(marks.count)
      && (rest.count == marks.count || " \t".contains(rest.dropFirst(marks.count).first ?? " "))
  }

  /// The marks that a fenced block begins with.
  private static func fence(_ line: Substring) -> Substring? {
    guard let rest = indented(line), let mark = rest.first, mark == "`" || mark == "~" else { return nil }
    let marks = rest.prefix { $0 == mark }
    guard marks.count >= 3, mark == "~" || !rest.dropFirst(marks.count).contains("`") else { return nil }
    return marks
  }

  private static func closes(_ line: Substring, _ open: Substring) -> Bool {
    guard let rest = indented(line) else { return false }
    let marks = rest.prefix { $0 == open.first }
    return marks.count >= open.count && rest.dropFirst(marks.count).allSatisfy(\.isWhitespace)
  }

  /// The line without its indentation; nil where that makes it code.
  private static func indented(_ line: Substring) -> Substring? {
    let rest = line.drop { $0 == " " }
    return line.count - rest.count <= 3 ? rest : nil
  }

  private static func run(_ line: Substring) -> String? {
    let text = line.trimmed()
    guard text.hasPrefix("<!--"), text.hasSuffix("-->"), text.count >= 7 else { return nil }
    let inner = text.dropFirst(4).dropLast(3).trimmed()
    guard inner.hasPrefix("run:") else { return nil }
    return inner.dropFirst(4).trimmed()
  }
}
