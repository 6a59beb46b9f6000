import Datasets
import Files
import Foundation
import Testing

/// Commands in parts: `--shard`, `eval merge`.
@Suite struct ShardTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    _ = try bench.dense()
    return bench
  }

  @discardableResult
  private func run(
    _ bench: Workbench, _ arguments: String, environment: [String: String] = [:]
  ) throws -> String {
    let outcome = try bench.eval(arguments, environment: environment)
    try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome.output
  }

  /// All files of both folders, but for parts and for what tells the time: manifests, and the seconds of a
  /// row's training.
  private func expectSame(_ bench: Workbench, _ one: String, _ merged: String) throws {
    func files(_ folder: String) -> [String] {
      bench.files(below: folder).filter { !$0.hasSuffix(".assay") && $0 != "manifest.json" }
    }
    func content(_ folder: String, _ file: String) throws -> Data {
      let bytes = try AtomicFile.read(bench.path("\(folder)/\(file)"))
      guard file.hasSuffix("evidence.json") else { return bytes }
      let lines = String(decoding: bytes, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      return Data(lines.filter { !$0.contains("\"seconds\"") }.joined(separator: "\n").utf8)
    }
    #expect(files(one) == files(merged) && !files(one).isEmpty)
    for file in files(one) { #expect(try content(one, file) == content(merged, file), "\(file)") }
  }

  private static let attacks =
    "accuracy-vs-epsilon --classifier dense.safetensors --data data --attack pgd --attack hopskipjump "
    + "--epsilons 0,0.1 --certify ibp --limit 8"
  private static let fog = "corrupt --data data --corruption fog --corruption shot-noise"
  private static let robustness =
    "robustness --classifier dense.safetensors --data data --limit 8 --slow-limit 1"

  @Test(arguments: [1, 2, 3, 7], [attacks, fog, robustness])
  func mergedPartsAreTheBytesOfOneProcess(count: Int, command: String) throws {
    let bench = try bench()
    let printed = try run(bench, "\(command) --output one --threads 2")
    for shard in (1...count).reversed() {
      // Either form of the option, and either number of threads.
      let option = shard % 2 == 0 ? "--shard=\(shard)/\(count)" : "--shard \(shard)/\(count)"
      let text = try run(bench, "\(command) --output parts \(option) --threads \(1 + shard % 2)")
      #expect(text.contains("part \(shard)/\(count)") && text.contains("eval merge parts"))
    }
    let merged = try run(bench, "merge parts --output merged --threads 1")
    #expect(merged.replacing("merged", with: "one") == printed)
    try expectSame(bench, "one", "merged")
    #expect(try run(bench, "merge parts --threads 2").replacing("parts", with: "one") == printed)
    try expectSame(bench, "one", "parts")
  }

  /// Two classifiers of one name, and the weights of the first change between the parts.
  @Test func partsOfOtherWeightsAreRefused() throws {
    let bench = try bench()
    let training = "train classifier dense --data data --epochs 1 --output other --seed 5"
    try run(bench, training)
    let (own, other) = (
      try AtomicFile.read(bench.path("dense.safetensors")),
      try AtomicFile.read(bench.path("other/classifier.safetensors"))
    )
    for folder in ["a", "b"] {
      try AtomicFile.createFolder(bench.path(folder))
      try AtomicFile.write(own, to: bench.path("\(folder)/dense.safetensors"))
    }
    let command =
      "accuracy-vs-epsilon --classifier a/dense.safetensors --classifier b/dense.safetensors --data data "
      + "--epsilons 0 --limit 8 --output parts"
    try run(bench, command + " --shard 1/2")
    try AtomicFile.write(other, to: bench.path("a/dense.safetensors"))
    try run(bench, command + " --shard 2/2")
    expectFailure(
      bench, try bench.eval("merge parts"), status: 65, naming: ["part-2-of-2.assay", "weights of dense"])
  }

  @Test func aReportOfRobustnessInParts() throws {
    let bench = try bench()
    let command =
      Self.robustness.replacing("--slow-limit 1", with: "--slow-limit 2")
      + " --corruptions --certify smoothing"
    let printed = try run(bench, "\(command) --output one --format json")
    // The launcher says which part.
    for rank in 0..<3 {
      try run(
        bench, "\(command) --output parts --shard auto",
        environment: ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "3"])
    }
    #expect(try run(bench, "merge parts --format json") == printed)
    try expectSame(bench, "one", "parts")
  }

  @Test(arguments: [1, 2, 3, 7], ["", " --sets 3"])
  func aDrawnScoreInParts(count: Int, sets: String) throws {
    let bench = try bench()
    try run(bench, "train generator cgan-x --data data --limit 8 --batch 4 --iterations 1 --output run")
    let command = "score run --data data --count 20 --judge dense.safetensors" + sets
    let printed = try run(bench, "\(command) --output one")
    #expect(printed.contains("3 sets of 20 (60 images), seeds from 1 on") == !sets.isEmpty)
    for shard in 1...count {
      try run(bench, "\(command) --output parts --shard \(shard)/\(count) --threads \(1 + shard % 2)")
    }
    #expect(try run(bench, "merge parts") == printed)
    try expectSame(bench, "one", "parts")
  }

  @Test func aReproductionInParts() throws {
    let bench = try Workbench()
    let command = "reproduce --data data --count 20 --only A1 A2 A3 C1 --runs runs"
    let printed = try run(bench, "\(command) --output one")
    // All is trained again.
    _ = try bench.shell("rm -r runs")
    for shard in 1...2 {
      try run(bench, "\(command) --output parts --shard \(shard)/2 --threads \(shard)")
    }
    #expect(!bench.files(below: "parts").contains("REPRODUCTION.md"))
    expectFailure(
      bench, try bench.eval("merge parts --output other"), status: 64,
      naming: ["--output: expected parts, where the pictures are, found other"])
    #expect(try run(bench, "merge parts") == printed)
    try expectSame(bench, "one", "parts")
  }

  @Test func aReproductionWithinABudgetInParts() throws {
    let bench = try Workbench()
    let command = "reproduce --data data --count 20 --only A1 A3 G1 --budget 0.02"
    for shard in 1...2 { try run(bench, "\(command) --runs runs --output out --shard \(shard)/2") }
    #expect(!bench.files(below: "out").contains("REPRODUCTION.md"))
    let table = try run(bench, "merge out")
    #expect(bench.files(below: "out").contains("REPRODUCTION.md"))
    for row in ["A1", "A3", "G1"] {
      #expect(table.contains(row))
      #expect(bench.files(below: "out").contains("reproduction/\(row)/evidence.json"))
    }
  }

  /// Killed again and again at random moments, a part comes to its end with the same bytes.
  @Test func aKilledPartLosesNothing() throws {
    let bench = try bench()
    let command = "\(Self.attacks) --shard 1/2 --threads 1"
    try run(bench, "\(command) --output whole")
    let words = "\(command) --output parts".split(separator: " ").map(String.init)
    for kill in 0..<20 {
      let start = try bench.start(words)
      usleep(UInt32.random(in: 10_000...400_000))
      start.send(SIGKILL)
      let outcome = start.wait()
      #expect(outcome.status == -SIGKILL || outcome.status == 0, "kill \(kill): \(outcome.errors)")
    }
    try run(bench, "\(command) --output parts")
    #expect(bench.files(below: "parts") == ["part-1-of-2.assay"])
    let name = "part-1-of-2.assay"
    #expect(
      try AtomicFile.read(bench.path("whole/\(name)")) == AtomicFile.read(bench.path("parts/\(name)")))
  }

  // MARK: - Bad input

  @Test(arguments: [
    ("--shard 5/4", "'5/4' is invalid"), ("--shard 1/0", "'1/0' is invalid"),
    ("--shard 0/2", "'0/2' is invalid"),
    ("--shard some", "'some' is invalid"), ("--shard auto", "--shard: expected a part such as 2/4"),
    ("--shard 1/2", "--shard: expected --output"),
  ])
  func impossibleShardsAreUsageErrors(option: String, message: String) throws {
    let outcome = try bench().eval("\(Self.attacks) \(option)")
    #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func aLauncherThatContradictsIsNamed() throws {
    let bench = try bench()
    let other = ["PMI_RANK": "1", "PMI_SIZE": "4"]
    expectFailure(
      bench, try bench.eval("\(Self.attacks) --output out --shard 1/4", environment: other), status: 64,
      naming: ["expected auto or 2/4, which PMI says; found 1/4"])
    expectFailure(
      bench,
      try bench.eval(
        "\(Self.attacks) --output out --shard auto", environment: ["PMI_RANK": "4", "PMI_SIZE": "4"]),
      status: 64,
      naming: ["PMI_RANK, PMI_SIZE", "found 4 and 4"])
  }

  @Test func moreShardsThanImages() throws {
    let bench = try bench()
    expectFailure(
      bench, try bench.eval("\(Self.attacks) --output out --shard 2/9"), status: 65,
      naming: ["at most as many parts as images, 8", "found 9"])
  }

  @Test func whatCannotBeMergedIsNamed() throws {
    let bench = try bench()
    expectFailure(bench, try bench.eval("merge nowhere"), status: 66, naming: ["nowhere", "--shard I/N"])
    try run(bench, "\(Self.fog) --output parts --shard 1/3")
    expectFailure(
      bench, try bench.eval("merge parts"), status: 66,
      naming: ["parts/part-2-of-3.assay: not found", "eval \(Self.fog) --shard 2/3 --output parts"])
    for shard in 2...3 { try run(bench, "\(Self.fog) --output parts --seed 1 --shard \(shard)/3") }
    expectFailure(
      bench, try bench.eval("merge parts"), status: 65, naming: ["part-2-of-3.assay", "--seed 1"])
    for shard in 2...3 { try run(bench, "\(Self.fog) --output parts --shard \(shard)/3") }
    // Other images than the parts were made of.
    try AtomicFile.write(
      Data(TinySet.content(of: .testImages).map { $0 == 255 ? 254 : $0 }),
      to: bench.path("data/\(DatasetFile.testImages.rawValue)"))
    let outcome = try bench.eval("merge parts")
    #expect(outcome.status == 65, "\(outcome.errors)")
  }

  @Test func setsAreOfGenerators() throws {
    let outcome = try bench().eval("score data --data data --sets 2 --judge dense.safetensors")
    #expect(
      outcome.status == 64 && outcome.errors.contains("--sets: expected generators"), "\(outcome.errors)")
  }

  @Test func featuresAreComparedByOneProcess() throws {
    let bench = try bench()
    let outcome = try bench.eval("score --features a.npy b.npy --shard 1/2 --output out")
    #expect(outcome.status == 64 && outcome.errors.contains("--shard: expected images"))
  }
}
