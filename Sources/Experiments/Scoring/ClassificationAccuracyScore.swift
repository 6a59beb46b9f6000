import Classifier
import Datasets
import Eval

/// How well a classifier does on real test images that has learnt from generated ones only (Ravuri and
/// Vinyals 2019; as GAN-train: Shmelkov et al. 2018): low where images are wrong, and where they lack
/// variety.
///
/// The dense network as its source trains it (Adam 1e-3, ten epochs), but in batches of 64 and with a falling
/// rate, with three seeds; beside it the same of as many real training images.
public struct ClassificationAccuracyScore: Codable, Sendable {
  /// Of each seed: the share of the test images that are right, in [0, 1].
  public let accuracies: [Double]
  /// The mean of the accuracies.
  public let value: Double
  /// The same mean for real training images in the place of the generated ones.
  public let real: Double

  private static let seeds: [UInt64] = [1, 2, 3]

  /// - Parameters:
  ///   - pixels: `[N, H, W]`
  ///   - labels: `[N]`
  init(_ pixels: [UInt8], labels: [Int], panel: JudgePanel) throws {
    func accuracies(_ pixels: [UInt8], _ labels: [Int]) throws -> [Double] {
      let real = panel.heldOut
      let images = LabeledImages(
        name: "generated", split: .train, height: real.height, width: real.width, channels: real.channels,
        pixels: pixels, labels: labels.map(UInt8.init), labelNames: real.labelNames)
      return try Self.seeds.map { seed in
        var recipe = ClassifierRecipe.reference(.dense)
        recipe.epochs = 10
        recipe.batchSize = 64
        recipe.learningRate = 1e-3
        recipe.weightDecay = 0
        recipe.augmentation = .none
        recipe.seed = seed
        let trainer = ClassifierTrainer(recipe, on: images, testedOn: real)
        while !trainer.isComplete { try trainer.step() }
        return trainer.history.last?.testAccuracy ?? 0
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let sample = panel.training.balancedSample(labels.count)
    self.accuracies = try accuracies(pixels, labels)
    value = mean(self.accuracies)
    real = mean(try accuracies(sample.pixels, sample.labels))
  }
}
