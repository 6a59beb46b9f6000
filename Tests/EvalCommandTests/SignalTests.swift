import Files
import Foundation
import Testing

/// Signals end every command with a code of their own, and nothing is lost.
@Suite(.serialized) struct SignalTests {
  static let signals: [(number: Int32, status: Int32)] = [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)]

  /// Long enough to be stopped, each with a sign that it is at work; without one, it says nothing for long.
  private static let commands: [(arguments: String, sign: String)] = [
    (
      "accuracy-vs-epsilon --classifier dense.safetensors --attack noise --attack hopskipjump --epsilons 0.01",
      "dense noise"
    ),
    ("robustness --classifier dense.safetensors --epsilon 0.01 --output out", "dense "),
    ("score --features real.npy fake.npy", ""),
  ]

  @Test(arguments: signals)
  func aTrainingIsSaved(number: Int32, status: Int32) throws {
    let bench = try Workbench()
    for (kind, training, weights) in [
      ("classifier", "train classifier dense --data data --epochs 40 --batch 4 --seed 5", "classifier"),
      ("generator", "train generator cgan-x --data data --iterations 60 --batch 8 --seed 7", "generator"),
    ] {
      let words = training.split(separator: " ").map(String.init)
      #expect(try bench.eval(words + ["--output", "through-\(kind)"]).status == 0)
      let run = try bench.start(words + ["--output", kind])
      try run.waitForErrors(containing: "training ")
      run.send(number)
      let state = "\(kind)/training-state.safetensors"
      expectFailure(bench, run.wait(), status: status, naming: ["interrupted", state, "--resume \(kind)"])
      #expect(!bench.files(below: kind).contains("\(weights).safetensors"))
      let resumed = try bench.eval(Array(words.prefix(2)) + ["--data", "data", "--resume", kind])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(
        try AtomicFile.read(bench.path("\(kind)/\(weights).safetensors"))
          == AtomicFile.read(bench.path("through-\(kind)/\(weights).safetensors")))
    }
  }

  @Test(arguments: signals)
  func workThatIsNotKeptEndsAtOnce(number: Int32, status: Int32) throws {
    let bench = try Workbench()
    _ = try bench.dense()
    for name in ["real.npy", "fake.npy"] {
      let values = (0..<2000 * 1024).map { Float(($0 &* 2_654_435_761) >> 8 & 1023) }
      try AtomicFile.write(NPY.data(values, shape: [2000, 1024]), to: bench.path(name))
    }
    for (arguments, sign) in Self.commands {
      let data = arguments.contains("--features") ? [] : ["--data", "data"]
      let run = try bench.start(arguments.split(separator: " ").map(String.init) + data)
      if sign.isEmpty { usleep(700_000) } else { try run.waitForErrors(containing: sign) }
      run.send(number)
      expectFailure(bench, run.wait(), status: status, naming: ["interrupted; nothing was written"])
    }
    #expect(bench.files(below: "out").isEmpty)
  }

  @Test func whatWasWrittenIsSaid() throws {
    let bench = try Workbench()
    let run = try bench.start(["corrupt", "--data", "data", "--output", "out"])
    try run.waitForErrors(containing: "corrupting")
    run.send(SIGINT)
    expectFailure(
      bench, run.wait(), status: 130, naming: ["interrupted; written before: out/", "labels.npy"])
    // Whole, as far as they are there.
    for file in bench.files(below: "out") where file.hasSuffix(".npy") {
      _ = try NPYArray(contentsOf: bench.path("out/\(file)"))
    }
  }

  /// As in a script's background job, and under nohup.
  @Test(arguments: ["INT", "TERM", "HUP"])
  func anIgnoredSignalStaysIgnored(name: String) throws {
    let bench = try Workbench()
    let run = try bench.startShell(
      "trap '' \(name); exec \"$EVAL\" train classifier dense --data data --epochs 30 --batch 4 --output run")
    try run.waitForErrors(containing: "training ")
    run.send(["INT": SIGINT, "TERM": SIGTERM, "HUP": SIGHUP][name] ?? SIGKILL)
    let outcome = run.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(bench.files(below: "run").contains("classifier.safetensors"))
  }
}
