import Classifier
import Files
import Foundation
import Network
import TestSupport
import Testing

/// A training goes on from what a training leaves behind, and from nothing else.
@Suite struct StateTests {
  /// A state in the middle of the second epoch of three: history, counters and sums are all there.
  private static func recipe() -> ClassifierRecipe {
    var recipe = TinyImages.recipe(.dense)
    recipe.epochs = 3
    return recipe
  }

  private static func state(_ recipe: ClassifierRecipe = recipe(), steps: Int = 6) throws -> Safetensors {
    try withTemporaryFolder { folder in
      let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
      for _ in 0..<steps { try trainer.step() }
      try trainer.save(to: "\(folder)/state", dataset: TinyImages.sha256)
      return try Safetensors(contentsOf: "\(folder)/state")
    }
  }

  /// What resuming from `file` says; nil where it is taken, and the training then ends with finite weights.
  private func refusal(_ file: Safetensors, _ recipe: ClassifierRecipe = recipe()) throws -> FileError? {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      // Without the flush to the disk of the package's own writer: this is done some thousand times.
      try file.encoded().write(to: URL(fileURLWithPath: path))
      let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
      let before = trainer.bytes
      do {
        _ = try ClassifierTrainer.recipe(at: path)
        try trainer.resume(from: path, dataset: TinyImages.sha256)
      } catch let error as FileError {
        #expect(isMalformed(error) && error.path == path)
        #expect(trainer.bytes == before && trainer.history.isEmpty && trainer.batchesDone == 0)
        return error
      }
      try trainer.finish()
      #expect(trainer.history.count == recipe.epochs)
      #expect(
        trainer.classifier.file().entries.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
      return nil
    }
  }

  @Test func everyFieldIsLookedAt() throws {
    let state = try Self.state()
    let text = try #require(state.metadata["progress"])
    let mutations = try JSONMutations.all(of: text)
    var taken: Set<String> = []
    for mutation in mutations {
      var file = state
      file.metadata["progress"] = mutation.text
      if try refusal(file) == nil { taken.insert(mutation.field) }
    }
    #expect(mutations.count > 300)
    // Sums, and figures of the past, may be any within their range; nothing else may be another.
    #expect(
      taken.subtracting([
        "correct", "lossSum", "history.0.loss", "history.0.trainAccuracy", "history.0.testAccuracy",
        "recipe.labelSmoothing", "recipe.weightDecay",
      ]).isEmpty, "\(taken)")
  }

  @Test(arguments: [
    ("\"batchesDone\":2", "\"batchesDone\":-1", "batchesDone"), ("\"steps\":6", "\"steps\":7", "steps"),
    ("\"batchSize\":16", "\"batchSize\":0", "recipe.batchSize"),
    ("\"correct\":", "\"correct\":9223372036854775807,\"was\":", "correct"),
    ("\"epoch\":1", "\"epoch\":2", "history.0.epoch"),
    ("\"shift\":2", "\"shift\":99", "recipe.augmentation.shift"),
    ("\"steps\":6", "\"steps\":\"6\"", "steps of the type Int"), (",\"steps\":6", "", "a field steps"),
  ])
  func theFieldIsNamed(old: String, new: String, field: String) throws {
    var file = try Self.state()
    let text = try #require(file.metadata["progress"])
    #expect(text.contains(old), "\(text)")
    file.metadata["progress"] = text.replacingOccurrences(of: old, with: new)
    let error = try #require(try refusal(file))
    #expect("\(error)".contains("expected \(field)"), "\(error)")
  }

  @Test(arguments: [
    ("network.logits.bias", Float.nan), ("network.logits.bias", .infinity), ("optimizer.mean.0", -.infinity),
    ("optimizer.square.1", .nan), ("optimizer.square.1", -1),
  ])
  func whatIsNoNumberIsRefused(name: String, value: Float) throws {
    var file = try Self.state()
    let entry = try #require(file.entries[name])
    file.entries[name] = .init(shape: entry.shape, values: [value] + entry.values.dropFirst())
    let error = try #require(try refusal(file))
    #expect("\(error)".contains(name), "\(error)")
  }

  @Test func moreEpochsEndAsIfAskedForFromTheStart() throws {
    for (steps, architecture) in [(8, ClassifierArchitecture.dense), (5, .dense), (8, .conv)] {
      var short = TinyImages.recipe(architecture)
      short.schedule = .constant
      var long = short
      long.epochs = 4
      let through = ClassifierTrainer(long, on: TinyImages.train, testedOn: TinyImages.test)
      try through.finish()
      let state = try Self.state(short, steps: steps)
      try withTemporaryFolder { folder in
        try state.write(to: "\(folder)/state")
        let trainer = ClassifierTrainer(long, on: TinyImages.train, testedOn: TinyImages.test)
        try trainer.resume(from: "\(folder)/state", dataset: TinyImages.sha256)
        try trainer.finish()
        #expect(trainer.bytes == through.bytes && trainer.history == through.history)
      }
    }
  }

  @Test func aScheduleOverTheWholeIsNotStretched() throws {
    for schedule in [Schedule.cosine, .linear] {
      var recipe = TinyImages.recipe(.dense)
      recipe.schedule = schedule
      let state = try Self.state(recipe, steps: 1)
      recipe.epochs = 4
      let error = try #require(try refusal(state, recipe))
      #expect(
        "\(error)".contains(
          "the epochs 4, found one with 2, and what a step does follows from how many are left"))
    }
    // Fewer than are done already.
    var recipe = TinyImages.recipe(.dense)
    recipe.schedule = .constant
    let state = try Self.state(recipe, steps: 5)
    recipe.epochs = 1
    #expect(try "\(#require(try refusal(state, recipe)))".contains("batchesDone"))
  }
}
