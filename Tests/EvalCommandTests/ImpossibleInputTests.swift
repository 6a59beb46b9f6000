import Classifier
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Input that is sound in form and cannot be: an exit code and a sentence, never a trap.
@Suite struct ImpossibleInputTests {
  @Test func aClassifierOfHugeImagesIsBadData() throws {
    let bench = try Workbench()
    var file = try Safetensors(contentsOf: try bench.dense())
    file.metadata["image_shape"] = "[4096,4096,4096]"
    try file.write(to: bench.path("huge"))
    let outcome = try bench.eval("confusion-matrix --data data --classifier huge")
    expectFailure(
      bench, outcome, status: 65, naming: ["huge: expected ", "[4096, 4096, 4096]", "found 101770 weights"])
  }

  @Test(arguments: [
    (#""batchesDone":0"#, #""batchesDone":99"#), (#""batchSize":8"#, #""batchSize":0"#),
    (#""epochs":1"#, #""epochs":0"#), (#""shift":0"#, #""shift":-1"#),
  ])
  func anImpossibleStateIsBadData(old: String, new: String) throws {
    let bench = try Workbench()
    #expect(
      try bench.eval("train classifier dense --data data --epochs 1 --batch 8 --output run").status == 0)
    let path = bench.path("run/training-state.safetensors")
    var file = try Safetensors(contentsOf: path)
    let progress = try #require(file.metadata["progress"])
    try #require(progress.contains(old), "\(progress)")
    file.metadata["progress"] = progress.replacingOccurrences(of: old, with: new)
    try file.write(to: path)
    let outcome = try bench.eval("train classifier dense --data data --resume run")
    expectFailure(
      bench, outcome, status: 65, naming: ["run/training-state.safetensors: expected ", "found "])
  }

  /// Training and test images of different sizes would meet only at the end of the first epoch.
  @Test func testImagesOfAnotherSizeAreBadData() throws {
    let bench = try Workbench()
    let images = idx([20, 14, 14], [UInt8](repeating: 7, count: 20 * 14 * 14))
    try AtomicFile.write(Data(images), to: bench.path("data/t10k-images-idx3-ubyte"))
    let outcome = try bench.eval("train classifier dense --data data --epochs 1 --output run")
    expectFailure(
      bench, outcome, status: 65, naming: ["data: expected ", "[28, 28, 1]", "found [14, 14, 1]"])
    #expect(bench.files(below: "run").isEmpty)
  }

  /// An empty name would be the root of the file system.
  @Test(arguments: OutputTests.commands)
  func anEmptyOutputIsRefused(command: String) throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let words = command.split(separator: " ").map(String.init) + ["--data", "data", "--output", ""]
    let outcome = try bench.eval(words)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--output: expected a folder, found an empty name"))
  }

  @Test(arguments: [
    "accuracy-vs-epsilon --limit -1", "confusion-matrix --limit -1", "confusion-matrix --examples -1",
    "accuracy-vs-epsilon --threads -1", "accuracy-vs-epsilon --seed -1",
    "train classifier dense --epochs -1", "train classifier dense --batch -1",
    "train classifier dense --limit -1", "train classifier dense --learning-rate -1",
    "train classifier dense --weight-decay -1", "train classifier dense --label-smoothing -1",
    "train classifier dense --shift -1", "train classifier dense --seed -1",
    "train classifier dense --epochs 9223372036854775807",
    "train classifier dense --batch 9223372036854775807",
  ])
  func numbersOutOfRangeAreNamed(command: String) throws {
    let outcome = try Workbench().eval(command)
    #expect(outcome.status == 64)
    let words = command.split(separator: " ")
    let first = outcome.errors.split(separator: "\n").first ?? ""
    for word in words.suffix(2) { #expect(first.contains(word), "no \(word) in: \(first)") }
  }

  @Test func theReasonOfTheSystemIsInWords() throws {
    let bench = try Workbench()
    try AtomicFile.write("mine", to: bench.path("file"))
    for output in ["file", "file/folder"] {
      let outcome = try bench.eval("dataset --data data --output \(output)")
      expectFailure(
        bench, outcome, status: 73, naming: ["eval: \(output): cannot be written: Not a directory"])
    }
  }

  @Test func anotherRecipeIsNamedInOneSentence() throws {
    let bench = try Workbench()
    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output run").status == 0)
    let outcome = try bench.eval("train classifier dense --data data --epochs 3 --resume run")
    expectFailure(
      bench, outcome, status: 65, naming: ["expected a training with the epochs 3, found one with 1"])
  }

  /// What is found while running is worded as every other failure.
  @Test(arguments: ["confusion-matrix --data data --merge Shirt", "doctor --data data --format csv"])
  func misuseFoundWhileRunningIsOneSentence(command: String) throws {
    let bench = try Workbench()
    expectFailure(bench, try bench.eval(command), status: 64, naming: ["eval: --", "expected ", "found "])
  }
}
