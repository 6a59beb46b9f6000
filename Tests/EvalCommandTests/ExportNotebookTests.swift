import Files
import Foundation
import Pictures
import Testing

/// Notebooks of every kind of run, of several in a story, and what is refused.
@Suite(.serialized) struct ExportNotebookTests {
  private static let output = "--output out/n.ipynb"

  private func export(_ bench: Workbench, _ arguments: String) throws -> Workbench.Outcome {
    try bench.eval("export-notebook \(arguments) \(Self.output)")
  }

  // MARK: - What a run becomes

  @Test(arguments: NotebookBench.kinds)
  func everyKindOfRunBecomesCells(_ kind: NotebookBench.Kind) throws {
    let bench = try NotebookBench.with(kind.run)
    let outcome = try export(bench, kind.run)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "out/n.ipynb: 1 run\n" && outcome.errors.isEmpty)

    let texts = try bench.sources("out/n.ipynb", "markdown")
    #expect(texts.count == 2 && texts[0] == "# N")
    #expect(texts[1].hasPrefix("## \(kind.title)\n"), "\(texts[1].prefix(100))")
    let isFolder = !kind.run.hasSuffix(".json") && kind.run != "board"
    #expect(texts[1].contains("```sh\neval ") == isFolder, "\(texts[1])")

    let data = kind.run.replacingOccurrences(of: ".json", with: "")
    #expect(bench.files(below: "out/n") == kind.files.map { "\(data)/\($0)" })
    let code = try bench.sources("out/n.ipynb", "code")
    for file in kind.files {
      #expect(code.contains { $0.contains("\"\(data)/\(file)\"") }, "no code reads \(file)")
    }

    var pictures = 0
    for cell in try bench.cells("out/n.ipynb").filter({ $0["cell_type"] as? String == "code" }).dropFirst() {
      let outputs = try cell.objects("outputs")
      #expect(!outputs.isEmpty, "\(cell)")
      for output in outputs {
        guard let shown = output["data"] as? [String: Any] else {
          #expect(output["text"] as? [String] != [])
          continue
        }
        let text = try shown.text("image/png")
        let png = try #require(Data(base64Encoded: text))
        #expect(try PNG.decode(png, path: "picture").width > 20)
        pictures += 1
      }
    }
    #expect(pictures > 0)
    #expect(try AtomicFile.read(bench.path("out/n.ipynb")).count < 2_000_000)
  }

  @Test func chartsArePicturesOfBothKinds() throws {
    let bench = try NotebookBench.with("attacked")
    _ = try export(bench, "attacked")
    let outputs = try bench.cells("out/n.ipynb").flatMap {
      try ($0["outputs"] as? [Any]) == nil ? [] : $0.objects("outputs")
    }
    let shown = try #require(outputs.compactMap { $0["data"] as? [String: Any] }.first)
    #expect((shown["image/svg+xml"] as? [String])?.joined().contains("<svg") == true)
  }

  /// What the code would print stands there already.
  @Test func theFiguresAreThoseOfTheResult() throws {
    let bench = try NotebookBench.with("attacked")
    _ = try export(bench, "attacked")
    let curve = try Dictionary(json: AtomicFile.read(bench.path("attacked/accuracy-vs-epsilon.json")))
      .objects("curves")[0]
    let shares = try curve.objects("points").map {
      String(format: "%.1f%%", 100 * (try $0.number("accuracy")))
    }
    let printed = try bench.cells("out/n.ipynb").compactMap { ($0["outputs"] as? [[String: Any]])?.first }
      .compactMap { $0["text"] as? [String] }.first
    let lines = try #require(printed)
    #expect(lines.count == 1 + shares.count)
    for (line, share) in zip(lines.dropFirst(), shares) { #expect(line.contains(share), "\(line)") }
  }

  @Test func aTrainingWithoutLossesStillShowsItsImages() throws {
    let bench = try Workbench()
    let training = "train generator cgan-x --data data --iterations 2 --batch 8 --output run"
    #expect(try bench.eval(training).status == 0)
    let losses = try AtomicFile.read(bench.path("run/losses.csv"))
    let outcome = try export(bench, "run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let isEmpty = String(decoding: losses, as: UTF8.self).hasPrefix("step,warning\n")
    #expect(try bench.sources("out/n.ipynb", "markdown")[1].contains("No losses were kept") == isEmpty)
    #expect(bench.files(below: "out/n").contains("run/images.npz"))
  }

  // MARK: - Bytes

  @Test func theSameRunsGiveTheSameBytes() throws {
    let bench = try NotebookBench.with("generator", "attacked")
    for (folder, threads) in [("a", 1), ("b", 2)] {
      let outcome = try bench.eval(
        "export-notebook generator attacked --threads \(threads) --output \(folder)/n.ipynb")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(bench.files(below: "a") == bench.files(below: "b") && bench.files(below: "a").count == 5)
    for file in bench.files(below: "a") {
      #expect(
        try AtomicFile.read(bench.path("a/\(file)")) == AtomicFile.read(bench.path("b/\(file)")), "\(file)")
    }
  }

  // MARK: - Stories

  @Test func aStorySaysWhereRunsGo() throws {
    let bench = try NotebookBench.with("attacked", "set.json")
    try bench.write(
      "# Noise\n\nFirst the data.\n\n<!-- run: set -->\n\n"
        + "### Attacks\n<!-- run: ./attacked/ -->\n\nThe end.\n",
      to: "story.md")
    let outcome = try export(bench, "attacked set.json --story story.md")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let texts = try bench.sources("out/n.ipynb", "markdown")
    #expect(texts.count == 5 && texts[0] == "# Noise\n\nFirst the data." && texts[2] == "### Attacks")
    #expect(texts[1].hasPrefix("## The data set") && texts[3].hasPrefix("#### Accuracy"))
    #expect(texts[4] == "The end.")
  }

  @Test func aTitleStandsInPlaceOfTheName() throws {
    let bench = try NotebookBench.with("set.json")
    let outcome = try bench.eval([
      "export-notebook", "set.json", "--title", "What *is* there", "--output", "n.ipynb",
    ])
    #expect(outcome.status == 0)
    #expect(try bench.sources("n.ipynb", "markdown")[0] == "# What \\*is\\* there")
  }

  struct BadStory: Sendable, CustomStringConvertible {
    let story, found: String
    var description: String { story }
    init(_ story: String, _ found: String) { (self.story, self.found) = (story, found) }
  }

  @Test(arguments: [
    BadStory("<!-- run: set -->", "attacked"), BadStory("# Nothing", "attacked"),
    BadStory("<!-- run: set -->\n<!-- run: attacked -->\n<!-- run: gan -->", "gan"),
    BadStory("<!-- run: set -->\n<!-- run: attacked -->\n<!-- run: set.json -->", "one place"),
    BadStory("<!-- run: -->", "line 1"),
  ])
  func aStoryPlacesEachRunOnce(_ item: BadStory) throws {
    let bench = try NotebookBench.with("attacked", "set.json")
    try bench.write(item.story, to: "story.md")
    expectFailure(
      bench, try export(bench, "attacked set.json --story story.md"), status: 65,
      naming: ["story.md", item.found])
    #expect(bench.files(below: "out") == [])
  }
}
