import Files
import Foundation
import Testing

/// Runs that a notebook is not made of, and notebooks that are not replaced.
@Suite(.serialized) struct ExportNotebookRefusalTests {
  private func export(_ bench: Workbench, _ arguments: String) throws -> Workbench.Outcome {
    try bench.eval("export-notebook \(arguments) --output out/n.ipynb")
  }

  struct BadRun: Sendable, CustomStringConvertible {
    let run: String
    /// What is done to it, by a shell.
    let damage: String
    let status: Int32
    let naming: [String]
    var description: String { "\(run): \(damage)" }

    init(_ run: String, _ damage: String, _ status: Int32, _ naming: String...) {
      (self.run, self.damage, self.status, self.naming) = (run, damage, status, naming)
    }
  }

  @Test(arguments: [
    BadRun("attacked", "rm -r attacked", 66, "attacked: not found"),
    BadRun("attacked", "rm attacked/*", 65, "attacked: expected a result", "neither"),
    BadRun("attacked", "rm attacked/*.json", 65, "attacked: expected a result", "neither"),
    BadRun("attacked", "rm attacked/accuracy*.json", 66, "accuracy-vs-epsilon.json: not found", "not whole"),
    BadRun(
      "attacked", "echo '{' >attacked/accuracy-vs-epsilon.json", 65, "accuracy-vs-epsilon.json: expected JSON"
    ),
    BadRun(
      "attacked", "sed -i s,epsilon/1,epsilon/2, attacked/accuracy*.json", 65, "epsilon/1",
      "found assay/accuracy-vs-epsilon/2"),
    BadRun(
      "attacked", "sed -i s,run/1,run/2, attacked/manifest.json", 65, "manifest.json", "found assay/run/2"),
    BadRun("attacked", "sed -i s/curves/curls/ attacked/accuracy*.json", 65, "a field curves"),
    BadRun(
      "attacked", "sed -i 's/\"correct\"/\"c\"/' attacked/accuracy*.json", 65, "curves[0].points[0].correct"),
    BadRun(
      "attacked", "sed -i 's/\"accuracy\" : [0-9.]*/\"accuracy\" : 7/' attacked/accuracy*.json", 65,
      "curves[0].points[0].accuracy from 0 to 1", "found 7"),
    BadRun(
      "attacked", "sed -i 's/\"epsilon\" : 0,/\"epsilon\" : -1,/' attacked/accuracy*.json", 65,
      "points[0].epsilon", "-1"),
    BadRun(
      "confusion", "sed -i '0,/\"Sandal\",/s///' confusion/*matrix.json", 65, "matrix of 9 rows", "found 10"),
    BadRun("generator", "rm generator/manifest.json", 66, "manifest.json: not found", "--resume"),
    BadRun("generator", "rm generator/generator.safetensors", 66, "generator.safetensors: not found"),
    BadRun("generator", "rm generator/losses.csv", 66, "losses.csv: not found", "not whole"),
    BadRun(
      "generator", "echo step,a,warning >generator/losses.csv; echo 1,x, >>generator/losses.csv", 65,
      "losses.csv", "line 2", "1,x"),
    BadRun(
      "generator", "head -c 100 generator/grids/step-0000100.png >p; mv p generator/grids/step-0000100.png",
      65, "step-0000100.png"),
    BadRun("classifier", "echo epoch,a >classifier/history.csv", 65, "history.csv", "loss", "found a"),
    BadRun(
      "score", "sed -i '0,/\"count\" : 20/s//\"count\" : -1/' score/score.json", 65, "score.json", "count"),
    BadRun("set.json", "echo 1 >set.json", 65, "set.json", "schema"),
    BadRun(
      "set.json", "echo '{\"schema\": \"assay/doctor/1\"}' >set.json", 65, "a notebook can show",
      "found assay/doctor/1"),
    BadRun("set.json", "echo words >set.json", 65, "set.json: expected JSON", "plain text"),
  ])
  func aRunThatIsNotWholeIsNamed(_ item: BadRun) throws {
    let bench = try NotebookBench.with(item.run)
    #expect(try bench.shell(item.damage).status == 0)
    expectFailure(bench, try export(bench, item.run), status: item.status, naming: item.naming)
    #expect(bench.files(below: "out") == [])
  }

  @Test(arguments: [
    ("set.json --output n.txt", ".ipynb"), ("set.json --output .ipynb", ".ipynb"),
    ("--output n.ipynb", "run"),
    ("set.json", "--output"), ("set.json set.json --output n.ipynb", "set.json twice"),
    ("set.json --story s.md --title t --output n.ipynb", "--title"),
  ])
  func wrongUsageIsExplained(arguments: String, naming: String) throws {
    let outcome = try NotebookBench.with("set.json").eval("export-notebook \(arguments)")
    #expect(outcome.status == 64 && outcome.errors.contains(naming), "\(outcome.errors)")
  }

  // MARK: - What stands there already

  @Test func aRunsOwnFolderIsNoPlaceForData() throws {
    let bench = try NotebookBench.with("attacked")
    let before = bench.files(below: "attacked")
    expectFailure(
      bench, try bench.eval("export-notebook attacked/ --output attacked.ipynb"), status: 73,
      naming: ["attacked.ipynb", "the run attacked"])
    #expect(bench.files(below: "attacked") == before)
  }

  @Test func aFolderIsNotReplaced() throws {
    let bench = try NotebookBench.with("set.json")
    try bench.write("mine", to: "out/n.ipynb/mine")
    for option in ["", " --overwrite"] {
      expectFailure(
        bench, try export(bench, "set.json\(option)"), status: 73, naming: ["out/n.ipynb", "it is a folder"])
    }
    #expect(bench.files(below: "out") == ["n.ipynb/mine"])
  }

  @Test func anExportReplacesAnExportAndWhatItNoLongerReads() throws {
    let bench = try NotebookBench.with("attacked", "set.json")
    #expect(try export(bench, "attacked set.json").status == 0)
    #expect(bench.files(below: "out/n") == ["attacked/accuracy-vs-epsilon.json", "set/set.json"])
    try bench.write("mine", to: "out/n/attacked/notes.txt")
    #expect(try export(bench, "set.json").status == 0)
    #expect(bench.files(below: "out/n") == ["attacked/notes.txt", "set/set.json"])
  }

  @Test(arguments: [
    ("sed -i 's/# N/# M/' out/n.ipynb", "changed"),
    ("sed -i 's/\"execution_count\": 1/\"execution_count\": 9/' out/n.ipynb", "changed"),
    ("sed -i '/content_sha256/d' out/n.ipynb", "not exported"), ("echo '{}' >out/n.ipynb", "not exported"),
    ("echo mine >out/n.ipynb", "not exported"), (": >out/n.ipynb", "not exported"),
  ])
  func whatAnotherHandMadeIsNotReplaced(damage: String, found: String) throws {
    let bench = try NotebookBench.with("set.json")
    #expect(try export(bench, "set.json").status == 0)
    let exported = try AtomicFile.read(bench.path("out/n.ipynb"))
    #expect(try bench.shell(damage).status == 0)
    let changed = try AtomicFile.read(bench.path("out/n.ipynb"))
    #expect(changed != exported)
    expectFailure(
      bench, try export(bench, "set.json"), status: 73, naming: ["out/n.ipynb", found, "--overwrite"])
    #expect(try AtomicFile.read(bench.path("out/n.ipynb")) == changed)
    #expect(try export(bench, "set.json --overwrite").status == 0)
    #expect(try AtomicFile.read(bench.path("out/n.ipynb")) == exported)
  }

  /// Jupyter may write the same notebook with other spaces.
  @Test func otherSpacesAreNoChange() throws {
    let bench = try NotebookBench.with("set.json")
    #expect(try export(bench, "set.json").status == 0)
    let exported = try AtomicFile.read(bench.path("out/n.ipynb"))
    let object = try JSONSerialization.jsonObject(with: exported)
    try AtomicFile.write(
      try JSONSerialization.data(withJSONObject: object, options: .prettyPrinted),
      to: bench.path("out/n.ipynb"))
    #expect(try export(bench, "set.json").status == 0)
    #expect(try AtomicFile.read(bench.path("out/n.ipynb")) == exported)
  }

  @Test func aFullDiskLeavesTheOldNotebook() throws {
    let bench = try NotebookBench.with("set.json", "attacked")
    #expect(try export(bench, "set.json").status == 0)
    let old = try AtomicFile.read(bench.path("out/n.ipynb"))
    let outcome = try bench.shell("ulimit -f 30; eval export-notebook attacked --output out/n.ipynb")
    expectFailure(bench, outcome, status: 73, naming: ["out/n.ipynb", "cannot be written"])
    #expect(try AtomicFile.read(bench.path("out/n.ipynb")) == old)
  }
}
