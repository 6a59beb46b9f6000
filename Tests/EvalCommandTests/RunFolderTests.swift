import Figures
import Files
import Foundation
import Network
import Pictures
import Testing

/// A folder holds one run: nothing of another stays in it, and nothing of somebody else's goes.
@Suite(.serialized) struct RunFolderTests {
  private static let training =
    "train generator cgan-x --data data --iterations 4 --steps-per-snapshot 2 --batch 8"

  @Test func picturesOfOthersStay() throws {
    let bench = try Workbench()
    // Of another size, and no pictures at all.
    let foreign = [
      "step-0000001.png", "step-mine.png", "codes-0000001.png", "codes-0000009.png", "step-9999999.png",
    ]
    try FileManager.default.createDirectory(atPath: bench.path("g"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: bench.path("elsewhere"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("g/grids"), withDestinationPath: bench.path("elsewhere"))
    for (index, name) in foreign.enumerated() {
      let path = bench.path("elsewhere/\(name)")
      if index == 0 {
        try Bitmap(width: 3, height: 5, channels: 1, values: [Float](repeating: 0.5, count: 15)).write(
          to: path)
      } else {
        try AtomicFile.write("mine", to: path)
      }
    }
    let before = try foreign.map { try AtomicFile.read(bench.path("elsewhere/\($0)")) }
    for command in [
      Self.training + " --output g", Self.training + " --output g --overwrite",
      "train generator --data data --resume g",
    ] {
      let outcome = try bench.eval(command)
      #expect(outcome.status == 0 && !outcome.errors.contains("left out"), "\(outcome.errors)")
      #expect(try foreign.map { try AtomicFile.read(bench.path("elsewhere/\($0)")) } == before)
    }
    #expect(try bench.eval(Self.training + " --output other").status == 0)
    #expect(
      try AtomicFile.read(bench.path("g/grids.gif")) == AtomicFile.read(bench.path("other/grids.gif")))
  }

  /// Somebody replaced one, and removed another: the training says so and ends well.
  @Test func aPictureThatDoesNotFitIsLeftOut() throws {
    let bench = try Workbench()
    let longer = Self.training.replacingOccurrences(of: "--iterations 4", with: "--iterations 6")
    #expect(try bench.eval(longer + " --output g").status == 0)
    let path = bench.path("g/grids/step-0000002.png")
    try Bitmap(width: 3, height: 5, channels: 1, values: [Float](repeating: 0.5, count: 15)).write(to: path)
    #expect(unlink(bench.path("g/grids/step-0000004.png")) == 0)
    let outcome = try bench.eval("train generator --data data --resume g")
    #expect(outcome.status == 0)
    for part in ["step-0000002.png", "3×5", "step-0000004.png", "not found", "left out"] {
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }
    #expect(bench.files(below: "g").contains("grids.gif"))
  }

  @Test(arguments: ["train classifier dense --data data --epochs 1", training + " --checkpoints"])
  func whatIsOverwrittenIsGoneBeforeTheNewState(training: String) throws {
    let bench = try Workbench()
    #expect(try bench.eval(training + " --output run").status == 0)
    try AtomicFile.write("mine", to: bench.path("run/notes.txt"))
    // It ends before it has any result.
    let outcome =
      training.contains("classifier")
      ? try bench.eval(training + " --output run --overwrite --batch 8 --learning-rate 1e30")
      : try bench.eval(training + " --output run --overwrite --limit-minutes 0.0000001")
    #expect([70, 130].contains(outcome.status), "\(outcome.errors)")
    #expect(bench.files(below: "run") == ["notes.txt", "training-seconds.txt", "training-state.safetensors"])
  }

  /// The state that tells which pictures and checkpoints are its own can be read no more.
  @Test func nothingOfADamagedTrainingStays() throws {
    let bench = try Workbench()
    #expect(try bench.eval(Self.training + " --checkpoints --output run").status == 0)
    try AtomicFile.write("damaged", to: bench.path("run/training-state.safetensors"))
    let outcome = try bench.eval(
      "train generator gan --data data --iterations 1 --batch 8 --output run --overwrite")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let files = bench.files(below: "run")
    #expect(!files.contains { $0.hasPrefix("checkpoints/") })
    #expect(files.filter { $0.hasPrefix("grids/") } == ["grids/step-0000001.png"])
  }

  /// A classifier in the place of a generator.
  @Test func noKindLeavesAnythingToTheOther() throws {
    let bench = try Workbench()
    #expect(try bench.eval(Self.training + " --output run").status == 0)
    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output fresh").status == 0)
    let outcome = try bench.eval("train classifier dense --data data --epochs 1 --output run --overwrite")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(bench.files(below: "run") == bench.files(below: "fresh"))
  }

  @Test func weightsWithoutAStateAreATrainingToo() throws {
    let bench = try Workbench()
    try AtomicFile.write("mine", to: bench.path("run/classifier.safetensors"))
    let outcome = try bench.eval("train classifier dense --data data --epochs 1 --output run")
    expectFailure(bench, outcome, status: 73, naming: ["run", "--overwrite"])
    #expect(bench.files(below: "run") == ["classifier.safetensors"])
  }

  @Test func aSecondRunLeavesNothingOfTheFirst() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let runs: [(first: String, second: String, gone: [String])] = [
      (
        "confusion-matrix --classifier dense.safetensors --examples 2",
        "confusion-matrix --classifier dense.safetensors",
        ["examples.png", "examples.svg"]
      ),
      ("corrupt --corruption fog --severity 1", "corrupt --corruption inverse --limit 3", ["fog-1.npy"]),
    ]
    for (index, (first, second, gone)) in runs.enumerated() {
      let folder = "out/\(index)"
      #expect(try bench.eval("\(first) --data data --output \(folder)").status == 0)
      for file in gone { #expect(bench.files(below: folder).contains(file)) }
      // Others' files, of other names and of another command.
      try AtomicFile.write("mine", to: bench.path("\(folder)/snow-2.npy"))
      #expect(try bench.eval("\(second) --data data --output \(folder)").status == 0)
      #expect(try bench.eval("\(second) --data data --output fresh/\(index)").status == 0)
      #expect(bench.files(below: folder) == (bench.files(below: "fresh/\(index)") + ["snow-2.npy"]).sorted())
    }
  }

  /// A manifest can be anybody's: it names files of its own folder, and the command removes nothing else.
  @Test func aManifestReachesNoOtherFolder() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    for name in ["mine", "out/sub/mine", "out/old.csv"] { try AtomicFile.write("mine", to: bench.path(name)) }
    try AtomicFile.write(
      #"{"schema":"assay/run/1","files":{"confusion-matrix":["../mine","sub/mine","sub","..",".","","old.csv"],"score":["dense"]}}"#,
      to: bench.path("out/manifest.json"))
    let outcome = try bench.eval("confusion-matrix --classifier dense.safetensors --data data --output out")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let files = bench.files(below: ".")
    #expect(files.contains("mine") && files.contains("out/sub/mine") && !files.contains("out/old.csv"))
    let manifest = try Dictionary(json: AtomicFile.read(bench.path("out/manifest.json")))
    #expect((manifest["files"] as? [String: [String]])?["score"] == ["dense"])
  }

  @Test func aRunsFolderIsAClassifierAndAGenerator() throws {
    let bench = try Workbench()
    #expect(try bench.eval("train classifier dense --data data --epochs 1 --output runs/mine").status == 0)
    let outputs = try ["runs/mine", "runs/mine/", "./runs/mine/classifier.safetensors"].map { name in
      let outcome = try bench.eval("confusion-matrix --classifier \(name) --data data --format json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    #expect(outputs[0] == outputs[2] && outputs[1] == outputs[2] && outputs[0].contains("\"mine\""))
    let crafted = try bench.eval(
      "accuracy-vs-epsilon --classifier runs/mine --craft-on runs/mine --data data --epsilons 0")
    #expect(crafted.status == 0, "\(crafted.errors)")
    let empty = try bench.eval("confusion-matrix --classifier runs --data data")
    expectFailure(bench, empty, status: 66, naming: ["runs/classifier.safetensors", "not found"])

    #expect(try bench.eval(Self.training + " --output runs/gan").status == 0)
    #expect(try bench.eval("generate --generator runs/gan --output a.png").status == 0)
    let none = try bench.eval("generate --generator runs/mine --output b.png")
    expectFailure(bench, none, status: 66, naming: ["runs/mine/generator.safetensors"])
  }

  @Test(arguments: [
    ("--classifier dense --classifier conv", "--classifier"), ("--attack fgsm --attack noise", "--attack"),
    ("--region everywhere --region foreground", "--region"),
  ])
  func aSecondOneIsNotDropped(arguments: String, option: String) throws {
    let outcome = try Workbench().eval("confusion-matrix --data data \(arguments)")
    #expect(
      outcome.status == 64 && outcome.errors.contains("\(option): expected one, found"), "\(outcome.errors)")
  }
}
