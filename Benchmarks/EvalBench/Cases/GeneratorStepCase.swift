// One step of training a generator: the discriminator's update and the generator's, a real batch assembled.
//
// RGB recipes learn from the coloured set. The trainer of `eval train generator`. It computes G(z) once a
// step and uses it for both updates; the PyTorch twin computes it twice, as its users do.

import Datasets
import Generators
import Kernels

extension BenchmarkCase {
  static func generatorStep(
    _ name: String, _ recipe: GeneratorRecipe?, batchSize: Int, _ precision: ProductPrecision = .float32
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: precision.suffixed(name),
      summary: "one step of \(recipe?.name ?? "an unknown recipe"), batch \(batchSize)",
      operations: 0
    ) { images in
      guard var recipe else { preconditionFailure("\(name): the recipe is not in the catalogue") }
      (recipe.batchSize, recipe.precision) = (batchSize, precision)
      let grey = try images.images(.train)
      let trainer = GeneratorTrainer(
        recipe, on: recipe.channels == 3 ? StaticColours(labelNames: grey.labelNames)(grey) : grey, seed: 1)
      func step() throws { _ = try trainer.step() }
      return Work(warmUp: { for _ in 0..<3 { try step() } }, run: step)
    }
  }
}
