import Files
import Foundation
import Generators
import Network
import TestSupport
import Testing

/// A generator's training goes on from what a training leaves behind, and from nothing else.
@Suite(.serialized) struct StateTests {
  /// A logistic one whose rates fall, BEGAN, whose objective remembers, and a critic; long enough for a
  /// record and a rest.
  private static let recipes: [GeneratorRecipe] = ["plain", "equilibrium", "critic"].compactMap { name in
    ResumeTests.recipes[name].map { recipe in
      var recipe = recipe
      recipe.length = .steps(103)
      return recipe
    }
  }

  private static func trainer(_ recipe: GeneratorRecipe) -> GeneratorTrainer {
    GeneratorTrainer(recipe, on: TinyImages.all, seed: 7)
  }

  private static func state(_ recipe: GeneratorRecipe, steps: Int) throws -> Safetensors {
    try withTemporaryFolder { folder in
      let trainer = trainer(recipe)
      for step in 1...steps {
        _ = try trainer.step()
        if step % 50 == 0 { trainer.noteSnapshot() }
      }
      _ = trainer.note(labels: [Int](repeating: 3, count: 100))
      try trainer.save(to: "\(folder)/state", dataset: "tiny")
      return try Safetensors(contentsOf: "\(folder)/state")
    }
  }

  /// What resuming from `file` says; nil where it is taken, and the training then ends.
  private func refusal(_ file: Safetensors, _ recipe: GeneratorRecipe) throws -> FileError? {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      // Without the flush to the disk of the package's own writer: this is done some thousand times.
      try file.encoded().write(to: URL(fileURLWithPath: path))
      let trainer = Self.trainer(recipe)
      do {
        _ = try GeneratorTrainer.settings(at: path)
        _ = GeneratorTrainer.snapshots(at: path)
        try trainer.resume(from: path, dataset: "tiny")
      } catch let error as FileError {
        #expect(error.exitCode == 65 && error.path == path && trainer.stepsDone == 0, "\(error)")
        return error
      }
      while !trainer.isComplete { _ = try trainer.step() }
      try trainer.save(to: path, dataset: "tiny")
      return nil
    }
  }

  @Test(arguments: [0, 1, 2])
  func everyFieldIsLookedAt(index: Int) throws {
    let recipe = try #require(Self.recipes.count == 3 ? Self.recipes[index] : nil)
    let state = try Self.state(recipe, steps: 102)
    let mutations = try JSONMutations.all(of: try #require(state.metadata["progress"]))
    var taken: Set<String> = []
    for mutation in mutations {
      var file = state
      file.metadata["progress"] = mutation.text
      if try refusal(file, recipe) == nil { taken.insert(mutation.field) }
    }
    #expect(mutations.count > 300)
    // Sums and figures of the past may be any number; a constant rate lets the length be another.
    let free = taken.filter { field in
      ![
        "values", "detail", "snapshotSteps", "length", "measureSum", "bestMeasure", "balance", "rateFactor",
        "For",
      ]
      .contains { field.contains($0) }
    }
    #expect(free.subtracting(["journal.findings.0.step"]).isEmpty, "\(free)")
  }

  /// Two records of one step used to be a trap where the losses are written.
  @Test func theFieldIsNamed() throws {
    let recipe = try #require(Self.recipes.first)
    let state = try Self.state(recipe, steps: 102)
    let text = try #require(state.metadata["progress"])
    let record = try #require(text.firstMatch(of: /"records":\[(.*?)\],"snap/)).1
    for (old, new, field) in [
      ("\"batchSize\":8", "\"batchSize\":0", "settings.batchSize"),
      ("\"_0\":103", "\"_0\":-1", "settings.length"),
      ("\"_0\":103", "\"_0\":4611686018427387904", "settings.length"),
      ("\"count\":2", "\"count\":9223372036854775807", "journal.count"),
      (String(record), "\(record),\(record)", "journal.records"),
      ("\"names\":[\"discriminator\",\"generator\"]", "\"names\":[\"discriminator\",\"other\"]", "names"),
      ("\"stepsDone\":102", "\"stepsDone\":-1", "stepsDone"),
      ("\"rateFactor\":1", "\"rateFactor\":2", "memory"),
    ] {
      #expect(text.contains(old), "\(old) in \(text)")
      var file = state
      file.metadata["progress"] = text.replacingOccurrences(of: old, with: new)
      let error = try #require(try refusal(file, recipe), "\(new)")
      #expect("\(error)".contains(field), "\(error)")
    }
  }

  @Test func whatIsNoNumberIsRefused() throws {
    let recipe = try #require(Self.recipes.first)
    let state = try Self.state(recipe, steps: 2)
    for name in state.entries.keys.sorted() {
      for value in [Float.nan, .infinity] + (name.contains(".square.") ? [-1] : []) {
        var file = state
        let entry = try #require(file.entries[name])
        file.entries[name] = .init(shape: entry.shape, values: [value] + entry.values.dropFirst())
        let error = try #require(try refusal(file, recipe))
        #expect("\(error)".contains(name), "\(error)")
      }
    }
  }

  @Test func moreStepsEndAsIfAskedForFromTheStart() throws {
    for recipe in Self.recipes {
      var (short, long) = (recipe, recipe)
      (short.length, long.length) = (.steps(3), .steps(40))
      let through = Self.trainer(long)
      while !through.isComplete { _ = try through.step() }
      let state = try Self.state(short, steps: 3)
      try withTemporaryFolder { folder in
        try state.write(to: "\(folder)/state")
        let trainer = Self.trainer(long)
        if long.schedule == .constant {
          try trainer.resume(from: "\(folder)/state", dataset: "tiny")
          while !trainer.isComplete { _ = try trainer.step() }
          #expect(trainer.generator.entries() == through.generator.entries())
        } else {
          #expect(throws: FileError.self) { try trainer.resume(from: "\(folder)/state", dataset: "tiny") }
        }
      }
    }
  }

  @Test func fallingRatesAreNotStretched() throws {
    var recipe = try #require(Self.recipes.first)
    recipe.schedule = .linear
    let state = try Self.state(recipe, steps: 3)
    recipe.length = .steps(200)
    let error = try #require(try refusal(state, recipe))
    #expect(
      "\(error)".contains(
        "200 steps, found one with 103 steps, and the learning rates follow from how much is left"))
  }
}
