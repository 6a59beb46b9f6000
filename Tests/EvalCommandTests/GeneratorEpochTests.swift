import Foundation
import Generators
import Testing

/// Every recipe of grey images for one epoch of 2,000 images of Fashion-MNIST: minutes, and so only with
/// ASSAY_SLOW_TESTS=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ASSAY_SLOW_TESTS"] == "1"), .serialized)
struct GeneratorEpochTests {
  @Test(arguments: RecipeCatalog.all.filter { $0.channels == 1 }.map(\.name))
  func anEpochLeavesAGenerator(_ name: String) throws {
    let bench = try Workbench()
    let training = try bench.eval("train generator \(name) --epochs 1 --limit 2000 --output run")
    #expect(training.status == 0, "\(training.errors)")
    let drawing = try bench.eval(
      "generate --generator run/generator.safetensors --count 20 --output images.npz")
    #expect(drawing.status == 0, "\(drawing.errors)")
    #expect(bench.files(below: "run").contains("grids.gif"))
  }
}
