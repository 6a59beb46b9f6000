import Files
import Foundation
import Testing

/// Trainings that are stopped in every way, and end with the same bytes.
@Suite(.serialized) struct TrainingTests {
  /// Long enough to be stopped in the middle: some seconds.
  static let trainings = [
    "train classifier dense --data data --epochs 50 --batch 4 --seed 5",
    "train classifier conv --data data --epochs 10 --batch 4 --seed 5",
    "train classifier conv --data data --epochs 8 --batch 4 --seed 5 --defence ibp --epsilon 0.1 --region foreground",
    "train classifier dense --data data --epochs 8 --batch 4 --seed 5 --adversarial pgd --epsilon 0.1 --region foreground",
  ]

  private static let weights = "classifier.safetensors"
  private static let state = "training-state.safetensors"
  private static let time = "training-seconds.txt"

  @Test(arguments: trainings)
  func stoppedTrainingsEndWithTheSameBytes(training: String) throws {
    let bench = try Workbench()
    let words = training.split(separator: " ").map(String.init)
    let through = try bench.eval(words + ["--output", "through", "--threads", "1"])
    try #require(through.status == 0, "\(through.errors)")
    let expected = try AtomicFile.read(bench.path("through/\(Self.weights)"))
    let history = try AtomicFile.read(bench.path("through/history.csv"))
    let resume = [words[0], words[1], "--data", "data", "--resume"]

    // Ctrl-C in the middle of an epoch: the state is saved, and no weights are there yet.
    let interrupted = try bench.start(words + ["--output", "interrupted"])
    try interrupted.waitForErrors(containing: "training \(words[2])")
    interrupted.send(SIGINT)
    let end = interrupted.wait()
    expectFailure(
      bench, end, status: 130, naming: ["interrupted", "interrupted/\(Self.state)", "--resume"])
    #expect(bench.files(below: "interrupted") == [Self.time, Self.state])

    // A kill that nothing can be done about, after an epoch or two.
    let killed = try bench.start(words + ["--output", "killed"])
    try killed.waitForErrors(containing: "epoch 2/")
    killed.send(SIGKILL)
    #expect(killed.wait().status == -SIGKILL)
    #expect(!bench.files(below: "killed").contains(Self.weights))

    for folder in ["interrupted", "killed"] {
      let outcome = try bench.eval(resume + [folder])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try AtomicFile.read(bench.path("\(folder)/\(Self.weights)")) == expected, "\(folder)")
      #expect(try AtomicFile.read(bench.path("\(folder)/history.csv")) == history, "\(folder)")
    }
  }

  @Test func aPoliteKillSavesToo() throws {
    let bench = try Workbench()
    let run = try bench.start(Self.trainings[0].split(separator: " ").map(String.init) + ["--output", "run"])
    try run.waitForErrors(containing: "training dense")
    run.send(SIGTERM)
    let outcome = run.wait()
    #expect(outcome.status == 143)
    #expect(bench.files(below: "run") == [Self.time, Self.state])
  }

  /// By the command, so with all files of the folder.
  @Test func moreEpochsAreThoseOfALongerTraining() throws {
    let bench = try Workbench()
    let training = "train classifier dense --data data --schedule constant --batch 8"
    #expect(try bench.eval(training + " --epochs 4 --output long").status == 0)
    #expect(try bench.eval(training + " --epochs 2 --output run").status == 0)
    let outcome = try bench.eval("train classifier --data data --epochs 4 --resume run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in [Self.weights, Self.state, "history.csv", "history.svg"] {
      #expect(
        try AtomicFile.read(bench.path("run/\(name)")) == AtomicFile.read(bench.path("long/\(name)")),
        "\(name)")
    }
    let fewer = try bench.eval("train classifier --data data --epochs 1 --resume run")
    expectFailure(bench, fewer, status: 65, naming: ["history of at most 1 epochs"])
  }

  @Test func aFolderWithATrainingIsNotOverwritten() throws {
    let bench = try Workbench()
    let training = "train classifier dense --data data --epochs 1 --output run"
    #expect(try bench.eval(training).status == 0)
    let before = try bench.files(below: "run").map { try AtomicFile.read(bench.path("run/\($0)")) }
    let again = try bench.eval(training + " --seed 9")
    expectFailure(bench, again, status: 73, naming: ["run", "--resume", "--overwrite"])
    #expect(try bench.files(below: "run").map { try AtomicFile.read(bench.path("run/\($0)")) } == before)

    let weights = try AtomicFile.read(bench.path("run/\(Self.weights)"))
    #expect(try bench.eval(training + " --seed 9 --overwrite").status == 0)
    #expect(try AtomicFile.read(bench.path("run/\(Self.weights)")) != weights)
  }

  /// The same seed again, with other threads and in another folder.
  @Test func equalTrainingsAreEqualBytes() throws {
    let bench = try Workbench()
    let weights = try [("a", "1"), ("b", "2"), ("c", "2 --seed 8")].map { folder, threads in
      let outcome = try bench.eval(
        "train classifier conv --data data --epochs 2 --batch 16 --output \(folder) --threads \(threads)")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\(folder)/\(Self.weights): "))
      return try AtomicFile.read(bench.path("\(folder)/\(Self.weights)"))
    }
    #expect(weights[0] == weights[1])
    #expect(weights[0] != weights[2])
  }

  @Test func resumingNeedsTheSameTraining() throws {
    let bench = try Workbench()
    let none = try bench.eval("train classifier dense --data data --resume none")
    expectFailure(bench, none, status: 66, naming: ["none/\(Self.state)", "not found", "--resume"])
    #expect(bench.files(below: "none").isEmpty)

    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output run").status == 0)
    let state = try AtomicFile.read(bench.path("run/\(Self.state)"))
    for change in ["dense --epochs 2", "dense --seed 9", "dense --batch 7", "dense --limit 39", "conv"] {
      let outcome = try bench.eval("train classifier \(change) --data data --resume run")
      expectFailure(bench, outcome, status: 65, naming: ["run/\(Self.state)", "expected ", "found "])
      #expect(try AtomicFile.read(bench.path("run/\(Self.state)")) == state)
    }
    try AtomicFile.write("garbage", to: bench.path("run/\(Self.state)"))
    let garbage = try bench.eval("train classifier dense --data data --resume run")
    expectFailure(bench, garbage, status: 65, naming: ["run/\(Self.state)", "expected ", "found "])
  }

  @Test func resumingNeedsTheSameDefence() throws {
    let bench = try Workbench()
    let training = "train classifier dense --data data --epochs 1 --defence ibp --epsilon 0.05"
    #expect(try bench.eval(training + " --output run").status == 0)
    #expect(try bench.eval("train classifier --data data --resume run").status == 0)
    for change in ["--epsilon 0.1", "--region foreground"] {
      let outcome = try bench.eval("train classifier --data data --resume run \(change)")
      expectFailure(
        bench, outcome, status: 65, naming: ["run/\(Self.state)", "expected ", "defence", "found "])
    }
    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output plain").status == 0)
    let added = try bench.eval("train classifier --data data --resume plain --defence ibp")
    expectFailure(bench, added, status: 65, naming: ["plain/\(Self.state)", "defence", "none"])
    let alone = try bench.eval("train classifier --data data --resume plain --epsilon 0.1")
    #expect(alone.status == 64 && alone.errors.contains("--epsilon: expected --defence"), "\(alone.errors)")
  }

  /// The region counts, and what the weights' file says of it.
  @Test func theManifestNamesTheDefence() throws {
    let bench = try Workbench()
    let weights = try ["foreground", "everywhere"].map { region in
      let outcome = try bench.eval(
        "train classifier dense --data data --epochs 1 --batch 4 --defence ibp --region \(region) --output \(region)"
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
      let file = try AtomicFile.read(bench.path("\(region)/\(Self.weights)"))
      let header = String(decoding: file.prefix(4096), as: UTF8.self).replacing("\\", with: "")
      #expect(header.contains("\"method\":\"ibp\"") && header.contains("\"region\":\"\(region)\""))
      return file.suffix(4 * 101_770)
    }
    #expect(weights[0] != weights[1])
  }

  /// To resume what is complete changes nothing.
  @Test func aCompleteTrainingStaysAsItIs() throws {
    let bench = try Workbench()
    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output run").status == 0)
    let weights = try AtomicFile.read(bench.path("run/\(Self.weights)"))
    let outcome = try bench.eval("train classifier dense --data data --resume run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try AtomicFile.read(bench.path("run/\(Self.weights)")) == weights)
  }

  @Test(arguments: ["dense", "conv"])
  func aDivergenceLeavesTheStateBefore(architecture: String) throws {
    let bench = try Workbench()
    let outcome = try bench.eval(
      "train classifier \(architecture) --data data --epochs 1 --batch 8 --learning-rate 1e30 --output run")
    expectFailure(bench, outcome, status: 70, naming: ["diverged", "epoch 1", "learning rate"])
    #expect(bench.files(below: "run") == [Self.time, Self.state])
  }
}
