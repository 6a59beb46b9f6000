import Foundation
import Testing

/// Every command that README and the guide show is run, on images few and tiny, and what they show of its
/// output is held against what it prints.
///
/// An output belongs to the shell's block before it, and must be that of one of its commands:
///
/// - **Tables**, in their order. The titles of the columns are the same, in the same order. So are the titles
///   of the rows, and all other cells once each number is a #. Where … stands among the columns, or among or
///   below the rows, some may be left out; elsewhere none.
/// - **Other lines**, in their order: each is printed, once each number is a #. An … at its end stands for
///   the rest. Lines in between may be left out.
/// - **JSON**: the fields that are shown are there.
///
/// What the images or the machine decide is not compared; it is listed below, by name.
@Suite struct DocumentedOutputTests {
  /// How lines begin that are not run, and why.
  private static let left = [
    "make ": "it builds the package, or runs these tests",
    "pip install ": "it wants what `make wheel` builds",
    "eval serve": "it goes on until it is ended; LiveSiteTests and PagesInBrowserTests run it",
    "eval judge-check": "it wants 1,000 images or more and takes minutes; JudgeCheckTests runs it",
  ]

  static let leniency = OutputShape.Leniency(
    tables: ["most confused", "rank"],
    // Of `eval doctor` and `eval judge-check`.
    columns: ["found"],
    lines: [
      // Verdicts on images, of which tiny generators deserve others, and some need more images.
      "  nothing found amiss", "  low diversity: ",
      // Verdicts on a classifier that was trained on attacked images.
      "false win: ", "not to be trusted: ",
      // Which generators a judge orders otherwise.
      "  dense puts ",
    ])

  /// What tiny data have printed, and real ones.
  private static let words = [
    "not a data set with known SHA-256": "SHA-256 verified", "C_T –": "C_T 0",
  ]

  private static func isLeft(_ line: String) -> Bool { left.keys.contains(where: called(line).hasPrefix) }

  /// Without the place of the command.
  private static func called(_ line: String) -> String { line.replacing(".build/release/", with: "") }

  private static func isSetting(_ line: String) -> Bool { line.prefixMatch(of: /[A-Z]+=/) != nil }

  // MARK: - Running

  static let documents = Documents.guide.filter { document in
    Documents.blocks(of: document).contains { $0.language == "sh" }
  }

  @Test(arguments: documents)
  func aDocumentShowsWhatItsCommandsPrint(_ document: String) throws {
    let bench = try DocumentedBench(document)
    var runs: [DocumentedBench.Run]?
    for block in Documents.blocks(of: document) {
      switch block.language {
      case "sh": runs = try Self.runs(of: block, in: bench)
      case "", "json":
        let runs = try #require(runs, "\(document):\(block.line): whose output?")
        let differences = Self.differences(block, runs).joined(separator: "\n")
        #expect(differences.isEmpty, "\(document):\(block.line): \(differences)")
      default: break
      }
    }
  }

  /// Runs the lines of a block; none of them may fail.
  private static func runs(of block: DocumentBlock, in bench: DocumentedBench) throws -> [DocumentedBench.Run]
  {
    let settings = block.commands.filter(isSetting)
    return try block.commands.filter { !isSetting($0) && !isLeft($0) }.map { line in
      let run = try bench.run(line, after: settings)
      #expect(run.outcome.status == 0, "\(block.document): \(line): \(run.outcome.errors)")
      return run
    }
  }

  /// What an output shows that none of the runs has printed. Of several runs, that counts which it resembles
  /// most; where all are left, nothing is compared.
  private static func differences(_ block: DocumentBlock, _ runs: [DocumentedBench.Run]) -> [String] {
    let differences = runs.map { run in
      let output = words.reduce(run.output) { $0.replacing($1.key, with: $1.value) }
      return block.language == "json"
        ? OutputShape.keys(block.text).subtracting(OutputShape.keys(output)).map { "no field \"\($0)\"" }
        : OutputShape(block.text).differences(from: OutputShape(output), leniency)
    }
    return differences.min { $0.count < $1.count } ?? []
  }

  // MARK: - What is listed

  @Test func thereAreMany() {
    let lines = Self.documents.flatMap(Documents.blocks).filter { $0.language == "sh" }.flatMap(\.commands)
    #expect(lines.count { !Self.isSetting($0) && !Self.isLeft($0) } > 40)
  }

  /// What no document shows any more needs no exception.
  @Test func everyExceptionIsNeeded() {
    let blocks = Documents.guide.flatMap(Documents.blocks)
    let lines = blocks.filter { $0.language == "sh" }.flatMap(\.commands)
    for start in Self.left.keys { #expect(lines.contains { Self.called($0).hasPrefix(start) }, "\(start)") }
    let shown = blocks.filter { $0.language.isEmpty }.map(\.text).joined(separator: "\n")
    for text in Self.leniency.tables.union(Self.leniency.columns) + Self.leniency.lines + Self.words.values {
      #expect(OutputShape.masked(shown).contains(OutputShape.masked(text)), "\(text)")
    }
  }
}
