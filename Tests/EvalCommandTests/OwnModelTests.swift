import Foundation
import Testing

/// The guide's way from PyTorch to here: its snippet exports a network, and the network is attacked, judges
/// and gets a matrix. Where `python3`, or `ASSAY_TORCH_PYTHON`, has no PyTorch, it is skipped.
@Suite struct OwnModelTests {
  private static let python = ProcessInfo.processInfo.environment["ASSAY_TORCH_PYTHON"] ?? "python3"

  private static let hasPyTorch: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", "import torch, onnxscript"]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(.enabled(if: hasPyTorch, "PyTorch is not installed"))
  func theGuidesSnippetExportsWhatIsRead() throws {
    let blocks = Documents.blocks(of: "docs/guide/own-models.md")
    let snippet = try #require(blocks.first { $0.language == "python" })
    let bench = try Workbench()
    let model = """
      from torch import nn
      model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(676, 10))
      """
    try (model + "\n" + snippet.text).write(
      toFile: bench.path("export.py"), atomically: true, encoding: .utf8)
    let export = try bench.shell("\(Self.python) export.py")
    #expect(export.status == 0, "\(export.errors)")
    let training = "train generator cgan-x --data data --limit 8 --batch 4 --iterations 1 --output run"
    #expect(try bench.eval(training).status == 0)
    for command in [
      "accuracy-vs-epsilon --epsilons 0,0.1 --classifier", "confusion-matrix --classifier",
      "robustness --limit 2 --slow-limit 1 --classifier", "score run --count 20 --judge",
    ] {
      let outcome = try bench.eval("\(command) mine.onnx --data data --anyway")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
  }
}
