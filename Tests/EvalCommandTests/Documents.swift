import Files
import Foundation

/// A block of code of a document.
struct DocumentBlock: Sendable {
  let document: String
  /// Of the backticks that begin it, from 1.
  let line: Int
  /// What stands behind those backticks.
  let language: String
  let lines: [String]

  var text: String { lines.joined(separator: "\n") }

  /// The lines of a shell's block that do something, each whole.
  var commands: [String] {
    text.replacing("\\\n", with: " ").split(separator: "\n").map { String($0.trimmingPrefix { $0 == " " }) }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
  }
}

/// What the documents show.
enum Documents {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// README and the guide.
  static let guide = ["README.md"] + pages(in: "docs/guide")

  /// These, the results, and all others that show commands.
  static let all = ["README.md", "CONTRIBUTING.md"] + pages(in: "docs") + pages(in: "notebooks-export")

  private static func pages(in folder: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: "\(root.path)/\(folder)")
    return (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }
      .map { "\(folder)/\($0)" }.sorted()
  }

  /// Empty where there is none.
  static func text(of document: String) -> String {
    (try? AtomicFile.read("\(root.path)/\(document)")).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  static func blocks(of document: String) -> [DocumentBlock] {
    let text = text(of: document)
    var blocks: [DocumentBlock] = []
    var open: (line: Int, language: String, lines: [String])?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.trimmingPrefix { $0 == " " }
      if !words.hasPrefix("```") {
        open?.lines.append(String(line))
      } else if let block = open {
        blocks.append(
          DocumentBlock(
            document: document, line: block.line, language: block.language, lines: block.lines))
        open = nil
      } else {
        open = (number + 1, String(words.dropFirst(3)), [])
      }
    }
    return blocks
  }
}
