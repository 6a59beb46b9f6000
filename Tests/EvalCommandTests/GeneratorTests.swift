import Files
import Foundation
import Network
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
    for name in [
      "generator.safetensors", "grids.gif", "losses.csv", "manifest.json", "training-state.safetensors",
    ] {
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

  /// A kill that nothing can be done about loses what came after the last snapshot, and no more.
  @Test func killedAndContinuedIsTheSame() throws {
    let bench = try bench()
    let training = Self.training.replacingOccurrences(of: "--epochs 1", with: "--iterations 400")
    let through = try bench.eval(training + " --output through")
    try #require(through.status == 0, "\(through.errors)")
    let words = training.split(separator: " ").map(String.init)
    let run = try bench.start(words + ["--output", "killed"])
    try run.waitForErrors(containing: "step 10/400")
    run.send(SIGKILL)
    #expect(run.wait().status == -SIGKILL)
    #expect(!bench.files(below: "killed").contains("generator.safetensors"))
    let outcome = try bench.eval("train generator --data data --resume killed")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["generator.safetensors", "losses.csv", "grids.gif", "training-state.safetensors"] {
      #expect(
        try AtomicFile.read(bench.path("killed/\(name)")) == AtomicFile.read(bench.path("through/\(name)")),
        "\(name)")
    }
  }

  @Test func moreEpochsAreThoseOfALongerTraining() throws {
    let bench = try Workbench()
    let training = "train generator cgan-x --data data --batch 8 --seed 7"
    #expect(try bench.eval(training + " --epochs 2 --output long").status == 0)
    #expect(try bench.eval(training + " --epochs 1 --output run").status == 0)
    let outcome = try bench.eval("train generator --data data --epochs 2 --resume run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(bench.files(below: "run") == bench.files(below: "long"))
    for name in bench.files(below: "long") where !Workbench.isTimed(name) {
      #expect(
        try AtomicFile.read(bench.path("run/\(name)")) == AtomicFile.read(bench.path("long/\(name)")),
        "\(name)")
    }
  }

  /// A state that was altered is named with the field, not run into the ground.
  @Test func anAlteredStateIsRefused() throws {
    let bench = try bench()
    let path = bench.path("run/training-state.safetensors")
    let state = try Safetensors(contentsOf: path)
    let progress = try #require(state.metadata["progress"])
    for (old, new, field) in [
      ("\"batchSize\":8", "\"batchSize\":0", "settings.batchSize"),
      ("\"batchSize\":8", "\"batchSize\":65536", "settings.batchSize"),
      ("{\"epochs\":{\"_0\":1}}", "{\"epochs\":{\"_0\":4611686018427387904}}", "settings.length"),
      ("\"count\":", "\"count\":9223372036854775807,\"was\":", "journal.count"),
      ("\"stepsDone\":", "\"stepsDone\":-1,\"was\":", "stepsDone"),
    ] {
      #expect(progress.contains(old), "\(progress)")
      var file = state
      file.metadata["progress"] = progress.replacingOccurrences(of: old, with: new)
      try file.write(to: path)
      let before = try AtomicFile.read(path)
      expectFailure(
        bench, try bench.eval("train generator --data data --resume run"), status: 65,
        naming: ["run/training-state.safetensors", field])
      #expect(try AtomicFile.read(path) == before)
    }
  }

  @Test func aFolderAtWorkIsLeftAlone() throws {
    let bench = try bench()
    let training = Self.training.replacingOccurrences(of: "--epochs 1", with: "--epochs 1000")
    let run = try bench.start(training.split(separator: " ").map(String.init) + ["--output", "busy"])
    try run.waitForErrors(containing: "step 10/")
    for second in [Self.training + " --output busy --overwrite", "train generator --data data --resume busy"]
    {
      expectFailure(bench, try bench.eval(second), status: 73, naming: ["busy", "another run"])
    }
    run.send(SIGINT)
    #expect(run.wait().status == 130)
  }

  @Test func aStateOfAnotherVersionIsRefused() throws {
    let bench = try bench()
    let path = bench.path("run/training-state.safetensors")
    var file = try Safetensors(contentsOf: path)
    file.metadata["format"] = "assay/generator-training/1"
    try file.write(to: path)
    let before = try AtomicFile.read(path)
    expectFailure(
      bench, try bench.eval("train generator --data data --resume run"), status: 65,
      naming: ["run/training-state.safetensors", "assay/generator-training/2", "assay/generator-training/1"])
    #expect(try AtomicFile.read(path) == before)
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
    #expect(try bench.eval(generate + " --count 5 --output a.npz").status == 0)
    // The two arrays, and libzip's own words around them.
    let archive = try AtomicFile.read(bench.path("a.npz"))
    #expect(archive.prefix(4) == Data("PK\u{3}\u{4}".utf8) && archive.count > 128 + 5 * 784 * 4 + 128 + 5 * 8)
  }

  @Test func whatCannotBeIsRefused() throws {
    let bench = try bench()
    let generate = "generate --generator run/generator.safetensors --output out.png"
    let cases: [(String, Int32, [String])] = [
      ("train generator nothing --data data", 64, ["nothing", "wgan-gp"]),
      ("train generator --data data", 64, ["recipe", "wgan-gp"]),
      ("train generator gan --data data --batch 1", 64, ["--batch"]),
      ("train generator gan --data data --epochs 1 --iterations 1", 64, ["--iterations", "--epochs"]),
      ("train generator gan --data data --limit 3", 64, ["--limit", "64"]),
      ("train generator gan --data data", 64, ["--batch", "at most 40", "40 training images", "found 64"]),
      ("train generator gan --data data --limit 50", 64, ["--batch", "at most 40"]),
      ("train generator wgan --data data --batch 9", 64, ["--batch", "at most 8", "5 of which"]),
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
