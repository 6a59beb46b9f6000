import Classifier
import Eval
import Files
import Generators
import Network

/// *E_in-style*: two classifiers and noise against them, ten GANs, and colour.
enum EInStyleRows {
  static let classifiers = [
    PublishedRow(
      "A1", "the dense classifier", "E_in-style, §IV-A and VI-A",
      .classifier(recipe(.dense, epochs: 10, batch: 32, rate: 1e-3)), minutes: 1,
      claims: [.accuracy(0.88, RowEvidence.testImages)]),
    PublishedRow(
      "A2", "the convolutional classifier", "E_in-style, §IV-A and VI-A",
      .classifier(recipe(.conv, epochs: 50, batch: 256, rate: 1e-4)), minutes: 11,
      claims: [.accuracy(0.9, RowEvidence.testImages)]),
    PublishedRow(
      "A3", "noise in the foreground", "E_in-style, §IV-A and VI-A", .noise(epsilon: 0.05), minutes: afterA2,
      claims: [
        PublishedClaim("the noise can be seen from ε = 0.1 of the range [-1, 1] on") { _ in
          .init(.open, "an eye's claim: see the picture")
        }
      ]),
    PublishedRow(
      "A4", "accuracy against ε", "E_in-style, §VI-A, figure 7", .curve, minutes: afterA2,
      claims: [
        .atTheEnd("the curve of figure 7, read off to 0.01: 75 % at ε = 0.05 of the range [-1, 1]") {
          evidence in
          guard let farthest = evidence.figures["farthest from the published curve"],
            let own = evidence.accuracies["test images at ε = 0.05"]
          else { return nil }
          return .init(
            holds: farthest <= curveTolerance,
            "\(Text.percent(own.value)) (\(Text.percents(own.interval)) %) at 0.05; "
              + "at most \(Text.fixed(100 * farthest, 1)) points from the curve anywhere")
        }
      ]),
    PublishedRow(
      "A5", "labels that are confused", "E_in-style, §VI-A", .confusion, minutes: afterA2,
      claims: [
        confused("T-shirt/top", "Shirt"), confused("Sandal", "Ankle boot"),
      ]),
    PublishedRow(
      "A6", "single images and their probabilities", "E_in-style, figure 2", .predictions, minutes: afterA2),
  ]

  /// The classifier that they are about shall be trained before.
  private static var afterA2: Double { 11.5 }

  static let generators = [
    gan("B1", "GAN", "gan", [.losses(diverge: true), labelsDrift]),
    gan("B2", "conditional GAN", "cgan", [.losses(diverge: true), .columnsHoldLabels]),
    gan("B3", "infoGAN", "infogan", minutes: 85), gan("B4", "energy-based GAN", "ebgan"),
    gan("B5", "auxiliary-classifier GAN", "acgan"), gan("B6", "least-squares GAN", "lsgan"),
    gan("B7", "Wasserstein GAN", "wgan", [.losses(diverge: false)]),
    gan("B8", "boundary-equilibrium GAN", "began"),
    gan("B9", "Wasserstein GAN with gradient penalty", "wgan-gp", minutes: 120),
    gan("B10", "deep regret analytic GAN", "dragan", minutes: 100),
  ]

  static let colour = [
    PublishedRow(
      "C1", "Fashion-MNIST in colour", "E_in-style, §IV-C", .colouredImages,
      claims: [
        PublishedClaim("70,000 images of 28×28×3, a colour for each label, the background black") {
          evidence in
          guard let count = evidence.figures["images"], let lit = evidence.figures["lit background pixels"]
          else { return .init(.open, "nothing was measured") }
          return .init(
            holds: count == 70_000 && lit == 0,
            "\(Int(count)) images; \(Int(lit)) pixels of the background are not black")
        }
      ]),
    PublishedRow(
      "C2", "the colorizer", "E_in-style, §IV-C and VI-C", .colorizer, minutes: 110,
      claims: [
        .atTheEnd("it colours the items intelligently") { evidence in
          guard let share = evidence.accuracies["labels told from the colour"],
            let error = evidence.figures["colour error"],
            let mean = evidence.figures["colour error of the mean"]
          else { return nil }
          return .init(
            holds: share.interval.lowerBound > 0.5 && error < mean / 2,
            "\(Text.percent(share.value)) (\(Text.percents(share.interval)) %) of the labels can be told from the "
              + "colour; colours are off by \(Text.fixed(error, 3)), one mean colour by \(Text.fixed(mean, 3))"
          )
        }
      ]),
  ]

  /// The farthest that a point of the curve may lie from the published one.
  private static let curveTolerance = 0.05

  /// Adam with a constant rate, as the source's notebook has it.
  private static func recipe(
    _ architecture: ClassifierArchitecture, epochs: Int, batch: Int, rate: Float
  ) -> ClassifierRecipe {
    var recipe = ClassifierRecipe.reference(architecture)
    (recipe.epochs, recipe.batchSize, recipe.learningRate) = (epochs, batch, rate)
    (recipe.schedule, recipe.weightDecay, recipe.augmentation) = (.constant, 0, .none)
    return recipe
  }

  private static func gan(
    _ id: String, _ title: String, _ recipe: String, _ claims: [PublishedClaim] = [], minutes: Double = 80
  ) -> PublishedRow {
    PublishedRow(
      id, title, "E_in-style, §IV-B and VI-B", .generator(PublishedRows.recipe(recipe, .epochs(50))),
      minutes: minutes, claims: [.discriminatorLeads] + claims)
  }

  private static func confused(_ first: String, _ second: String) -> PublishedClaim {
    .atTheEnd("\(first) and \(second) are confused") { evidence in
      guard let rank = evidence.figures["rank of \(first) and \(second)"],
        let count = evidence.figures["\(first) and \(second)"]
      else { return nil }
      return .init(
        holds: rank <= 5, "\(Int(count)) mistakes between them: rank \(Int(rank)) of 45 pairs")
    }
  }

  private static let labelsDrift = PublishedClaim.atTheEnd(
    "an image of fixed noise turns from one label into another"
  ) { evidence in
    evidence.changedLabels.map {
      .init(
        holds: $0.correct > 0,
        "\($0.correct) of \($0.count) images show another label at the end than half-way")
    }
  }
}
