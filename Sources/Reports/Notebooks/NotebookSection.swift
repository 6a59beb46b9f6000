import Experiments
import Files
import FoundationEssentials

/// What a notebook says of one part of a run.
struct NotebookSection {
  /// Of the heading, without marks of Markdown.
  var title: String
  /// A sentence or two with the figures that matter; Markdown.
  var finding: String
  /// Markdown.
  var table = ""
  /// Code with what it shows.
  var code: [NotebookCell]
  /// What the code reads, by the names within the run's folder of data.
  var files: [String: Data] = [:]
}

/// One kind of what runs leave behind, as cells. Its code reads the files of the section and nothing else.
protocol NotebookCells: SendableMetatype {
  static var kinds: [StoredPart.Kind] { get }

  /// - Parameter data: the folder of the section's files in the code, such as `gan`.
  /// - Throws: `FileError` where a file is missing, or does not hold what it should.
  static func section(of part: StoredPart, data: String) throws -> NotebookSection
}

/// All kinds. A new one is one file and one line here.
enum NotebookCatalog {
  static let all: [any NotebookCells.Type] = [
    AccuracyNotebookCells.self, ConfusionNotebookCells.self, RobustnessNotebookCells.self,
    ClassifierNotebookCells.self, GeneratorNotebookCells.self, ColorizerNotebookCells.self,
    ScoreNotebookCells.self, LeaderboardNotebookCells.self, JudgeCheckNotebookCells.self,
    ColorizationNotebookCells.self, DatasetNotebookCells.self, ReproductionNotebookCells.self,
  ]

  /// - Throws: ``FileError/malformed(path:expected:found:)`` for a kind that is not in the list.
  static func cells(of part: StoredPart) throws(FileError) -> any NotebookCells.Type {
    if let found = all.first(where: { $0.kinds.contains(part.kind) }) { return found }
    let schemas = all.flatMap { $0.kinds }.compactMap {
      if case .result(let schema) = $0 { schema } else { nil }
    }
    guard case .result(let schema) = part.kind else {
      preconditionFailure("NotebookCatalog: no cells of \(part.kind)")
    }
    throw .malformed(
      path: part.path, expected: "a result that a notebook can show (\(schemas.joined(separator: ", ")))",
      found: schema)
  }
}

extension NotebookSection {
  /// Bytes of one file of data at most.
  static let largestFile = 1_000_000

  /// The result of a part, and its bytes as a file of the section.
  static func result<Result: StoredResult>(
    _ part: StoredPart, _ type: Result.Type = Result.self
  ) throws(FileError) -> (result: Result, name: String, files: [String: Data]) {
    let name = fileName(part.path.lastPathComponent)
    return (try part.result(), name, [name: try part.data(limit: largestFile)])
  }

  /// A name that is the same in every file system, in a path and in code.
  static func fileName(_ name: String) -> String {
    let plain = name.unicodeScalars.map { scalar -> Character in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains(scalar))
      return isPlain ? Character(scalar) : "-"
    }
    let text = String(plain.drop { $0 == "." })
    return text.isEmpty ? "run" : text
  }
}

extension NotebookSection {
  /// Code that shows a picture of the data.
  static func show(_ picture: String, title: String) -> String {
    #"""
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.imshow(plt.imread(DATA / "\#(picture)"))
    axes.set(title=\#(NotebookJSON.quoted(title)))
    axes.axis("off")
    plt.show()
    """#
  }
}

/// Text as the code of a notebook prints it: Python's formats, which pad by code points.
enum Printed {
  static func left(_ text: String, _ width: Int) -> String { text + padding(text, width) }
  static func right(_ text: String, _ width: Int) -> String { padding(text, width) + text }
  static func width(_ text: String) -> Int { text.unicodeScalars.count }

  /// `{value:.1%}`
  static func percent(_ value: Double) -> String { Text.formatted("%.1f%%", 100 * value) }
  /// `{value:.4g}`
  static func short(_ value: Double, _ digits: Int) -> String { Text.formatted("%.\(digits)g", value) }
  /// `{value:.4f}`
  static func fixed(_ value: Double, _ digits: Int) -> String { Text.formatted("%.\(digits)f", value) }

  static func lines(_ lines: [String]) -> NotebookOutput {
    .printed(lines.map { $0.visible(limit: longestLine) + "\n" }.joined())
  }

  private static let longestLine = 10_000

  private static func padding(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - self.width(text)))
  }
}
