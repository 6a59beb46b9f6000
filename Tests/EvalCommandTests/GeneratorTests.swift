import Files
import Foundation
import Testing

/// Generators from the command line: trained, stopped, sampled, and refused.
@Suite(.serialized) struct GeneratorTests {
  private static let training = "train generator cgan-x --data data --epochs 1 --batch 8 --seed 7"

  /// One trained generator for all tests that only read it.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let outcome = try bench.eval(Self.training + " --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return bench
  }

  @Test func trainingLeavesGeneratorGridsAndLosses() throws {
    let bench = try bench()
    let files = bench.files(below: "run")
    for name in ["generator.safetensors", "losses.csv", "manifest.json", "training-state.safetensors"] {
      #expect(files.contains(name), "\(name) among \(files)")
    }
    #expect(files.contains { $0.hasPrefix("grids/step-") })
    let again = try bench.eval(Self.training + " --output again --threads 1")
    #expect(again.status == 0)
    #expect(
      try AtomicFile.read(bench.path("again/generator.safetensors"))
        == AtomicFile.read(bench.path("run/generator.safetensors")))
  }

  @Test func stoppedAtOnceAndContinuedIsTheSame() throws {
    let bench = try bench()
    let stopped = try bench.eval(Self.training + " --output stopped --limit-minutes 0.0000001")
    expectFailure(bench, stopped, status: 130, naming: ["stopped/training-state.safetensors", "--resume"])
    let outcome = try bench.eval(Self.training + " --resume stopped")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try AtomicFile.read(bench.path("stopped/generator.safetensors"))
        == AtomicFile.read(bench.path("run/generator.safetensors")))
  }

  @Test func imagesByLabelAndAsArrays() throws {
    let bench = try bench()
    let generate = "generate --generator run/generator.safetensors"
    #expect(try bench.eval(generate + " --label 9 --output boots.png").status == 0)
    #expect(try bench.eval(generate + " --count 5 --interpolate 3 --output a.npy").status == 0)
    let array = try AtomicFile.read(bench.path("a.npy"))
    // 128 bytes of header, then 5 images of 784 floats.
    #expect(array.count == 128 + 5 * 784 * 4)
    #expect(array.prefix(6) == Data([0x93] + Array("NUMPY".utf8)))
    #expect(bench.files(below: ".").contains("a-labels.npy"))
  }

  @Test func whatCannotBeIsRefused() throws {
    let bench = try bench()
    let generate = "generate --generator run/generator.safetensors --output out.png"
    let cases: [(String, Int32, [String])] = [
      ("train generator nothing --data data", 64, ["nothing", "wgan-gp"]),
      ("train generator gan --data data --batch 1", 64, ["--batch"]),
      ("train generator gan --data data --limit 3", 64, ["--limit", "64"]),
      ("train generator gan --data data --limit-minutes 0", 64, ["--limit-minutes"]),
      (Self.training + " --output run", 73, ["run", "--resume", "--overwrite"]),
      ("train generator gan --data data --batch 8 --resume run", 65, ["cgan-x", "gan"]),
      (Self.training + "1 --resume run", 65, ["seed"]),
      ("train generator gan --data data --resume new", 66, ["new", "--resume"]),
      (generate + " --label Hat", 64, ["--label", "Hat"]),
      (generate + " --count 0", 64, ["--count"]),
      (generate + " --truncation nan", 64, ["--truncation"]),
      ("generate --generator run/generator.safetensors --output out.jpg", 64, ["--output", ".png"]),
      ("generate --generator nothing --output out.png", 66, ["nothing", "train generator"]),
      ("generate --generator run/losses.csv --output out.png", 65, ["losses.csv"]),
      ("generate --generator run/training-state.safetensors --output out.png", 65, ["assay/generator/1"]),
    ]
    let before = try AtomicFile.read(bench.path("run/training-state.safetensors"))
    for (arguments, status, named) in cases {
      let outcome = try bench.eval(arguments)
      guard status == 64 else {
        expectFailure(bench, outcome, status: status, naming: named)
        continue
      }
      // What is found while parsing comes with the usage.
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
      for part in named { #expect(outcome.errors.contains(part), "\(arguments): \(outcome.errors)") }
    }
    #expect(!bench.files(below: ".").contains("out.png"))
    #expect(try AtomicFile.read(bench.path("run/training-state.safetensors")) == before)
  }

  @Test func aTruncatedGeneratorIsMalformed() throws {
    let bench = try bench()
    let whole = try AtomicFile.read(bench.path("run/generator.safetensors"))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: bench.path("half.safetensors")))
    expectFailure(
      bench, try bench.eval("generate --generator half.safetensors --output out.png"), status: 65,
      naming: ["half.safetensors"])
  }
}
