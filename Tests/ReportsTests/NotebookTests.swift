import Files
import Foundation
import Pictures
import Reports
import TestSupport
import Testing

/// The form of notebooks: what nbformat 4.5 asks for, and bytes that follow from the cells alone.
@Suite struct NotebookTests {
  private static let cells: [NotebookCell] = [
    .text("# Title\n\nWords"), .code("print(1)", [.printed("1\n")]), .code("print(1)", [.printed("1\n")]),
    .text("print(1)"),
  ]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func cells(_ notebook: Notebook) throws -> [[String: Any]] {
    try #require(try object(notebook.text)["cells"] as? [[String: Any]])
  }

  private func ids(_ cells: [NotebookCell]) throws -> [String] {
    try self.cells(Notebook(cells: cells)).compactMap { $0["id"] as? String }
  }

  @Test func jsonIsWrittenAsJupyterWritesIt() {
    let value = NotebookJSON.object([
      "b": .list([.integer(1), .flag(true), .none]), "a": .text("\"ε\"\n\u{1}\\/"), "c": .object([:]),
      "Z": .list([]),
    ])
    #expect(
      value.description == #"""
        {
         "Z": [],
         "a": "\"ε\"\n\u0001\\/",
         "b": [
          1,
          true,
          null
         ],
         "c": {}
        }
        """#)
  }

  @Test func jsonIsReadAsItWasWritten() throws {
    let value = NotebookJSON.object([
      "a": .list([.integer(0), .integer(1), .flag(false), .number(0.5), .none, .text("1")])
    ])
    #expect(try JSONDecoder().decode(NotebookJSON.self, from: Data(value.description.utf8)) == value)
  }

  @Test func linesKeepTheirEnds() {
    #expect(NotebookJSON.lines("a\n\nb") == .texts(["a\n", "\n", "b"]))
    #expect(NotebookJSON.lines("a\n") == .texts(["a\n"]))
    #expect(NotebookJSON.lines("") == .list([]))
  }

  @Test func aNotebookIsOfVersion45() throws {
    let notebook = try object(Notebook(cells: Self.cells).text)
    #expect(notebook["nbformat"] as? Int == 4 && notebook["nbformat_minor"] as? Int == 5)
    let metadata = try #require(notebook["metadata"] as? [String: Any])
    #expect((metadata["kernelspec"] as? [String: Any])?["name"] as? String == "python3")
    #expect((metadata["language_info"] as? [String: Any])?["name"] as? String == "python")
    #expect(Set(notebook.keys) == ["cells", "metadata", "nbformat", "nbformat_minor"])
  }

  @Test func codeIsNumberedAndHasItsOutputs() throws {
    let cells = try cells(Notebook(cells: Self.cells))
    #expect(cells.map { $0["execution_count"] as? Int } == [nil, 1, 2, nil])
    #expect(cells.map { $0["cell_type"] as? String } == ["markdown", "code", "code", "markdown"])
    let outputs = try #require(cells[1]["outputs"] as? [[String: Any]])
    #expect(outputs.count == 1 && outputs[0]["output_type"] as? String == "stream")
    #expect(outputs[0]["name"] as? String == "stdout" && outputs[0]["text"] as? [String] == ["1\n"])
    #expect(cells[0]["outputs"] == nil && cells[0]["source"] as? [String] == ["# Title\n", "\n", "Words"])
  }

  @Test func aPictureIsPNGInBase64() throws {
    let picture = try NotebookPicture(
      Bitmap(width: 2, height: 1, channels: 1, pixels: [0, 255]), title: "two")
    let cells = try cells(Notebook(cells: [.code("draw()", [.picture(picture)])]))
    let output = try #require((cells[0]["outputs"] as? [[String: Any]])?.first)
    #expect(output["output_type"] as? String == "display_data")
    let data = try #require(output["data"] as? [String: Any])
    #expect(data["text/plain"] as? [String] == ["two"])
    let text = try #require(data["image/png"] as? String)
    let png = try #require(Data(base64Encoded: text))
    #expect(try PNG.decode(png, path: "picture").pixels == [0, 255])
  }

  // MARK: - Identifiers

  @Test func identifiersAreUniqueAndOfTheFormThatJupyterAsksFor() throws {
    let ids = try ids(Self.cells)
    #expect(ids.count == 4 && Set(ids).count == 4)
    for id in ids { #expect(id.wholeMatch(of: /[0-9a-f]{12}/) != nil, "\(id)") }
  }

  @Test func identifiersFollowFromTheContent() throws {
    let ids = try ids(Self.cells)
    #expect(try self.ids([.text("before")] + Self.cells).dropFirst() == ids[...])
    #expect(try self.ids([.text("# Title")])[0] != ids[0])
  }

  // MARK: - Bytes

  @Test func theSameCellsGiveTheSameBytes() {
    let notebook = Notebook(cells: Self.cells, files: ["b", "a"])
    #expect(notebook.text == Notebook(cells: Self.cells, files: ["a", "b"]).text)
    #expect(notebook.text != Notebook(cells: Array(Self.cells.dropLast()), files: ["a", "b"]).text)
    #expect(notebook.text.hasSuffix("\n}\n"))
  }

  private func noise(_ side: Int) throws -> NotebookOutput {
    var state: UInt32 = 1
    let pixels = (0..<side * side).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return .picture(
      try NotebookPicture(Bitmap(width: side, height: side, channels: 1, pixels: pixels), title: "\(side)"))
  }

  @Test func theHeaviestPicturesAreLeftOutWhereANotebookWouldBeTooLarge() throws {
    let notebook = Notebook(cells: [
      .code("a", [try noise(100)]), .code("b", [try noise(200), try noise(150)]), .text("words"),
    ])
    #expect(try NotebookExport.fitted(notebook, path: "n.ipynb", limit: 200_000).leftOut == [])
    let (smaller, leftOut) = try NotebookExport.fitted(notebook, path: "n.ipynb", limit: 50_000)
    #expect(leftOut == ["200"] && smaller.text.utf8.count <= 50_000)
    #expect(smaller.text.contains("left out for its size"))
    #expect(try NotebookExport.fitted(notebook, path: "n.ipynb", limit: 20_000).leftOut == ["200", "150"])
  }

  @Test func aNotebookThatIsTooLargeWithoutPicturesIsRefused() throws {
    let notebook = Notebook(cells: [.text(String(repeating: "a", count: 3000)), .code("a", [try noise(50)])])
    #expect(throws: FileError.self) {
      try NotebookExport.fitted(notebook, path: "n.ipynb", limit: 2000)
    }
  }
}
