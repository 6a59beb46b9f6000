import Autograd
import Classifier
import Datasets
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Training: the same bytes for the same seed, whatever the threads and the interruptions.
///
/// Serialized, since the number of threads belongs to the whole process.
@Suite(.serialized) struct TrainingTests {
  struct Stop: Sendable, CustomStringConvertible {
    let architecture: ClassifierArchitecture
    /// Where the training stops: within the first epoch, at its end, or within the second.
    let steps: [Int]
    var description: String { "\(architecture) after \(steps)" }
  }

  static let stops =
    ClassifierArchitecture.allCases.flatMap { architecture in
      [[1], [4], [6], [2, 1, 3]].map { Stop(architecture: architecture, steps: $0) }
    }

  private static func trained(_ recipe: ClassifierRecipe, threads: Int = 2) throws -> ClassifierTrainer {
    let old = Parallel.threads
    defer { Parallel.threads = old }
    Parallel.threads = threads
    let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
    try trainer.finish()
    return trainer
  }

  // MARK: - Reproducibility

  @Test(arguments: ClassifierArchitecture.allCases)
  func theSameSeedGivesTheSameBytes(_ architecture: ClassifierArchitecture) throws {
    let first = try Self.trained(TinyImages.recipe(architecture))
    let second = try Self.trained(TinyImages.recipe(architecture))
    let alone = try Self.trained(TinyImages.recipe(architecture), threads: 1)
    #expect(first.bytes == second.bytes)
    #expect(first.bytes == alone.bytes, "1 thread and 2 must give the same bytes")
    #expect(first.history == second.history && first.history == alone.history)
    let other = try Self.trained(TinyImages.recipe(architecture, seed: 8))
    #expect(other.bytes != first.bytes)
  }

  /// Lanes are another order of the same sum: without anything random, nearly the same weights.
  @Test(arguments: [2, 4, 8])
  func lanesTrainTheSame(_ lanes: Int) throws {
    var recipe = TinyImages.recipe(.dense)
    recipe.augmentation = .none
    let whole = try Self.trained(recipe)
    recipe.lanes = lanes
    let cut = try Self.trained(recipe)
    #expect(cut.bytes != whole.bytes, "the lanes are not in use")
    for (a, b) in zip(cut.classifier.network.parameters, whole.classifier.network.parameters) {
      let farthest = zip(a.value.elements, b.value.elements).map { abs($0 - $1) }.max() ?? 0
      #expect(farthest < 1e-4)
    }
    #expect(try Self.trained(recipe, threads: 1).bytes == cut.bytes)
  }

  @Test(arguments: stops)
  func aStoppedTrainingEndsWithTheSameBytes(_ stop: Stop) throws {
    let recipe = TinyImages.recipe(stop.architecture)
    let through = try Self.trained(recipe)
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      var trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
      for steps in stop.steps {
        for _ in 0..<steps { try trainer.step() }
        try trainer.save(to: path, dataset: TinyImages.sha256)
        trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
        try trainer.resume(from: path, dataset: TinyImages.sha256)
      }
      try trainer.finish()
      #expect(trainer.bytes == through.bytes)
      #expect(trainer.history == through.history)
    }
  }

  @Test func aSavedStateIsTheSameBytes() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] {
        let trainer = ClassifierTrainer(
          TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
        for _ in 0..<5 { try trainer.step() }
        try trainer.save(to: "\(folder)/\(name)", dataset: TinyImages.sha256)
      }
      #expect(try AtomicFile.read("\(folder)/a") == AtomicFile.read("\(folder)/b"))
      #expect(try ClassifierTrainer.recipe(at: "\(folder)/a") == TinyImages.recipe(.dense))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b"])
    }
  }

  // MARK: - Course

  @Test func countersFollowTheCourse() throws {
    let trainer = ClassifierTrainer(
      TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
    #expect(trainer.batchesPerEpoch == 4)
    for batch in 1...3 {
      #expect(try trainer.step() == nil)
      #expect(trainer.batchesDone == batch && trainer.imagesDone == 16 * batch && trainer.epoch == 1)
    }
    let (loss, accuracy) = (trainer.loss, trainer.trainAccuracy)
    #expect(loss > 0 && (0...1).contains(accuracy))
    let first = try #require(try trainer.step())
    #expect(first.epoch == 1 && trainer.epoch == 2 && trainer.batchesDone == 0 && trainer.loss == 0)
    let correct = trainer.classifier.correctCount(on: TinyImages.test)
    #expect(first.testAccuracy == Double(correct) / Double(TinyImages.test.count))
    try trainer.finish()
    #expect(trainer.history.map(\.epoch) == [1, 2])
    #expect(trainer.isComplete)
  }

  /// 60 images can be learned by heart: evidence that the gradients reach the weights.
  @Test(arguments: ClassifierArchitecture.allCases)
  func learnsAFewImagesByHeart(_ architecture: ClassifierArchitecture) throws {
    var recipe = TinyImages.recipe(architecture)
    recipe.augmentation = .none
    recipe.labelSmoothing = 0
    recipe.epochs = 40
    let history = try Self.trained(recipe).history
    let (first, last) = (try #require(history.first), try #require(history.last))
    #expect(last.trainAccuracy > 0.95 && last.loss < first.loss / 4)
  }

  // MARK: - Divergence

  @Test(arguments: ClassifierArchitecture.allCases)
  func anAbsurdLearningRateIsADivergence(_ architecture: ClassifierArchitecture) throws {
    var recipe = TinyImages.recipe(architecture)
    recipe.learningRate = 1e30
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
      try trainer.save(to: path, dataset: TinyImages.sha256)
      let stored = try AtomicFile.read(path)
      let divergence = #expect(throws: ClassifierTrainer.Divergence.self) { try trainer.finish() }
      #expect(divergence?.loss?.isFinite == false)
      #expect(divergence?.epoch == 1)
      #expect(divergence?.description.contains("lower the learning rate") == true)
      #expect(try AtomicFile.read(path) == stored)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state"])
    }
  }

  // MARK: - Refusals

  @Test func anotherRecipeIsRefused() throws {
    let changes: [(inout ClassifierRecipe) -> Void] = [
      { $0.seed = 8 }, { $0.epochs = 3 }, { $0.batchSize = 15 }, { $0.learningRate = 2e-3 },
      { $0.schedule = .linear }, { $0.weightDecay = 0 }, { $0.labelSmoothing = 0 },
      { $0.optimizer = .sgd }, { $0.warmup = 0.25 }, { $0.augmentation.erasing = 0.5 },
      { $0.augmentation.shift = 1 }, { $0.augmentation.mirrors = false }, { $0.architecture = .conv },
    ]
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try Self.writeState(to: path)
      for (index, change) in changes.enumerated() {
        var recipe = TinyImages.recipe(.dense)
        change(&recipe)
        try expectRefusal(recipe, path: path, "change \(index)") { isMalformed($0) }
      }
    }
  }

  @Test func anotherDataSetIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try Self.writeState(to: path)
      try expectRefusal(TinyImages.recipe(.dense), path: path, dataset: "other", "data set") {
        isMalformed($0)
      }
    }
  }

  @Test func aMissingStateIsMissing() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/nothing"
      let missing = FileError.missing(path: path, remedy: "start a new training")
      try expectRefusal(TinyImages.recipe(.dense), path: path, "missing") { $0 as? FileError == missing }
      #expect(throws: missing) { try ClassifierTrainer.recipe(at: path) }
    }
  }

  struct Damage: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable (inout Safetensors) -> Void
  }

  static let damages = [
    Damage(description: "no progress") { $0.metadata["progress"] = nil },
    Damage(description: "progress that is no JSON") { $0.metadata["progress"] = "{" },
    Damage(description: "another format") { $0.metadata["format"] = "assay/classifier/1" },
    Damage(description: "a missing weight") { $0.entries["network.logits.bias"] = nil },
    Damage(description: "a missing running mean") { $0.entries["optimizer.mean.0"] = nil },
    Damage(description: "a running mean of another shape") {
      $0.entries["optimizer.square.1"] = .init(shape: [1], values: [0])
    },
    Damage(description: "a classifier's weights") {
      $0 = ClassifierTrainer(TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
        .classifier.file()
    },
  ]

  @Test(arguments: damages)
  func aDamagedStateIsRefused(_ damage: Damage) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try Self.writeState(to: path)
      var file = try Safetensors(contentsOf: path)
      damage.apply(&file)
      try file.write(to: path)
      try expectRefusal(TinyImages.recipe(.dense), path: path, damage.description) { isMalformed($0) }
    }
  }

  private static func writeState(to path: String) throws {
    let trainer = ClassifierTrainer(
      TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
    try trainer.step()
    try trainer.save(to: path, dataset: TinyImages.sha256)
  }

  /// A new trainer refuses the state, stays as it was, and the file stays, too.
  private func expectRefusal(
    _ recipe: ClassifierRecipe, path: String, dataset: String = TinyImages.sha256, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation, is expected: (any Error) -> Bool
  ) throws {
    let stored = try? AtomicFile.read(path)
    let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
    let before = trainer.bytes
    let error = #expect(throws: FileError.self, "\(what)", sourceLocation: sourceLocation) {
      try trainer.resume(from: path, dataset: dataset)
    }
    #expect(error.map(expected) == true, "\(what): \(error as Any)", sourceLocation: sourceLocation)
    #expect(error?.path == path, sourceLocation: sourceLocation)
    #expect(trainer.bytes == before, "\(what)", sourceLocation: sourceLocation)
    #expect(trainer.batchesDone == 0 && trainer.history.isEmpty, sourceLocation: sourceLocation)
    #expect((try? AtomicFile.read(path)) == stored, sourceLocation: sourceLocation)
  }
}
