import ArgumentParser
import EvalCommand
import Testing

/// Every command that README, guide and results show is one: its options exist, and their values are
/// possible.
///
/// Nothing is run: what a command does with the files that it names is for other tests.
@Suite struct DocumentedCommandTests {
  struct Shown: Sendable, CustomStringConvertible {
    let document: String
    let words: [String]
    var description: String { "\(document): \(words.joined(separator: " "))" }
  }

  private static let names: Set = ["eval", "assay", ".build/release/eval"]

  /// Values for the variables and places that the documents leave open.
  private static let variables = [
    "$PICTURES": "pictures", "$LABELS": "--only animals --only food",
    "$CLIPART": "--data pictures --background white", "$name": "conv",
    "generator NAME": "generator gan",
  ]

  static let shown: [Shown] = Documents.all.flatMap { path in
    Documents.blocks(of: path).filter { $0.language == "sh" }.flatMap(\.commands).flatMap(commands).map {
      Shown(document: path, words: $0)
    }
  }

  /// The words of each command of ours in a line of a shell, without its name.
  private static func commands(in line: String) -> [[String]] {
    parts(of: expanded(line)).filter { $0.first.map(names.contains) == true }.map { Array($0.dropFirst()) }
  }

  private static func expanded(_ line: String) -> String {
    variables.reduce(line) { $0.replacing($1.key, with: $1.value) }
  }

  /// A line as words, between `;`, `|` and a comment; quotes hold words together.
  private static func parts(of line: String) -> [[String]] {
    var (parts, word, quote) = ([[String]()], "", Character?.none)
    func end() {
      if !word.isEmpty, !["do", "done"].contains(word) { parts[parts.count - 1].append(word) }
      word = ""
    }
    for character in line {
      switch character {
      case "\"", "'":
        if quote == nil { quote = character } else if quote == character { quote = nil }
      case _ where quote != nil: word.append(character)
      case "#" where word.isEmpty: return parts
      case " ": end()
      case ";", "|":
        end()
        parts.append([])
      default: word.append(character)
      }
    }
    end()
    return parts
  }

  @Test func thereAreMany() {
    #expect(Self.shown.count > 60)
    #expect(Set(Self.shown.map(\.document)).isSuperset(of: ["README.md", "docs/guide/score.md"]))
  }

  @Test(arguments: shown)
  func eachCommandIsOne(_ shown: Shown) {
    #expect(throws: Never.self) { _ = try EvalMain.parseAsRoot(shown.words) }
  }

  /// What is no command would be noticed.
  @Test(arguments: [
    "score --rank-by nothing", "accuracy-vs-epsilon --epsilon x", "draw", "train classifier mlp",
  ])
  func whatIsNoneIsNoticed(_ line: String) {
    #expect(throws: (any Error).self) {
      _ = try EvalMain.parseAsRoot(line.split(separator: " ").map(String.init))
    }
  }
}
