import Autograd
import Datasets
import Files
import Foundation
import Generators
import Kernels
import Network
import TestSupport
import Testing

/// The colorizer's training, and what it leaves behind.
@Suite struct ColorizerTests {
  private static let names = (0..<10).map { "label \($0)" }

  private let images = LabeledImages(
    name: "grey", split: .train, height: 28, width: 28,
    pixels: (0..<32 * 784).map { UInt8(truncatingIfNeeded: $0 / 784 * 40 + $0 % 28 * 5) },
    labels: (0..<32).map { UInt8($0 % 10) }, labelNames: Self.names)

  private func recipe(l1Weight: Float = 0) -> GeneratorRecipe {
    var recipe = GeneratorRecipe.colorizer(labelNames: Self.names, l1Weight: l1Weight)
    (recipe.batchSize, recipe.length) = (8, .steps(4))
    return recipe
  }

  @Test func aStepMovesEveryWeight() throws {
    let trainer = GeneratorTrainer(recipe(), on: images, seed: 1)
    let before = trainer.generator.namedParameters.map { ($0.name, $0.parameter.value.elements) }
    let losses = try trainer.step().losses
    #expect(losses.isFinite && losses.names == ["discriminator", "generator"])
    for ((name, old), parameter) in zip(before, trainer.generator.namedParameters.map(\.parameter)) {
      #expect(parameter.value.elements != old, "\(name) stays as it was")
    }
  }

  /// Fresh networks: the L1 term is λ times the mean distance from grey times the label's colour.
  @Test func theDistanceFromTheRightColourIsAdded() throws {
    let plain = GeneratorTrainer(recipe(), on: images, seed: 1)
    let weighted = GeneratorTrainer(recipe(l1Weight: 100), on: images, seed: 1)
    // The batch of the first step, as both trainers draw it.
    let batch = Key(seed: 1).derived(3).derived(0).permutation(images.count).prefix(8)
    let chosen = images.at(Array(batch))
    let right = StaticColours(labelNames: Self.names)(chosen).tensor(Array(0..<8)).scaled(by: 2, plus: -1)
    let grey = chosen.tensor(Array(0..<8)).scaled(by: 2, plus: -1).flattened()
    let drawn = plain.generator(Latent(noise: grey), .training(Key(seed: 1)))
    let distance = zip(drawn.elements, right.elements).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
    let mean = distance / Double(drawn.elements.count)

    let losses = [try plain.step().losses, try weighted.step().losses]
    let added = try #require(losses[1]["generator"]) - (try #require(losses[0]["generator"]))
    // Bytes of the coloured set are rounded: half a step of 1/255 of a range of 2, at most.
    #expect(abs(added / 100 - mean) < 1.0 / 255, "\(added / 100), \(mean)")
    #expect(losses[0]["discriminator"] == losses[1]["discriminator"])
  }

  @Test func aTrainingThatWasStoppedEndsWithTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let whole = GeneratorTrainer(recipe(l1Weight: 10), on: images, seed: 2)
      while !whole.isComplete { _ = try whole.step() }
      let first = GeneratorTrainer(recipe(l1Weight: 10), on: images, seed: 2)
      for _ in 0..<2 { _ = try first.step() }
      let path = "\(folder)/state.safetensors"
      try first.save(to: path, dataset: "")
      #expect(try GeneratorTrainer.settings(at: path).l1Weight == 10)
      let second = GeneratorTrainer(recipe(l1Weight: 10), on: images, seed: 2)
      try second.resume(from: path, dataset: "")
      while !second.isComplete { _ = try second.step() }
      for (a, b) in zip(whole.generator.parameters, second.generator.parameters) {
        #expect(a.value.elements == b.value.elements)
      }
      let other = GeneratorTrainer(recipe(), on: images, seed: 2)
      #expect(throws: FileError.self) { try other.resume(from: path, dataset: "") }
    }
  }

  @Test func whatIsStoredColoursAlike() throws {
    let trainer = GeneratorTrainer(recipe(), on: images, seed: 1)
    _ = try trainer.step()
    try withTemporaryFolder { folder in
      let path = "\(folder)/colorizer.safetensors"
      let colorizing = try #require(trainer.recipe.colorizing)
      let file = Colorizer.file(trainer.generator, colorizing, labelNames: Self.names, manifest: "")
      try file.write(to: path)
      let colorizer = try Colorizer(contentsOf: path)
      #expect(colorizer.labelNames == Self.names && colorizer.colors == colorizing.colors)
      let colored = colorizer(Array(images.pixels.prefix(3 * 784)))
      let direct = Colorizer.colored(Array(images.pixels.prefix(3 * 784)), by: trainer.generator)
      #expect(direct.shape == [3, 28, 28, 3])
      #expect(colored == direct.elements.map { UInt8(($0 * 255).rounded()) })
      #expect(throws: FileError.self) { _ = try Generator(contentsOf: path) }
    }
  }

  @Test func whatIsNoColorizerIsRefused() throws {
    let trainer = GeneratorTrainer(recipe(), on: images, seed: 1)
    let colorizing = try #require(trainer.recipe.colorizing)
    let good = Colorizer.file(trainer.generator, colorizing, labelNames: Self.names, manifest: "")
    func changed(_ change: (inout [String: String]) -> Void) -> Safetensors {
      var metadata = good.metadata
      change(&metadata)
      return Safetensors(entries: good.entries, metadata: metadata)
    }
    var unfit = good.entries
    unfit["colour.bias"] = Safetensors.Entry(shape: [3], values: [0, .nan, 0])
    #expect(good.entries["colour.bias"] != nil)
    let bad = [
      changed { $0["format"] = "assay/generator/1" }, changed { $0["format"] = nil },
      changed { $0["colours"] = "[1,2]" }, changed { $0["colours"] = "[16777216]" },
      changed { $0["labels"] = "[]" }, Safetensors(entries: [:], metadata: good.metadata),
      Safetensors(entries: unfit, metadata: good.metadata),
    ]
    try withTemporaryFolder { folder in
      for (index, file) in bad.enumerated() {
        let path = "\(folder)/\(index).safetensors"
        try file.write(to: path)
        #expect(throws: FileError.self, "\(index)") { _ = try Colorizer(contentsOf: path) }
      }
    }
  }
}
