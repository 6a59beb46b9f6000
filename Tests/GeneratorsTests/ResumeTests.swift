import Files
import Foundation
import Generators
import Kernels
import Network
import TestSupport
import Testing

/// A training that was stopped ends with the bytes of one that was not.
@Suite(.serialized) struct ResumeTests {
  /// Every kind of step, on networks of a few weights.
  static let recipes: [String: GeneratorRecipe] = {
    func recipe(
      _ name: String, _ objective: any Objective, penalty: GradientPenalty? = nil, criticSteps: Int = 1,
      clipping: Float? = nil
    ) -> GeneratorRecipe {
      var recipe = GeneratorRecipe(
        name: name, summary: "", citation: "", noise: .uniform(size: 4), length: .epochs(2),
        method: .adversarial(
          AdversarialRecipe(
            generator: { key in
              ChainGenerator(
                Sequential([
                  "dense": Dense(inputs: 4, outputs: 6, key: key), "norm": BatchNormalization(channels: 6),
                  "image": Dense(inputs: 6, outputs: 784, key: key.derived(1)), "tanh": Tanh(),
                  "reshape": Reshape([28, 28, 1]),
                ]))
            },
            discriminator: { key in
              ChainDiscriminator(
                Sequential([
                  "flatten": Flatten(), "dense": Dense(inputs: 784, outputs: 5, key: key), "elu": ELU(),
                  "dropout": Dropout(rate: 0.2), "score": Dense(inputs: 5, outputs: 1, key: key.derived(1)),
                ]))
            }, objective: objective, penalty: penalty, criticSteps: criticSteps, clipping: clipping,
            generatorOptimizer: .adam(rate: 1e-3, beta1: 0.5, beta2: 0.9),
            discriminatorOptimizer: .rmsProp(rate: 1e-3))))
      recipe.batchSize = 8
      return recipe
    }
    var plain = recipe("plain", NonSaturating())
    plain.averaging = 0.9
    plain.schedule = .linear
    let critic = recipe(
      "critic", Wasserstein(), penalty: GradientPenalty(.betweenRealAndFake, weight: 10), criticSteps: 3)
    let clipped = recipe("clipped", Wasserstein(), clipping: 0.01)
    return [
      "plain": plain, "critic": critic, "clipped": clipped,
      "around": recipe(
        "around", LeastSquares(), penalty: GradientPenalty(.aroundReal(noise: 0.5), weight: 1)),
      "equilibrium": recipe("equilibrium", BoundaryEquilibrium(gamma: 0.5, rate: 0.1)),
      "variational": variational,
    ]
  }()

  private static let variational: GeneratorRecipe = {
    var recipe = RecipeCatalog.named("cvae") ?? RecipeCatalog.all[0]
    recipe.batchSize = 8
    recipe.length = .steps(2)
    return recipe
  }()

  private func recipe(_ name: String) throws -> GeneratorRecipe { try #require(Self.recipes[name]) }

  private func bytes(_ trainer: GeneratorTrainer) throws -> Data {
    try withTemporaryFolder { folder in
      try trainer.save(to: "\(folder)/state", dataset: "tiny")
      return try AtomicFile.read("\(folder)/state")
    }
  }

  @Test(arguments: ["plain", "critic", "clipped", "around", "equilibrium", "variational"])
  func aStoppedTrainingEndsWithTheSameBytes(_ name: String) throws {
    let recipe = try recipe(name)
    let through = GeneratorTrainer(recipe, on: TinyImages.all, seed: 7)
    while !through.isComplete { _ = try through.step() }
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      var trainer = GeneratorTrainer(recipe, on: TinyImages.all, seed: 7)
      while !trainer.isComplete {
        _ = try trainer.step()
        try trainer.save(to: path, dataset: "tiny")
        trainer = GeneratorTrainer(recipe, on: TinyImages.all, seed: 7)
        try trainer.resume(from: path, dataset: "tiny")
      }
      #expect(try bytes(trainer) == bytes(through))
    }
  }

  @Test func threadsChangeNothing() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = try [1, 2].map { threads in
      Parallel.threads = threads
      let trainer = GeneratorTrainer(try recipe("critic"), on: TinyImages.all, seed: 7)
      _ = try trainer.step()
      return try bytes(trainer)
    }
    #expect(results[0] == results[1])
  }

  @Test func anotherTrainingIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try GeneratorTrainer(try recipe("plain"), on: TinyImages.all, seed: 7).save(
        to: path, dataset: "tiny")
      let others = [
        (try recipe("around"), UInt64(7), "tiny"), (try recipe("plain"), 8, "tiny"),
        (try recipe("plain"), 7, "other"),
      ]
      for (recipe, seed, dataset) in others {
        let trainer = GeneratorTrainer(recipe, on: TinyImages.all, seed: seed)
        let old = try bytes(trainer)
        let error = #expect(throws: FileError.self) { try trainer.resume(from: path, dataset: dataset) }
        #expect(error?.exitCode == 65 && error?.path == path)
        #expect(try bytes(trainer) == old)
      }
    }
  }
}
