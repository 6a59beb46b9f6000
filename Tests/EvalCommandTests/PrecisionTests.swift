import Foundation
import TestSupport
import Testing

/// Trainings whose products take bfloat16 factors.
@Suite struct PrecisionTests {
  static let trainings = [
    "classifier conv --batch 16", "classifier dense --batch 16", "generator wgan-gp --batch 4",
    "generator cgan-x --batch 8", "generator gan --batch 4", "colorizer --batch 8",
  ]

  private func weights(_ bench: Workbench, _ run: String) throws -> Data {
    let name = try #require(
      ["classifier", "generator", "colorizer"].first {
        FileManager.default.fileExists(atPath: bench.path("\(run)/\($0).safetensors"))
      })
    return try Data(contentsOf: URL(fileURLWithPath: bench.path("\(run)/\(name).safetensors")))
  }

  /// The same bytes for one thread and two, and after a resume; others than in float32.
  @Test(arguments: trainings) func trainingsGoOnToTheSameBytes(_ training: String) throws {
    let bench = try Workbench()
    func train(_ arguments: String) throws -> Workbench.Outcome {
      try bench.eval("train \(training) --data data \(arguments)")
    }
    for (run, arguments) in [
      ("one", "--precision bfloat16 --threads 1 --epochs 2"), ("plain", "--epochs 2"),
      ("part", "--precision bfloat16 --threads 2 --epochs 1 --schedule"),
    ] {
      let isClassifier = training.hasPrefix("classifier")
      let words = arguments.replacingOccurrences(
        of: "--schedule", with: isClassifier ? "--schedule constant" : "")
      let constant = isClassifier && run != "part" ? " --schedule constant" : ""
      let outcome = try train("\(words)\(constant) --output \(run)")
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let words = training.split(separator: " ")
    let rest = try bench.eval("train \(words[0]) --data data --resume part --epochs 2")
    try #require(rest.status == 0, "\(rest.errors)")
    #expect(try weights(bench, "one") == weights(bench, "part"))
    #expect(try weights(bench, "one") != weights(bench, "plain"))

    let other = try bench.eval("train \(words[0]) --data data --resume plain --epochs 3 --precision bfloat16")
    #expect(other.status == 65, "\(other.errors)")
    #expect(
      other.errors.contains("a training with the precision bfloat16, found one with float32"),
      "\(other.errors)")
  }

  @Test func whatIsNoPrecisionIsRefused() throws {
    let bench = try Workbench()
    for (arguments, name) in [
      ("train classifier dense --precision float16 --data data", "float16"),
      ("train generator gan --precision double --data data", "double"),
      (
        "train classifier conv-relu --adversarial ibp --precision bfloat16 --data data",
        "--precision: expected float32 for ibp"
      ),
    ] {
      let outcome = try bench.eval(arguments)
      #expect(outcome.status == 64 && outcome.errors.contains(name), "\(arguments): \(outcome.errors)")
    }
  }

  /// Labels and pictures of a network that is trained already.
  @Test func inferenceTakesItOnRequest() throws {
    let bench = try Workbench()
    let matrix = "confusion-matrix --classifier conv --data data --format json"
    let (plain, rounded) = try (bench.eval(matrix), bench.eval("\(matrix) --precision bfloat16"))
    #expect(plain.status == 0 && !plain.output.contains("\"precision\" : \"bfloat16\""), "\(plain.errors)")
    #expect(
      rounded.status == 0 && rounded.output.contains("\"precision\" : \"bfloat16\""),
      "\(rounded.errors) \(rounded.output)")
    let attacked = try bench.eval("\(matrix) --precision bfloat16 --epsilon 0.1")
    #expect(attacked.status == 64 && attacked.errors.contains("--precision: expected float32 with --epsilon"))

    try #require(
      bench.eval("train generator gan --data data --batch 8 --iterations 1 --output run").status == 0)
    for (name, option) in [
      ("a.npy", ""), ("b.npy", "--precision bfloat16"), ("c.npy", "--precision bfloat16"),
    ] {
      let drawn = try bench.eval("generate --generator run --output \(name) \(option)")
      #expect(drawn.status == 0, "\(drawn.errors)")
    }
    let bytes = try ["a", "b", "c"].map {
      try Data(contentsOf: URL(fileURLWithPath: bench.path("\($0).npy")))
    }
    #expect(bytes[0] != bytes[1] && bytes[1] == bytes[2])
  }

  @Test func theManifestSaysIt() throws {
    let bench = try Workbench()
    let outcome = try bench.eval(
      "train generator basic-gan --data data --batch 8 --iterations 2 --precision bfloat16 --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let bytes = try weights(bench, "run")
    #expect(String(decoding: bytes.prefix(4000), as: UTF8.self).contains("bfloat16"))
  }
}
