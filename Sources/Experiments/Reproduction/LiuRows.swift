import Eval
import Files
import Generators

/// *Fashion image generation using GAN model*: four models, a loader that draws by label, and clothes in
/// colour.
enum LiuRows {
  static let all = [
    PublishedRow(
      "D1", "the basic GAN", "Liu, §2", .generator(PublishedRows.recipe("basic-gan")), minutes: 8,
      claims: [
        .atTheEnd("after epoch 70 the two losses are almost the same") { evidence in
          guard let (_, last) = evidence.lossesOfTenths else { return nil }
          let gap = abs(last.generator - last.discriminator)
          return .init(
            holds: gap <= 0.1 * max(last.generator, last.discriminator),
            "in the last tenth the discriminator's is \(Text.fixed(last.discriminator, 3)), the generator's "
              + Text.fixed(last.generator, 3))
        }
      ]),
    PublishedRow(
      "D2", "the conditional GAN", "Liu, §3", .generator(PublishedRows.recipe("conv-cgan")), minutes: 150,
      claims: [
        .atTheEnd("both losses grow with the epochs") { evidence in
          guard let (first, last) = evidence.lossesOfTenths else { return nil }
          func change(_ first: Double, _ last: Double) -> String {
            "\(Text.fixed(first, 3)) → \(Text.fixed(last, 3))"
          }
          return .init(
            holds: last.discriminator > first.discriminator && last.generator > first.generator,
            "discriminator \(change(first.discriminator, last.discriminator)), generator "
              + change(first.generator, last.generator))
        },
        .columnsHoldLabels,
      ]),
    PublishedRow(
      "D3", "the Wasserstein GAN", "Liu, §4", .generator(PublishedRows.recipe("conv-wgan")), minutes: 150,
      claims: [.columnsHoldLabels, sandals(areDrawn: true)]),
    PublishedRow(
      "D4", "the Wasserstein GAN with gradient penalty", "Liu, §4",
      .generator(PublishedRows.recipe("conv-wgan-gp", .epochs(250))), minutes: 1200,
      claims: [sandals(areDrawn: false)]),
    // After the training that it draws from.
    PublishedRow("D5", "six images of a label", "Liu, §5", .drawing(row: "D2"), minutes: 151),
    PublishedRow("D6", "ten images of each label", "Liu, §1", .dataset),
    PublishedRow(
      "D7", "clothes in colour", "Liu, §6",
      .pictures(PublishedRows.recipe("colour-cgan"), onlyOneLabel: false), minutes: 60,
      claims: [
        PublishedClaim("the images do not look very realistic") { _ in
          .init(.open, "the report's pictures are not to be had: see what other pictures give")
        }
      ]),
  ]

  /// Its figure 19: of the four models only wGAN draws sandals.
  private static func sandals(areDrawn: Bool) -> PublishedClaim {
    .atTheEnd(areDrawn ? "it draws sandals" : "it does not draw sandals well") { evidence in
      evidence.share(of: "Sandal").map {
        .init(
          holds: ($0.interval.lowerBound > 0.5) == areDrawn,
          "\($0.correct) of \($0.count) images asked to be sandals are taken for sandals")
      }
    }
  }
}
