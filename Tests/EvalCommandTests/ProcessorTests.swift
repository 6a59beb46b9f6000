import Files
import Foundation
import Kernels
import Testing

/// Trainings give the same weights on any processor that multiplies and adds in one instruction: the
/// digests are of a Cascade Lake processor, with AVX-512 and without instructions for bfloat16.
@Suite(.enabled(if: Processor.Code.compiled != .any)) struct ProcessorTests {
  struct Training: Sendable {
    let recipe, precision, digest: String
  }

  @Test(arguments: [
    Training(
      recipe: "gan", precision: "float32",
      digest: "d7eebbcc8a2a0c1f66fd6895552ca1b9bbd1aa976da1ca17bef1b30d9985417c"),
    Training(
      recipe: "gan", precision: "bfloat16",
      digest: "70a7354bb37e0c20567df989f3658988595e5dda4a2d0a6154b8b04e58a29894"),
    Training(
      recipe: "wgan-gp", precision: "float32",
      digest: "5b9d2fe88a32bc42c48d1663a006d1f5482513d1b6da71fe9eaec9979270d999"),
    Training(
      recipe: "wgan-gp", precision: "bfloat16",
      digest: "e820de25679c88a3f7fd0693ef3570236df4396556e5dfe6fa4ba8d6f8946f16"),
  ])
  func threeStepsGiveTheSameWeights(_ training: Training) throws {
    let bench = try Workbench()
    let outcome = try bench.eval(
      "train generator \(training.recipe) --iterations 3 --precision \(training.precision) --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = try Data(contentsOf: URL(fileURLWithPath: bench.path("run/generator.safetensors")))
    // The length of the header in eight bytes, the header, the weights.
    let header = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(SHA256.hex(of: file.dropFirst(8 + header)) == training.digest)
  }
}
