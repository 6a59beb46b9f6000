import Files
import Foundation
import Testing

/// Several processes that train one classifier, and what they have to be told where they cannot.
@Suite struct ProcessesTests {
  private static let training = "train classifier conv --data data --epochs 2 --batch 8 --threads 1"

  /// Whether `make mpi` was run, and there is an `mpirun`.
  static let hasMPI: Bool = {
    let folder = Bundle.module.bundleURL.deletingLastPathComponent()
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("libassay-mpi.so").path)
      && FileManager.default.isExecutableFile(atPath: "/usr/bin/mpirun")
  }()

  /// As root, with more processes than processors, and where a container forbids to read another's memory.
  private static let mpirun = """
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export OMPI_MCA_btl_vader_single_copy_mechanism=none
    exec mpirun -q --oversubscribe
    """

  private func together(_ bench: Workbench, _ count: Int, _ arguments: String) throws -> Workbench.Outcome {
    try bench.shell("\(Self.mpirun) -n \(count) $EVAL \(arguments)")
  }

  private func bytes(_ bench: Workbench, _ folder: String) throws -> [Data] {
    try ["classifier.safetensors", "training-state.safetensors", "history.csv"].map {
      try AtomicFile.read(bench.path("\(folder)/\($0)"))
    }
  }

  @Test(.enabled(if: hasMPI, "no MPI: make mpi"), arguments: [2, 4])
  func anyNumberOfProcessesWritesTheSameBytes(count: Int) throws {
    let bench = try Workbench()
    try #require(try bench.eval("\(Self.training) --lanes 8 --output one").status == 0)
    let outcome = try together(bench, count, "\(Self.training) --output several")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count == 1, "\(outcome.output)")
    #expect(try bytes(bench, "one") == bytes(bench, "several"))
    #expect(bench.files(below: "one") == bench.files(below: "several"))
  }

  /// One of four is killed at random moments, again and again: each run ends, its last state is whole, and
  /// any number of processes goes on from it.
  @Test(.enabled(if: hasMPI, "no MPI: make mpi"))
  func lostProcessesEndTheRun() throws {
    let bench = try Workbench()
    let training = Self.training.replacing("--epochs 2", with: "--epochs 30")
    try #require(try bench.eval("\(training) --lanes 4 --output one").status == 0)
    var goesOn = "\(training) --lanes 4 --output lost-ranks"
    for kill in 0..<6 {
      let run = try bench.startShell("\(Self.mpirun) -n 4 $EVAL \(goesOn)")
      try run.waitForErrors(containing: kill == 0 ? "epoch 2/" : "epoch")
      usleep(UInt32.random(in: 0...200_000))
      // The brackets keep the search from finding itself.
      let ranks = "pgrep -f '^[^ ]*/eval .*lost-rank[s]'"
      let killed = try bench.shell("kill -KILL $(\(ranks) | sed -n \(Int.random(in: 1...4))p)")
      let outcome = run.wait()
      #expect(killed.status != 0 || outcome.status != 0, "kill \(kill): \(outcome.errors)")
      goesOn = "train classifier --data data --threads 1 --resume lost-ranks"
    }
    let resumed = try together(bench, 2, goesOn)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try bytes(bench, "one") == bytes(bench, "lost-ranks"))
  }

  @Test(.enabled(if: hasMPI, "no MPI: make mpi"))
  func processesThatTrainDifferentThingsAreTold() throws {
    let bench = try Workbench()
    let outcome = try bench.shell(
      "\(Self.mpirun) -n 2 bash -c '$EVAL \(Self.training) --output run --seed $OMPI_COMM_WORLD_RANK'")
    #expect(outcome.status != 0)
    #expect(
      outcome.errors.contains("the recipe, data, state and program of the first one"), "\(outcome.errors)")
    #expect(!bench.files(below: "run").contains("training-state.safetensors"))
  }

  @Test func severalWithoutMPIAreTold() throws {
    let bench = try Workbench()
    let outcome = try bench.eval(
      "\(Self.training) --output run",
      environment: ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2", "ASSAY_MPI": "nowhere.so"])
    expectFailure(bench, outcome, status: 66, naming: ["nowhere.so", "make mpi"])
    #expect(bench.files(below: ".").allSatisfy { !$0.hasPrefix("run") })
  }

  @Test(arguments: [
    ("train classifier resnet --lanes 8", "--lanes: expected 1 and one process for resnet"),
    ("train classifier dense --lanes 3", "--lanes: expected 1, 2, 4 or 8, found 3"),
  ])
  func impossibleLanes(arguments: String, message: String) throws {
    let outcome = try Workbench().eval("\(arguments) --data data")
    #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func generatorsAreTrainedByOneProcess() throws {
    let outcome = try Workbench().eval(
      "train generator gan --data data", environment: ["PMI_RANK": "0", "PMI_SIZE": "2"])
    #expect(outcome.status == 64 && outcome.errors.contains("expected one process"), "\(outcome.errors)")
  }

  @Test func lanesAreOfTheTrainingThatGoesOn() throws {
    let bench = try Workbench()
    try #require(try bench.eval("\(Self.training) --lanes 2 --output run").status == 0)
    expectFailure(
      bench, try bench.eval("train classifier --data data --resume run --lanes 4"), status: 65,
      naming: ["a training with the lanes 4", "one with 2"])
  }
}
