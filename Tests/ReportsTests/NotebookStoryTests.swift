import Files
import Foundation
import Reports
import TestSupport
import Testing

/// How a story is cut: at headings, and at the lines that place runs.
@Suite struct NotebookStoryTests {
  private func pieces(_ text: String) throws -> [NotebookStory.Piece] { try NotebookStory(text).pieces }

  @Test func headingsBeginNewTexts() throws {
    #expect(
      try pieces("# A\n\none\n## B\ntwo\n\n#no heading\n####### neither\n###\n")
        == [.text("# A\n\none"), .text("## B\ntwo\n\n#no heading\n####### neither"), .text("###")])
  }

  @Test(arguments: [
    "<!-- run: runs/gan -->", "  <!--run:runs/gan-->  ", "<!--   run:   runs/gan   -->",
    "<!-- run: runs/gan -->\r",
  ])
  func aLineAlonePlacesARun(line: String) throws {
    #expect(
      try pieces("before\n\(line)\nafter\n") == [.text("before"), .run("runs/gan"), .text("after")], "\(line)"
    )
  }

  @Test(arguments: [
    "text <!-- run: a -->", "<!-- run: a --> text", "<!-- running: a -->", "<!-- a comment -->",
    "<!-- run a -->",
  ])
  func otherLinesAreText(line: String) throws {
    #expect(try pieces(line) == [.text(line)])
  }

  @Test func aPathMayHoldSpaces() throws {
    #expect(try pieces("<!-- run: my runs/a b -->") == [.run("my runs/a b")])
  }

  @Test(arguments: ["```", "~~~~", "  ```sh"])
  func whatStandsInABlockOfCodeIsText(fence: String) throws {
    let close = fence.contains("~") ? "~~~~" : "```"
    let text = "\(fence)\n# a comment\n<!-- run: a -->\n~~~\n\(close)"
    #expect(try pieces("\(text)\n<!-- run: b -->") == [.text(text), .run("b")])
  }

  @Test func emptyTextsAreLeftOut() throws {
    #expect(try pieces("\n\n<!-- run: a -->\n \n<!-- run: b -->\n\n") == [.run("a"), .run("b")])
    #expect(try pieces("") == [])
  }

  @Test func aPlaceWithoutARunIsNamedByItsLine() {
    #expect(
      throws: FileError.malformed(
        path: "story", expected: "a run in <!-- run: … -->", found: "none in line 3")
    ) { try NotebookStory("# A\n\n<!-- run: -->") }
  }

  @Test func aStoryIsText() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/story.md"
      try AtomicFile.write(Data([0xFF, 0xFE, 0x41]), to: path)
      #expect(throws: FileError.self) { try NotebookStory(contentsOf: path) }
      #expect(throws: FileError.missing(path: "\(path).not", remedy: "check the path")) {
        try NotebookStory(contentsOf: "\(path).not")
      }
    }
  }
}
