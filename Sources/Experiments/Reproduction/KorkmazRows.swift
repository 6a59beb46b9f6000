import Files
import Generators

/// *Conditional generative adversarial networks with FashionMNIST*: a small pair of networks and a large one.
enum KorkmazRows {
  static let all = [
    pair("E1", "the small pair", "cgan-x", minutes: 10, seconds: 1700),
    pair("E2", "the large pair", "cgan-y", minutes: 900, seconds: 3300),
  ]

  private static func pair(
    _ id: String, _ title: String, _ recipe: String, minutes: Double, seconds: Double
  ) -> PublishedRow {
    PublishedRow(
      id, title, "Korkmaz and Erarslan, Training", .generator(PublishedRows.recipe(recipe)), minutes: minutes,
      claims: [
        .columnsHoldLabels,
        .atTheEnd("\(Int(seconds)) s on an RTX 2070 Super") { evidence in
          .init(.open, "\(Int(evidence.seconds)) s here: another machine")
        },
      ])
  }
}
