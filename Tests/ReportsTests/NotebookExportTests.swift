import Experiments
import Files
import Foundation
import Reports
import TestSupport
import Testing

/// Writing an export over an earlier one.
@Suite struct NotebookExportTests {
  private static let dataset = """
    {"schema": "assay/dataset/1", "name": "tiny", "split": "test", "count": 3, "shape": [3, 2, 2, 1],
     "sha256": "0", "sha256_ok": false, "per_label": [{"label": "a", "count": 1}, {"label": "b", "count": 2}]}
    """

  private func export(in folder: String) throws -> NotebookExport {
    try AtomicFile.write(Self.dataset, to: "\(folder)/set.json")
    return try NotebookExport([StoredRun("\(folder)/set.json")], to: "\(folder)/out/n.ipynb")
  }

  /// A notebook with a seal of its own may list what it likes.
  @Test func onlyFilesOfTheNotebooksOwnFolderAreRemoved() throws {
    try withTemporaryFolder { folder in
      let others = ["keep/a/b", "n/a", "n/a.d/b/c", "mine"]
      for name in others + ["n/old/data"] { try AtomicFile.write("1", to: "\(folder)/out/\(name)") }
      let listed = others + ["n/../keep/a/b", "n/..", "n/old/data", "n/old/../../mine", "\(folder)/out/mine"]
      let former = Notebook(cells: [.text("# N")], files: listed)
      try AtomicFile.write(former.text, to: "\(folder)/out/n.ipynb")
      try export(in: folder).write()
      for name in others {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/out/\(name)"), "\(name) is gone")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/n/old/data"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/n/set/set.json"))
    }
  }

  @Test func runsOfOneNameHaveFoldersOfTheirOwn() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] { try AtomicFile.write(Self.dataset, to: "\(folder)/\(name)/set.json") }
      let runs = try ["a", "b"].map { try StoredRun("\(folder)/\($0)/set.json") }
      try NotebookExport(runs, to: "\(folder)/n.ipynb").write()
      for name in ["set", "set-2"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/n/\(name)/set.json"), "no \(name)")
      }
    }
  }

  /// Several runs of a name are told apart by their paths alone.
  @Test func aNameThatSeveralRunsHaveIsNoPlace() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] { try AtomicFile.write(Self.dataset, to: "\(folder)/\(name)/set.json") }
      let runs = try ["a", "b"].map { try StoredRun("\(folder)/\($0)/set.json") }
      let story = "\(folder)/story.md"
      try AtomicFile.write("<!-- run: set -->\n<!-- run: set -->\n", to: story)
      #expect(throws: FileError.self) { try NotebookExport(runs, story: story, to: "\(folder)/n.ipynb") }
      let paths = runs.map { "<!-- run: \($0.path) -->" }.joined(separator: "\n")
      try AtomicFile.write(paths, to: story)
      #expect(throws: Never.self) { try NotebookExport(runs, story: story, to: "\(folder)/n.ipynb") }
    }
  }

  /// What a file says becomes neither code nor markup.
  @Test func textOfAFileStaysText() throws {
    try withTemporaryFolder { folder in
      let name = "\\n\\\"; import os # <b> |"
      let hostile = Self.dataset.replacingOccurrences(of: "tiny", with: name)
      try AtomicFile.write(hostile, to: "\(folder)/set\"; x.json")
      try NotebookExport([StoredRun("\(folder)/set\"; x.json")], to: "\(folder)/out/n.ipynb").write()
      let data = try AtomicFile.read("\(folder)/out/n.ipynb")
      let notebook = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let cells = try #require(notebook["cells"] as? [[String: Any]])
      for cell in cells {
        let source = try #require(cell["source"] as? [String]).joined()
        #expect(!source.contains("<b>"))
        if cell["cell_type"] as? String == "code" {
          #expect(!source.contains("import os") && !source.contains("; x"))
        }
      }
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/n/set---x/set---x.json"))
    }
  }
}
