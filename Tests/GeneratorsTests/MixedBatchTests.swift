import Datasets
import Generators
import Kernels
import Testing

/// A discriminator with batch normalization that learns from real and drawn images in one batch.
@Suite struct MixedBatchTests {
  /// Of one colour each, which a discriminator soon tells from what is drawn.
  private static let images = LabeledImages(
    name: "plain", split: .train, height: 28, width: 28, channels: 3,
    pixels: (0..<64 * 784).flatMap { place in [230, UInt8(place / 784), 40] },
    labels: [UInt8](repeating: 0, count: 64), labelNames: ["plain"])

  /// In a batch of their own drawn images would be normalized to look like real ones: the generator's loss
  /// would stay at a coin's ln 2 while the discriminator is certain, and nothing would be learnt.
  @Test func aCertainDiscriminatorIsSoInTheGeneratorsStepToo() throws {
    let trainer = GeneratorTrainer(
      try #require(RecipeCatalog.named("flower-gan")), on: Self.images, seed: 1)
    var certain = 0
    for _ in 0..<40 {
      let losses = try trainer.step().losses
      guard let own = losses["discriminator"], let other = losses["generator"], own < 0.5 else { continue }
      certain += 1
      #expect(other > 1.2, "discriminator \(own), generator \(other)")
    }
    #expect(certain > 0)
  }
}
