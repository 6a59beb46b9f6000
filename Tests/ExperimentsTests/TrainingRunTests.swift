import Classifier
import Datasets
import Experiments
import Files
import Foundation
import Generators
import Kernels
import Network
import TestSupport
import Testing

/// A training in its folder: stopped in every way that a library can stop it, it ends with the same bytes.
@Suite struct TrainingRunTests {
  private static let state = "training-state.safetensors"
  private static let time = "training-seconds.txt"

  /// Images of noise with the labels 0, 1, …, 9, 0, …
  private static func images(_ count: Int, _ split: Split) -> LabeledImages {
    let key = Key(seed: split == .train ? 1 : 2)
    return LabeledImages(
      name: "noise", split: split, height: 28, width: 28,
      pixels: (0..<count * 784).map { UInt8(truncatingIfNeeded: key.word($0)) },
      labels: (0..<count).map { UInt8($0 % 10) }, labelNames: (0..<10).map(String.init))
  }

  private static func classifier() -> ClassifierTrainer {
    var recipe = ClassifierRecipe.reference(.dense)
    recipe.epochs = 2
    recipe.batchSize = 8
    return ClassifierTrainer(recipe, on: images(30, .train), testedOn: images(10, .test))
  }

  private static func generator() throws -> GeneratorTrainer {
    var recipe = try #require(RecipeCatalog.named("cgan-x"))
    recipe.batchSize = 4
    recipe.length = .steps(5)
    let trainer = GeneratorTrainer(recipe, on: images(20, .train), seed: 3)
    trainer.stepsPerSnapshot = 2
    return trainer
  }

  /// Stops after `steps` steps, and goes on to the end in a second run.
  private func bytes<Training: ResumableTraining>(
    of training: () throws -> Training, stoppedAfter steps: Int?, _ files: [String]
  ) throws -> [Data] {
    try withTemporaryFolder { path in
      if let steps {
        let run = try TrainingRun(try training(), in: RunFolder(path: path))
        var asked = 0
        let error = #expect(throws: TrainingInterrupted.self) {
          try run.train(isInterrupted: {
            asked += 1
            return asked > steps
          })
        }
        #expect(error?.statePath == run.folder.statePath && error?.cause == nil)
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [Self.time, Self.state])
      }
      let run = try TrainingRun(
        try training(), in: RunFolder(path: path), steps == nil ? .new : .resuming)
      try run.train()
      try run.finish()
      #expect(run.training.isComplete && FileManager.default.fileExists(atPath: "\(path)/manifest.json"))
      return try files.map { try AtomicFile.read("\(path)/\($0)") }
    }
  }

  /// The loss of the only step is finite, and what that step leaves behind is not.
  @Test func weightsThatAreNotFiniteAreNeverWritten() throws {
    var recipe = ClassifierRecipe.reference(.dense)
    (recipe.epochs, recipe.batchSize, recipe.schedule) = (1, 30, .constant)
    (recipe.learningRate, recipe.weightDecay) = (1e38, 10)
    let trainer = ClassifierTrainer(
      recipe, on: Self.images(30, .train), testedOn: Self.images(10, .test))
    try withTemporaryFolder { path in
      let run = try TrainingRun(trainer, in: RunFolder(path: path))
      let state = try AtomicFile.read(run.folder.statePath)
      let divergence = #expect(throws: ClassifierTrainer.Divergence.self) { try run.train() }
      #expect(divergence?.loss == nil && divergence?.epoch == 1 && divergence?.batch == 1)
      #expect(divergence?.weight == "network.hidden.bias")
      #expect(try AtomicFile.read(run.folder.statePath) == state)
    }
  }

  @Test func aStoppedClassifierEndsWithTheSameBytes() throws {
    let files = ["classifier.safetensors", Self.state]
    let whole = try bytes(of: { Self.classifier() }, stoppedAfter: nil, files)
    for steps in [0, 3, 6] {
      #expect(try bytes(of: { Self.classifier() }, stoppedAfter: steps, files) == whole, "\(steps)")
    }
  }

  @Test func aStoppedGeneratorEndsWithTheSameBytes() throws {
    let files = ["generator.safetensors", Self.state]
    let whole = try bytes(of: Self.generator, stoppedAfter: nil, files)
    for steps in [1, 2, 4] {
      #expect(try bytes(of: Self.generator, stoppedAfter: steps, files) == whole, "\(steps)")
    }
  }

  @Test func whatTheObserverThrowsStopsTheTraining() throws {
    struct Enough: Error {}
    try withTemporaryFolder { path in
      let run = try TrainingRun(Self.classifier(), in: RunFolder(path: path))
      var heard: [WorkProgress] = []
      let error = #expect(throws: TrainingInterrupted.self) {
        try run.train(
          observer: Observer(progress: { progress in
            heard.append(progress)
            if heard.count == 3 { throw Enough() }
          }))
      }
      #expect(error?.cause is Enough)
      #expect(heard.map(\.done) == [8, 16, 24] && heard.allSatisfy { $0.total == 64 })
      // The state is that of the step after which it stopped.
      let other = Self.classifier()
      try other.resume(from: run.folder.statePath)
      #expect(other.batchesDone == 3)
    }
  }

  /// The file stands for a sitting of a thousand seconds.
  @Test func sittingsAddUpToTheTimeOfATraining() throws {
    try withTemporaryFolder { path in
      let run = try TrainingRun(try Self.generator(), in: RunFolder(path: path))
      #expect(throws: TrainingInterrupted.self) { try run.train(until: .now - .seconds(1)) }
      let first = try #require(
        Double(String(decoding: AtomicFile.read("\(path)/\(Self.time)"), as: UTF8.self).dropLast()))
      #expect((0..<1000).contains(first))
      try AtomicFile.write("1000.5\n", to: "\(path)/\(Self.time)")
      let second = try TrainingRun(try Self.generator(), in: run.folder, .resuming)
      try second.train()
      try second.finish()
      #expect((1000.5..<2000).contains(second.seconds))
      let manifest = try JSONSerialization.jsonObject(with: try AtomicFile.read("\(path)/manifest.json"))
      let total = try #require((manifest as? [String: Any])?["seconds"] as? Double)
      #expect((1000.5..<2000).contains(total))
      // A training in its place begins from nothing.
      let other = try TrainingRun(try Self.generator(), in: run.folder, .overwriting)
      #expect(other.seconds < 1000)
    }
  }

  @Test(arguments: ["", "soon", "-1", "nan", "inf", "1 2"])
  func aTimeThatIsNoneIsRefused(text: String) throws {
    try withTemporaryFolder { path in
      let run = try TrainingRun(try Self.generator(), in: RunFolder(path: path))
      try AtomicFile.write("\(text)\n", to: "\(path)/\(Self.time)")
      let error = #expect(throws: FileError.self) {
        _ = try TrainingRun(try Self.generator(), in: run.folder, .resuming)
      }
      guard case .malformed? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.path == "\(path)/\(Self.time)")
    }
  }

  @Test func aDeadlineStopsTheTraining() throws {
    try withTemporaryFolder { path in
      let run = try TrainingRun(try Self.generator(), in: RunFolder(path: path))
      #expect(throws: TrainingInterrupted.self) { try run.train(until: .now - .seconds(1)) }
      #expect(run.training.stepsDone == 0 && run.folder.holdsState)
    }
  }

  /// The state is written before the snapshot, and the milestone told after it.
  @Test func snapshotsComeAfterTheirState() throws {
    try withTemporaryFolder { path in
      let run = try TrainingRun(try Self.generator(), in: RunFolder(path: path))
      var events: [String] = []
      try run.train(
        snapshot: { events.append("snapshot \(GeneratorTrainer.snapshots(at: run.folder.statePath))") },
        milestone: { events.append("step \($0.step)/\($0.totalSteps)") })
      #expect(
        events == [
          "snapshot [2]", "step 2/5", "snapshot [2, 4]", "step 4/5", "snapshot [2, 4, 5]", "step 5/5",
        ])
      // A kill may have come between the state and its pictures: they are made again.
      let again = try TrainingRun(try Self.generator(), in: run.folder, .resuming)
      var snapshots = 0
      try again.train(snapshot: { snapshots += 1 })
      #expect(snapshots == 1)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsRefusedAtOnce() throws {
    try withTemporaryFolder { path in
      try AtomicFile.write("a file", to: "\(path)/file")
      let error = #expect(throws: FileError.self) {
        _ = try TrainingRun(Self.classifier(), in: RunFolder(path: "\(path)/file"))
      }
      guard case .unwritable? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.path == "\(path)/file")
    }
  }

  @Test func aTrainingIsReplacedOnlyWhereThatIsAskedFor() throws {
    try withTemporaryFolder { path in
      let folder = RunFolder(path: path)
      _ = try TrainingRun(Self.classifier(), in: folder)
      #expect(throws: FileError.self) { _ = try TrainingRun(Self.classifier(), in: folder) }
      _ = try TrainingRun(Self.classifier(), in: folder, .overwriting)
      #expect(throws: FileError.self) { _ = try TrainingRun(try Self.generator(), in: folder, .resuming) }
    }
  }

  @Test func checkpointsAreNamedAfterTheirStep() {
    #expect(CheckpointName.name(step: 200) == "step-200.safetensors")
    #expect(CheckpointName.step(of: "step-200.safetensors") == 200)
    for name in ["step-.safetensors", "step-2.npy", "step-02.safetensors", "last-2.safetensors", "step-2"] {
      #expect(CheckpointName.step(of: name) == nil, "\(name)")
    }
  }
}
