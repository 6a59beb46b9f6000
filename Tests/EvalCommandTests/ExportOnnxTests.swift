import Files
import Foundation
import Testing

/// `eval export-onnx`, as it is typed.
@Suite struct ExportOnnxTests {
  @Test func saysWhatItWrote() throws {
    let bench = try Workbench()
    let outcome = try bench.eval("export-onnx conv --output new/conv.onnx")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.output
        == "new/conv.onnx: conv, opset 17, images [N, 1, 28, 28] in [0, 1] to logits [N, 10], 1.1 MB\n")
    let data = try AtomicFile.read(bench.path("new/conv.onnx"))
    #expect(FileKind(start: data.prefix(FileKind.startSize), path: "x") == .onnx)
    #expect(try bench.eval("export-onnx conv --output new/again.onnx").status == 0)
    #expect(try AtomicFile.read(bench.path("new/again.onnx")) == data)
  }

  @Test func takesTheFolderOfATraining() throws {
    let bench = try Workbench()
    let training = "train classifier dense --epochs 1 --batch 8 --data data --output run"
    #expect(try bench.eval(training).status == 0)
    let outcome = try bench.eval("export-onnx run --output run.onnx")
    #expect(outcome.output.hasPrefix("run.onnx: dense, opset 17, images ["), "\(outcome.errors)")
    expectFailure(
      bench, try bench.eval("export-onnx run/training-state.safetensors --output x.onnx"), status: 65,
      naming: ["run/training-state.safetensors", "assay/classifier/1", "assay/generator/1"])
  }

  @Test func whatCannotBeIsRefused() throws {
    let bench = try Workbench()
    #expect(try bench.eval("export-onnx dense --output dense.onnx").status == 0)
    let before = bench.files(below: ".")
    let cases: [(String, Int32, [String])] = [
      ("dense --output dense.txt", 64, ["--output", ".onnx"]), ("dense --output .onnx", 64, ["--output"]),
      ("--output x.onnx", 64, ["network"]), ("dense", 64, ["--output"]),
      ("nothing --output x.onnx", 66, ["nothing", "conv", "eval train"]),
      ("data --output x.onnx", 66, ["data/classifier.safetensors", "the folder of a training"]),
      ("dense.onnx --output x.onnx", 65, ["dense.onnx", "it is one already"]),
      ("data/t10k-labels-idx1-ubyte --output x.onnx", 65, ["t10k-labels-idx1-ubyte", "IDX"]),
      ("dense --output dense.onnx/x.onnx", 73, ["dense.onnx/x.onnx", "cannot be written"]),
    ]
    for (arguments, status, named) in cases {
      let outcome = try bench.eval("export-onnx \(arguments)")
      guard status == 64 else {
        expectFailure(bench, outcome, status: status, naming: named)
        continue
      }
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
      for part in named { #expect(outcome.errors.contains(part), "\(arguments): \(outcome.errors)") }
    }
    #expect(bench.files(below: ".") == before)
  }
}
