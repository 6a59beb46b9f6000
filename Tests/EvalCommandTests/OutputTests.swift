import Files
import Foundation
import Testing

/// Where results go, and what happens where they cannot.
@Suite struct OutputTests {
  static let commands = [
    "accuracy-vs-epsilon --classifier dense.safetensors", "confusion-matrix --classifier dense.safetensors",
    "dataset", "doctor", "train classifier dense --epochs 1",
  ]

  /// Below a regular file nobody can write, not even root.
  @Test(arguments: commands, ["file", "file/folder", "file/a/b"])
  func anOutputBelowAFileCannotBeWritten(command: String, output: String) throws {
    let bench = try Workbench()
    _ = try bench.dense()
    try AtomicFile.write("mine", to: bench.path("file"))
    let outcome = try bench.eval("\(command) --data data --output \(output)")
    expectFailure(bench, outcome, status: 73, naming: [output, "cannot be written"])
    #expect(try AtomicFile.read(bench.path("file")) == Data("mine".utf8))
  }

  @Test func resultsStandInTheFolder() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let pictures: (String) -> [String] = { ["\($0).png", "\($0).svg"] }
    let expected: [(command: String, files: [String])] = [
      (
        "accuracy-vs-epsilon --classifier dense.safetensors --epsilons 0,0.1",
        ["accuracy-vs-epsilon.csv", "accuracy-vs-epsilon.json", "manifest.json"]
          + pictures("accuracy-vs-epsilon")
      ),
      (
        "confusion-matrix --classifier dense.safetensors --examples 2 --epsilon 0.1",
        ["confusion-cells.json", "confusion-cells.png", "confusion-matrix.csv", "confusion-matrix.json"]
          + ["manifest.json"] + pictures("confusion-matrix") + pictures("examples")
      ),
      ("dataset", pictures("dataset")),
      ("doctor", ["doctor.json"]),
      (
        "train classifier dense --epochs 1",
        [
          "classifier.safetensors", "history.csv", "manifest.json", "training-seconds.txt",
          "training-state.safetensors",
        ] + pictures("history")
      ),
    ]
    for (index, example) in expected.enumerated() {
      let outcome = try bench.eval("\(example.command) --data data --output out/\(index)")
      #expect(outcome.status == 0 || example.command == "doctor", "\(outcome.errors)")
      #expect(bench.files(below: "out/\(index)") == example.files.sorted())
    }
    #expect(bench.partialFiles.isEmpty)
  }

  /// A run's manifest tells how to do it again.
  @Test func theManifestNamesTheRun() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let arguments = "confusion-matrix --classifier dense.safetensors --data data --threads 1 --output out"
    #expect(try bench.eval(arguments).status == 0)
    let manifest = try Dictionary(json: AtomicFile.read(bench.path("out/manifest.json")))
    #expect(manifest["schema"] as? String == "assay/run/1")
    #expect(manifest["command"] as? [String] == ["eval"] + arguments.split(separator: " ").map(String.init))
    #expect(manifest["threads"] as? Int == 1)
    #expect((manifest["dataset_sha256"] as? String)?.count == 64)
    #expect((manifest["blas"] as? String)?.hasPrefix("OpenBLAS ") == true)
  }

  @Test func equalRunsPrintEqualBytes() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    for format in ["table", "json", "csv"] {
      let runs = try ["1", "2"].map { threads in
        try bench.eval(
          "accuracy-vs-epsilon --classifier dense.safetensors --data data --attack noise --seed 3 "
            + "--format \(format) --threads \(threads)")
      }
      #expect(runs[0].status == 0 && runs[0].output == runs[1].output)
      #expect(!runs[0].output.isEmpty)
    }
  }

  @Test func withoutATerminalThereAreNoColours() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let outcome = try bench.eval("accuracy-vs-epsilon --classifier dense.safetensors --data data")
    #expect(outcome.status == 0)
    #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
    #expect(!(outcome.output + outcome.errors).contains("\r"))
    #expect(outcome.output.contains("FGSM alone does not prove robustness"))
  }
}
