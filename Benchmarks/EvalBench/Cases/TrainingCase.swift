// An epoch of training a classifier, or the first part of one: shuffling, batch assembly, forward, backward
// and the optimizer's step.
//
// The trainer of `eval train classifier`, with plain Adam at a constant rate and without augmentation. The
// last, incomplete batch is left out, and nothing is measured on test images.

import Classifier
import Datasets
import Kernels
import Network

extension BenchmarkCase {
  static func trainingEpoch(
    _ name: String, _ architecture: ClassifierArchitecture, batchSize: Int, learningRate: Float,
    images count: Int = 60_000, _ precision: ProductPrecision = .float32
  ) -> BenchmarkCase {
    let batches = count / batchSize
    return BenchmarkCase(
      name: precision.suffixed(name), summary: "training, \(batches) batches of \(batchSize), Adam",
      operations: Double(batches * batchSize) * OperationCount(architecture).trainingStep
    ) { images in
      let images = try images.images(.train).prefix(count)
      var recipe = ClassifierRecipe.plain(architecture, batchSize: batchSize, learningRate: learningRate)
      recipe.precision = precision
      // Where the batches come out even, the trainer ends the epoch with a test; of one image, it costs
      // nothing.
      let testImages = images.prefix(1)
      func train(batches: Int) throws {
        let trainer = ClassifierTrainer(recipe, on: images, testedOn: testImages)
        for _ in 0..<batches { try trainer.step() }
      }
      return Work(warmUp: { try train(batches: 20) }, run: { try train(batches: batches) })
    }
  }
}

extension ClassifierRecipe {
  /// One epoch of Adam at a constant rate: no decay, no label smoothing, no augmentation.
  fileprivate static func plain(
    _ architecture: ClassifierArchitecture, batchSize: Int, learningRate: Float
  ) -> ClassifierRecipe {
    var recipe = ClassifierRecipe.reference(architecture)
    recipe.epochs = 1
    recipe.batchSize = batchSize
    recipe.learningRate = learningRate
    recipe.schedule = .constant
    (recipe.optimizer, recipe.warmup) = (.adamW, nil)
    recipe.weightDecay = 0
    recipe.labelSmoothing = 0
    recipe.augmentation = .none
    return recipe
  }
}
