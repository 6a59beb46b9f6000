import Files
import Generators

/// *GANs on Fashion-MNIST*: a small DCGAN that collapsed.
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
      ])
  ]

  /// The share of the images that two labels must have to be what it draws.
  private static let mostly = 0.8
}
