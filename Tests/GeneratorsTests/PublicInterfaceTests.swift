import Autograd
import Datasets
import Generators
import Kernels
import Network
import TestSupport
import Testing

/// What somebody else's package can do: nothing here is of the package's inside.
@Suite struct PublicInterfaceTests {
  /// A recipe that is in no catalogue: ten weights a pixel.
  private static let recipe = GeneratorRecipe(
    name: "mine", summary: "one dense layer", citation: "", noise: .normal(size: 9), length: .steps(2),
    method: .adversarial(
      AdversarialRecipe(
        generator: { key in
          ChainGenerator(
            Sequential([
              "image": Dense(inputs: 9, outputs: 784, key: key), "tanh": Tanh(),
              "reshape": Reshape([28, 28, 1]),
            ]))
        },
        discriminator: { key in
          ChainDiscriminator(
            Sequential(["flatten": Flatten(), "score": Dense(inputs: 784, outputs: 1, key: key)]))
        },
        objective: LeastSquares(), generatorOptimizer: .adam(rate: 1e-3, beta1: 0.5, beta2: 0.999))))

  @Test func aGeneratorOfOnesOwnIsTrainedStoredAndDrawnWith() throws {
    let images = LabeledImages(
      name: "grey", split: .train, height: 28, width: 28,
      pixels: (0..<100 * 784).map { UInt8($0 % 256) }, labels: [UInt8](repeating: 0, count: 100),
      labelNames: ["grey"])
    let trainer = GeneratorTrainer(Self.recipe, on: images, seed: 1)
    while !trainer.isComplete { _ = try trainer.step() }
    try withTemporaryFolder { folder in
      let path = "\(folder)/mine.safetensors"
      try Generator.file(trainer.shown, Self.recipe, labelNames: [], manifest: "").write(to: path)
      #expect(throws: (any Error).self) { _ = try Generator(contentsOf: path) }
      let generator = try Generator(contentsOf: path, recipes: [Self.recipe])
      let drawn = generator.images(count: 3, key: .init(seed: 1))
      #expect(drawn.shape == [3, 28, 28, 1])
      #expect(drawn.elements.allSatisfy { (0...1).contains($0) })
      #expect(drawn.elements == generator.images(count: 3, key: .init(seed: 1)).elements)
      #expect(drawn.elements != generator.images(count: 3, key: .init(seed: 2)).elements)
    }
  }
}
