import Files
import Foundation
import Testing

/// Results that cannot be printed are a failure; progress that cannot be shown is not.
@Suite struct StreamTests {
  static let commands = [
    "eval --help", "eval --version", "eval", "eval score --help", "eval train generator --list",
    "eval dataset --data data", "eval dataset --data data --format json", "eval doctor --data data",
    "eval confusion-matrix --classifier dense.safetensors --data data",
    "eval confusion-matrix --classifier dense.safetensors --data data --format csv",
    "eval accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0",
    "eval corrupt --corruption fog --severity 1 --data data --output corrupted",
    "eval train classifier dense --epochs 1 --data data --output run --overwrite",
    "eval --generate-completion-script bash",
  ]

  @Test(arguments: commands)
  func aFullOrClosedOutputCannotBeWritten(command: String) throws {
    let bench = try Workbench()
    _ = try bench.dense()
    for stream in [">/dev/full", ">&-"] {
      let outcome = try bench.shell("\(command) \(stream)")
      expectFailure(
        bench, outcome, status: 73, naming: ["standard output: cannot be written"])
    }
    // Nobody reads: no word, as usual, but not a success.
    let outcome = try bench.shell("set -o pipefail; \(command) | true")
    #expect(outcome.status == 73 && outcome.messages.isEmpty, "\(outcome.errors)")
  }

  /// What was made before stays.
  @Test func aTrainingWhoseResultCannotBePrintedIsThere() throws {
    let bench = try Workbench()
    let training = "eval train classifier dense --epochs 2 --data data"
    #expect(try bench.shell("\(training) --output printed").status == 0)
    #expect(try bench.shell("\(training) --output run >&-").status == 73)
    #expect(bench.files(below: "run") == bench.files(below: "printed"))
    #expect(
      try AtomicFile.read(bench.path("run/classifier.safetensors"))
        == AtomicFile.read(bench.path("printed/classifier.safetensors")))
  }

  @Test(arguments: ["2>/dev/full", "2>&-", "2> >(true)", "<&- 2>&-"])
  func aTrainingGoesOnWithoutItsProgress(stream: String) throws {
    let bench = try Workbench()
    for training in [
      "train classifier dense --epochs 3 --data data --output c",
      "train generator cgan-x --iterations 3 --steps-per-snapshot 1 --batch 8 --data data --output g",
    ] {
      let outcome = try bench.shell("eval \(training) \(stream)")
      #expect(outcome.status == 0 && outcome.errors.isEmpty && !outcome.output.isEmpty, "\(outcome.errors)")
    }
    #expect(bench.files(below: "c").contains("classifier.safetensors"))
    #expect(bench.files(below: "g").contains("generator.safetensors"))
    #expect(try bench.shell("eval nonsense \(stream)").status == 64)
  }

  /// With both closed, results must not land in the first file that is opened.
  @Test func resultsLandInNoOtherFile() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let command = "eval confusion-matrix --classifier dense.safetensors --data data --output"
    #expect(try bench.shell("\(command) open").status == 0)
    #expect(try bench.shell("\(command) closed <&- >&- 2>&-").status == 73)
    #expect(
      try AtomicFile.read(bench.path("closed/confusion-matrix.json"))
        == AtomicFile.read(bench.path("open/confusion-matrix.json")))
  }

  /// The limit of `ulimit -f` is a full disk to the command, not its end.
  @Test func aLimitOnTheSizeOfFilesIsAFailure() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    for command in [
      "train classifier dense --epochs 1 --data data --output run",
      "train generator cgan-x --iterations 1 --batch 8 --data data --output run",
      "confusion-matrix --classifier dense.safetensors --data data --output run",
    ] {
      let outcome = try bench.shell("ulimit -f 1; eval \(command)")
      #expect(outcome.status == 73 && outcome.errors.contains("cannot be written"), "\(outcome.errors)")
      #expect(bench.partialFiles.isEmpty)
    }
  }
}
