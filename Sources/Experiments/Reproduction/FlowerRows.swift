import Files
import Generators

/// *Generating fashion and flowers using generative adversarial networks*: a DCGAN, and a dense GAN of
/// flowers.
enum FlowerRows {
  static let all = [
    PublishedRow(
      "F1", "the DCGAN", "Fashion and Flowers, §3", .generator(PublishedRows.recipe("dcgan")), minutes: 450,
      claims: [
        .atTheEnd("after 300 epochs it draws garments of all kinds") { evidence in
          evidence.score.map { score in
            let drawn = score.classHistogram.count { Double($0) >= fewest * Double(score.count) }
            return .init(
              holds: drawn == score.classHistogram.count,
              "\(drawn) of \(score.classHistogram.count) labels have one image in a hundred or more")
          }
        }
      ]),
    PublishedRow(
      "F2", "the flower GAN", "Fashion and Flowers, §4",
      .pictures(PublishedRows.recipe("flower-gan"), onlyOneLabel: true), minutes: 45,
      claims: [
        .atTheEnd("long training ends in one image") { evidence in
          evidence.figures["variety"].map {
            .init(
              holds: $0 < oneImage,
              "two of its images differ by \(Text.percent($0, digits: 0)) of what two real ones do")
          }
        }
      ]),
  ]

  /// The smallest share of the images that a label must have to count as drawn.
  private static let fewest = 0.01
  /// Images that differ by less of what real ones do are one image.
  private static let oneImage = 0.2
}
