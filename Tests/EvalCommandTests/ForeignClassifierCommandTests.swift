import Files
import Foundation
import Testing

/// Classifiers and judges from elsewhere, as they are typed.
@Suite struct ForeignClassifierCommandTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let outcome = try bench.eval("export-onnx conv --output mine.onnx")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return bench
  }

  @Test func anExportedClassifierGivesTheSameCounts() throws {
    let bench = try bench()
    let sweep = "accuracy-vs-epsilon --data data --epsilons 0,0.05,0.1 --format csv --anyway --classifier"
    let (own, foreign) = (try bench.eval("\(sweep) conv"), try bench.eval("\(sweep) mine.onnx"))
    #expect(foreign.status == 0, "\(foreign.errors)")
    func counts(_ text: String) -> [String] {
      text.split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",").filter { Double($0) != nil }.joined(separator: ",")
      }
    }
    #expect(counts(foreign.output) == counts(own.output))
    #expect(!counts(own.output).isEmpty)
  }

  @Test func chanceIsRefusedAndTheOptionsNamed() throws {
    let bench = try bench()
    // Upside down and stretched, the network knows nothing any more.
    let command = "confusion-matrix --data data --classifier mine.onnx --input-range 0...255"
    let outcome = try bench.eval(command)
    expectFailure(
      bench, outcome, status: 65, naming: ["mine.onnx", "--mean", "--input-range", "--anyway", "chance"])
    #expect(try bench.eval("\(command) --anyway").status == 0)
  }

  @Test func labelsInAnotherOrderArePutInOrder() throws {
    let bench = try bench()
    let names = try bench.eval("dataset --data data --format json")
    #expect(names.status == 0)
    let command = "confusion-matrix --data data --classifier mine.onnx --anyway"
    try AtomicFile.write("one\ntwo\n", to: bench.path("names.txt"))
    expectFailure(
      bench, try bench.eval("\(command) --labels names.txt"), status: 65, naming: ["10 names of labels", "2"])
  }

  @Test func otherFormatsAreRefusedWithTheLinesThatExport() throws {
    let bench = try Workbench()
    for (name, word) in [("m.pt", "torch.onnx.export"), ("m.h5", "tf2onnx"), ("m.keras", "tf2onnx")] {
      try AtomicFile.write("bytes", to: bench.path(name))
      expectFailure(
        bench, try bench.eval("confusion-matrix --data data --classifier \(name)"), status: 65,
        naming: [name, word])
    }
    expectFailure(
      bench, try bench.eval("confusion-matrix --data data --classifier nothing.onnx"), status: 66,
      naming: ["nothing.onnx", "not found", "export"])
  }

  @Test(arguments: [
    ("--std 0", "--std"), ("--mean 1,2", "--mean"), ("--layout wide", "--layout"),
    ("--input-range 1...0", "--input-range"), ("--architecture tiny", "--architecture"),
  ])
  func impossibleOptionsAreUsageErrors(options: String, named: String) throws {
    let bench = try Workbench()
    let outcome = try bench.eval("confusion-matrix --data data --classifier mine.onnx \(options)")
    #expect(outcome.status == 64 && outcome.errors.contains(named), "\(outcome.errors)")
  }

  @Test func aNetworkCanBeAJudge() throws {
    let bench = try bench()
    let outcome = try bench.eval(
      "train generator cgan-x --data data --limit 8 --batch 4 --iterations 1 --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let wide = try bench.eval("score run --data data --count 20 --judge mine.onnx --anyway")
    #expect(wide.status == 65)
    for part in ["2048 features", "6272", "features=NODE", "--mean"] {
      #expect(wide.errors.contains(part), "\(wide.errors)")
    }
    #expect(try bench.eval("export-onnx dense --output mine.onnx").status == 0)
    let judged = try bench.eval(
      "score run --data data --count 20 --judge mine.onnx --anyway --format json --leaderboard board")
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(judged.output.contains("mine"))
    expectFailure(
      bench,
      try bench.eval("score run --data data --count 20 --judge mine.onnx,features=nowhere --anyway"),
      status: 65, naming: ["nowhere"])
    let board = try bench.eval("leaderboard board")
    #expect(board.status == 0, "\(board.errors)")
  }
}
