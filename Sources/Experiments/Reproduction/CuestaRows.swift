import Datasets
import Files
import Generators

/// *GANs on Fashion-MNIST*: a small DCGAN that collapsed, and what was tried beside it and gave up on.
enum CuestaRows {
  static let all = [
    PublishedRow(
      "G1", "the small DCGAN", "Cuesta Córdova, Results", .generator(PublishedRows.recipe("small-dcgan")),
      minutes: 150,
      claims: [
        .atTheEnd("it draws pullovers and things like dresses, one or two labels of ten") { evidence in
          evidence.score.map { score in
            let counts = score.classHistogram.sorted(by: >)
            let share = Double(counts.prefix(2).reduce(0, +)) / Double(score.count)
            return .init(
              holds: share >= mostly,
              "the two commonest labels have \(Text.percent(share)) of its images")
          }
        }
      ]),
    variant(
      "G1a", "without batch normalization", "plain",
      [
        .atTheEnd("its images look a bit like shoes and trousers") { evidence in
          evidence.score.map { score in
            let names = DatasetCatalog.fashionMNIST.labelNames
            let counts = zip(names, score.classHistogram).filter { shoesAndTrousers.contains($0.0) }
            let share = Double(counts.reduce(0) { $0 + $1.1 }) / Double(score.count)
            return .init(
              holds: share > 0.5, "\(Text.percent(share)) of its images are taken for shoes or trousers")
          }
        }
      ]),
    variant("G1b", "batch normalization everywhere, a sigmoid", "sigmoid", [sticks]),
    variant("G1c", "the same, its probability taken for a logit", "sigmoid-twice", [sticks]),
    variant("G1d", "a generator of four transposed convolutions", "tall-generator", [runsAway], minutes: 20),
    variant("G1e", "four convolutions in each, a sigmoid", "tall", [sticks], minutes: 20),
    variant("G1f", "four convolutions in each, a linear end", "tall-critic", [runsAway], minutes: 20),
    variant("G1g", "four convolutions in each, DCGAN's rates", "tall-rates", [sticks], minutes: 20),
  ]

  private static func variant(
    _ id: String, _ title: String, _ recipe: String, _ claims: [PublishedClaim], minutes: Double = 30
  ) -> PublishedRow {
    PublishedRow(
      id, title, "Cuesta Córdova, Other experiments",
      .generator(PublishedRows.recipe("small-dcgan-\(recipe)")), minutes: minutes, claims: claims)
  }

  private static let sticks = PublishedClaim.atTheEnd("both losses are stuck at ln 2") { evidence in
    evidence.lossesOfTenths.map {
      .init(
        holds: TrainingWatch.isStuck(generator: $0.last.generator, discriminator: $0.last.discriminator),
        "in the last tenth the generator's is \(Text.fixed($0.last.generator, 3)), the discriminator's "
          + "\(Text.fixed($0.last.discriminator / 2, 3)) an image")
    }
  }

  private static let runsAway = PublishedClaim.atTheEnd(
    "the generator's loss becomes very high and the discriminator's negative, farther with each step"
  ) { evidence in
    evidence.lossesOfTenths.map {
      .init(
        holds: $0.last.discriminator < 0 && $0.last.discriminator < $0.first.discriminator
          && $0.last.generator > $0.first.generator,
        "discriminator \(Text.short($0.first.discriminator)) → \(Text.short($0.last.discriminator)), generator "
          + "\(Text.short($0.first.generator)) → \(Text.short($0.last.generator))")
    }
  }

  private static let shoesAndTrousers: Set = ["Trouser", "Sandal", "Sneaker", "Ankle boot"]

  /// The share of the images that two labels must have to be what it draws.
  private static let mostly = 0.8
}
