import Datasets
import Experiments
import Files
import Foundation
import Generators
import Kernels
import Network
import TestSupport
import Testing

/// Several trainings of one recipe: the bytes of the single ones, however they are stopped; and what is no
/// such set of trainings.
@Suite struct SeedTrainingsTests {
  private static let files = ["generator.safetensors", "training-state.safetensors"]

  private static let images = LabeledImages(
    name: "noise", split: .train, height: 28, width: 28,
    pixels: (0..<20 * 784).map { UInt8(truncatingIfNeeded: Key(seed: 1).word($0)) },
    labels: (0..<20).map { UInt8($0 % 10) }, labelNames: (0..<10).map(String.init))

  private static func trainer(
    _ seed: UInt64, recipe name: String = "cgan-x", steps: Int = 2, batch: Int = 4,
    images: LabeledImages = images
  ) throws -> GeneratorTrainer {
    var recipe = try #require(RecipeCatalog.named(name))
    (recipe.batchSize, recipe.length) = (batch, .steps(steps))
    return GeneratorTrainer(recipe, on: images, seed: seed)
  }

  /// One whose second step has lost all measure.
  private static func diverging(_ seed: UInt64) throws -> GeneratorTrainer {
    var recipe = try #require(RecipeCatalog.named("cgan-x"))
    (recipe.batchSize, recipe.length) = (4, .steps(2))
    guard case .adversarial(var game) = recipe.method else { return try trainer(seed) }
    game.generatorOptimizer = .adam(rate: 1e30, beta1: 0.5, beta2: 0.999)
    game.discriminatorOptimizer = game.generatorOptimizer
    recipe.method = .adversarial(game)
    return GeneratorTrainer(recipe, on: images, seed: seed)
  }

  private func places(_ path: String, _ seeds: [UInt64]) -> [(seed: UInt64, folder: RunFolder)] {
    seeds.map { ($0, RunFolder(path: SeedFolders.path(path, seed: $0))) }
  }

  private func bytes(_ path: String, _ seeds: [UInt64]) throws -> [Data] {
    try seeds.flatMap { seed in
      try Self.files.map { try AtomicFile.read("\(SeedFolders.path(path, seed: seed))/\($0)") }
    }
  }

  private func single(_ seeds: [UInt64]) throws -> [Data] {
    try withTemporaryFolder { path in
      for seed in seeds {
        let run = try TrainingRun(
          try Self.trainer(seed), in: RunFolder(path: SeedFolders.path(path, seed: seed)))
        try run.train()
        try run.finish()
      }
      return try bytes(path, seeds)
    }
  }

  // MARK: - Folders

  @Test func foldersAreCalledByTheirSeeds() throws {
    #expect(SeedFolders.path("runs/gan", seed: 7) == "runs/gan/seed-7")
    #expect(SeedFolders.path("runs/gan/", seed: 7) == "runs/gan/seed-7")
    try withTemporaryFolder { path in
      for name in ["seed-10", "seed-2", "seed-02", "seed-", "seed-x", "seed--1", "other"] {
        try AtomicFile.createFolder("\(path)/\(name)")
      }
      try AtomicFile.write("a file", to: "\(path)/seed-3")
      #expect(SeedFolders.seeds(in: path) == [2, 10])
      #expect(SeedFolders.seeds(in: "\(path)/none").isEmpty)
      // One of them can be gone on with, and the other is not left out; the folder itself cannot.
      #expect(SeedFolders.resumable(in: path).isEmpty)
      _ = try TrainingRun(try Self.trainer(1), in: RunFolder(path: "\(path)/seed-10"))
      #expect(SeedFolders.resumable(in: path) == [2, 10])
      #expect(SeedFolders.resumable(in: "\(path)/seed-10").isEmpty)
    }
  }

  // MARK: - Trainings

  @Test func eachEndsWithTheBytesOfItsOwn() throws {
    let seeds: [UInt64] = [3, 1]
    let whole = try single(seeds)
    #expect(whole[0] != whole[2])
    for stoppedAfter in [1, 2] {
      try withTemporaryFolder { path in
        var asked = 0
        #expect(throws: TrainingInterrupted.self) {
          try SeedTrainings(places(path, seeds), training: { try Self.trainer($0) }).run { run in
            try run.train(isInterrupted: {
              asked += 1
              return asked > stoppedAfter
            })
            try run.finish()
          }
        }
        // Those that have not begun are there, too.
        #expect(SeedFolders.seeds(in: path) == [1, 3])
        try SeedTrainings(places(path, seeds), .resuming, training: { try Self.trainer($0) }).run {
          try $0.train()
          try $0.finish()
        }
        #expect(try bytes(path, seeds) == whole, "\(stoppedAfter)")
      }
    }
  }

  @Test func whatOneFolderHoldsKeepsAllAsTheyWere() throws {
    try withTemporaryFolder { path in
      _ = try TrainingRun(try Self.trainer(2), in: RunFolder(path: SeedFolders.path(path, seed: 2)))
      let before = try AtomicFile.read("\(path)/seed-2/\(Self.files[1])")
      #expect(throws: FileError.self) {
        _ = try SeedTrainings(places(path, [1, 2]), training: { try Self.trainer($0) })
      }
      #expect(try AtomicFile.read("\(path)/seed-2/\(Self.files[1])") == before)
      #expect(!FileManager.default.fileExists(atPath: "\(path)/seed-1/\(Self.files[1])"))
      let missing = #expect(throws: FileError.self) {
        _ = try SeedTrainings(places(path, [1, 2]), .resuming, training: { try Self.trainer($0) })
      }
      #expect(missing?.path == "\(path)/seed-1/\(Self.files[1])")
      _ = try SeedTrainings(places(path, [1, 2]), .overwriting, training: { try Self.trainer($0) })
      #expect(FileManager.default.fileExists(atPath: "\(path)/seed-1/\(Self.files[1])"))
    }
  }

  /// The others go on, and the divergence is what it ends with.
  @Test func oneThatDivergesKeepsNoOtherFromItsEnd() throws {
    try withTemporaryFolder { path in
      var (finished, warnings): ([UInt64], [String]) = ([], [])
      let trainings = try SeedTrainings(places(path, [1, 2, 3])) { seed in
        try seed == 2 ? Self.diverging(seed) : Self.trainer(seed)
      }
      #expect(throws: GeneratorTrainer.Divergence.self) {
        try trainings.run(observer: Observer(warning: { warnings.append($0) })) { run in
          try run.train()
          finished.append(run.training.seed)
        }
      }
      #expect(finished == [1, 3])
      #expect(warnings.count == 1 && warnings[0].hasPrefix("seed 2: "))
    }
  }

  // MARK: - Scoring them together

  /// Writes generators that have not learnt anything, and says what is wrong with them as trainings of one
  /// recipe.
  private func fault(
    _ trainers: [GeneratorTrainer], names: [String]? = nil, sources: [String]? = nil
  ) throws -> String? {
    try withTemporaryFolder { path in
      for (index, trainer) in trainers.enumerated() {
        let name = names?[index] ?? "\(index).safetensors"
        try AtomicFile.createFolder("\(path)/\(index)")
        let file = try #require(try trainer.results().first?.file)
        try file.write(to: "\(path)/\(index)/\(name)")
      }
      let all = names ?? trainers.indices.map { "\($0).safetensors" }
      let paths = sources ?? all.enumerated().map { "\($0.offset)/\($0.element)" }
      do {
        let trainings = try RepeatedTrainings(paths.map { "\(path)/\($0)" })
        #expect(trainings.seeds == trainers.map(\.seed) && trainings.items.count == trainers.count)
        #expect(trainings.recipe.recipe == trainers[0].recipe.name)
        return nil
      } catch let error as FileError {
        return "\(error)".replacingOccurrences(of: path, with: "")
      }
    }
  }

  @Test func trainingsOfOneRecipeAreTakenTogether() throws {
    let (one, two) = (try Self.trainer(1), try Self.trainer(2))
    #expect(try fault([one, two]) == nil)
    #expect(try fault([two, one, try Self.trainer(9)]) == nil)
    // Folders of runs.
    let name = "generator.safetensors"
    #expect(try fault([one, two], names: [name, name], sources: ["0", "1"]) == nil)
    #expect(try fault([one, two], names: ["step-2.safetensors", "step-2.safetensors"]) == nil)
  }

  @Test func whatIsNoSetOfTrainingsIsNamed() throws {
    let one = try Self.trainer(1)
    func expect(_ fault: String?, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
      for part in parts {
        #expect(fault?.contains(part) == true, "\(fault ?? "none")", sourceLocation: sourceLocation)
      }
    }
    expect(try fault([one]), "0/0.safetensors", "two trainings of one recipe")
    expect(try fault([one, one]), "1/1.safetensors", "each training once", "0/0.safetensors")
    expect(
      try fault([one], sources: ["0/0.safetensors", "0/0.safetensors"]), "each training once", "same weights")
    expect(
      try fault([one, try Self.trainer(2, recipe: "gan")]), "1/1.safetensors", "recipe cgan-x", "recipe gan")
    expect(try fault([one, try Self.trainer(2, steps: 4)]), "length 2 steps", "length 4 steps")
    expect(try fault([one, try Self.trainer(2, batch: 5)]), "batch size 4", "batch size 5")
    expect(try fault([one, try Self.trainer(2, images: Self.images.prefix(10))]), "data set", " 20", " 10")
    // One seed, and yet other weights: they have not been trained for as long.
    let further = try Self.trainer(1)
    _ = try further.step()
    expect(try fault([one, further]), "1/1.safetensors", "another seed", "the seed 1,", "0/0.safetensors")
    let two = try Self.trainer(2)
    expect(
      try fault([one, two], names: ["step-2.safetensors", "step-3.safetensors"]), "step 2", "step 3")
    expect(
      try fault([one, two], names: ["generator.safetensors", "generator-plain.safetensors"]),
      "end of the training",
      "plain weights")
    expect(
      try fault([one, two], sources: ["0/0.safetensors", "3/3.safetensors"]), "3/3.safetensors: not found")
  }

  @Test func aFolderOfSeedsStandsForItsTrainings() throws {
    try withTemporaryFolder { path in
      for seed: UInt64 in [2, 11] {
        let file = try #require(try Self.trainer(seed).results().first?.file)
        try AtomicFile.createFolder("\(path)/seed-\(seed)")
        try file.write(to: "\(path)/seed-\(seed)/generator.safetensors")
      }
      #expect(try RepeatedTrainings([path]).seeds == [2, 11])
      #expect(throws: FileError.self) { _ = try RepeatedTrainings(["\(path)/seed-2"]) }
    }
  }
}
