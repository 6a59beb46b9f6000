import Files
import Foundation
import Kernels
import Testing

/// Trainings give the same weights on any processor that multiplies and adds in one instruction: the
/// digests are of a Zen 4 processor, with AVX-512 and its instructions for bfloat16, and of a Zen 1, with
/// AVX2.
@Suite(.enabled(if: Processor.Code.compiled != .any)) struct ProcessorTests {
  struct Training: Sendable {
    let recipe, precision, digest: String
  }

  @Test(arguments: [
    Training(
      recipe: "gan", precision: "float32",
      digest: "159773a60ea13f96169119becbaf0b5cad62e45f24b291a901e4a3869b07d3a7"),
    Training(
      recipe: "gan", precision: "bfloat16",
      digest: "b4913e347a0f9a8ab5533d4a5d68288c725869c6fcb87929e0bde8e7cde853e5"),
    Training(
      recipe: "wgan-gp", precision: "float32",
      digest: "22383eb65b6535e13d2c976a58f156213ba6340d5d000bf814b24e1d2eb24391"),
    Training(
      recipe: "wgan-gp", precision: "bfloat16",
      digest: "448cf649845ea79ca4aa1d75cad322ccddeac9dd4dbddf4aff07b090cbec03d0"),
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
