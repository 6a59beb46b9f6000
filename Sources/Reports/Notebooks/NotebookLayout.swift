import Experiments
import Files
import FoundationEssentials
import Glibc

/// The cells of a notebook in their order: the texts of a story, and after each place the cells of its run.
struct NotebookLayout {
  enum Piece {
    case text(String)
    case run(StoredRun)
  }

  private(set) var cells: [NotebookCell] = []
  /// By their paths within the notebook's folder of data.
  private(set) var files: [String: Data] = [:]

  /// - Parameter name: of the notebook and its folder of data.
  /// - Throws: `FileError` for a run that is not what it should be.
  init(_ pieces: [Piece], name: String) throws {
    var depth = 0
    var names: Set<String> = []
    var isPrepared = false
    for piece in pieces {
      switch piece {
      case .text(let text):
        cells.append(.text(text))
        let own = NotebookStory.depth(text)
        if own > 0 { depth = own }
      case .run(let run):
        if !isPrepared { cells.append(.code(Self.preparation(name), [])) }
        isPrepared = true
        for part in run.parts {
          let base = NotebookSection.fileName(run.name)
          var (data, number) = (base, 1)
          while names.contains(data) {
            number += 1
            data = "\(base)-\(number)"
          }
          names.insert(data)
          try add(part, data: data, depth: min(depth + 1, 6))
        }
      }
    }
  }

  private mutating func add(_ part: StoredPart, data: String, depth: Int) throws {
    let section = try NotebookCatalog.cells(of: part).section(of: part, data: data)
    var texts = [
      "\(String(repeating: "#", count: depth)) \(Markdown.escaped(section.title))", section.finding,
    ]
    if let command = part.command { texts.append("```sh\n\(command.visible(limit: 2000))\n```") }
    if !section.table.isEmpty { texts.append(section.table) }
    cells.append(.text(texts.joined(separator: "\n\n")))
    cells += section.code
    for (file, bytes) in section.files { files["\(data)/\(file)"] = bytes }
  }

  /// The first code: what all the other code needs.
  private static func preparation(_ name: String) -> String {
    #"""
    import csv
    import json
    from pathlib import Path

    import matplotlib.pyplot as plt
    import numpy as np

    DATA = Path(\#(NotebookJSON.quoted(name)))  # the folder beside this notebook
    plt.rcParams["text.parse_math"] = False  # a name may hold a $


    def read_json(name):
        return json.loads((DATA / name).read_text(encoding="utf-8"))


    def read_csv(name):
        with open(DATA / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    """#
  }

  /// `fashion-mnist_attacks` → "Fashion mnist attacks"
  static func title(of name: String) -> String {
    let words = name.split { "-_ ".contains($0) }.joined(separator: " ")
    return words.isEmpty ? "Results" : words.prefix(1).uppercased() + words.dropFirst()
  }

  // MARK: - Stories

  /// - Throws: ``FileError/malformed(path:expected:found:)`` where the story does not place each run once, or
  ///   places one that is not given.
  static func placed(_ runs: [StoredRun], in story: NotebookStory) throws(FileError) -> [Piece] {
    var left = runs
    var pieces: [Piece] = []
    for piece in story.pieces {
      switch piece {
      case .text(let text): pieces.append(.text(text))
      case .run(let name):
        let index = try Self.index(of: name, in: left, all: runs, story)
        pieces.append(.run(left.remove(at: index)))
      }
    }
    if let run = left.first {
      throw .malformed(
        path: story.path, expected: "a line <!-- run: \(run.name) --> for the run \(run.path)", found: "none")
    }
    return pieces
  }

  private static func index(
    of name: String, in left: [StoredRun], all: [StoredRun], _ story: NotebookStory
  ) throws(FileError) -> Int {
    if let index = left.firstIndex(where: { $0.isAt(name) }) { return index }
    let named = left.indices.filter { left[$0].name == name }
    if named.count == 1 { return named[0] }
    let expected =
      named.count > 1
      ? "<!-- run: … --> with a path, for several runs are called \(name)"
      : all.contains { $0.isAt(name) || $0.name == name }
        ? "each run in one place" : "the place of one of the runs \(all.map(\.path).joined(separator: ", "))"
    throw .malformed(
      path: story.path, expected: expected, found: named.count > 1 ? "its name" : "<!-- run: \(name) -->")
  }
}

extension StoredRun {
  fileprivate func isAt(_ other: String) -> Bool {
    other == path || other == "\(path)/" || FilePlace(other).map { $0 == FilePlace(path) } ?? false
  }
}
