import Adversary
import Datasets
import Experiments
import Files
import FoundationEssentials
import Network
import Pictures
import Reports

/// Attack: an image before and after, the noise between them ten times as strong, and the probabilities of
/// all labels before and after.
struct AttackPage {
  static let address = "attack.html"
  static let title = "Attack"
  /// Where an image of one's own is sent.
  static let uploadAddress = "attack-upload"

  let classifiers: [String]
  let labelNames: [String]
  let imageCount: Int
  /// What was asked for, which the form shows again, possible or not.
  let query: LiveQuery

  func page(_ result: Markup) -> WebPage {
    WebPage(title: Self.title, form + upload + result)
  }

  private var form: Markup {
    let attack = AttackRequest.attacks.first { $0.name == query["attack"] } ?? FGSM()
    let slider = AttackRequest.slider(attack.norm)
    var subject: Markup
    if let pixels = query["pixels"] {
      let labels = [("", "what it is taken for")] + labelNames.map { ($0, $0) }
      subject =
        FormFields.hidden("pixels", pixels)
        + FormFields.select("label", "Counts as", labels, query["label"] ?? "")
    } else {
      subject = FormFields.number(
        "image", "Test image", query["image"] ?? "0", least: 0, most: max(0, imageCount - 1))
    }
    let epsilon = query["epsilon"] ?? Text.short(AttackRequest.usual(attack.norm))
    subject +=
      FormFields.select(
        "classifier", "Classifier", classifiers.map { ($0, $0) }, query["classifier"] ?? classifiers.first)
      + FormFields.select("attack", "Attack", AttackRequest.attacks.map { ($0.name, $0.name) }, attack.name)
      + FormFields.select(
        "region", "Pixels", [("foreground", "foreground"), ("everywhere", "everywhere")],
        query["region"] ?? "foreground")
      + FormFields.slider("epsilon", "ε", epsilon, least: "0", most: slider.most, step: slider.step)
      + FormFields.number("seed", "Seed", query["seed"] ?? "0", least: 0)
    return FormFields.form(Self.address, subject, button: "Attack")
  }

  private var upload: Markup {
    """
    <details><summary>An image of your own</summary>
    <form class="controls" method="post" action="\(Self.uploadAddress)" enctype="multipart/form-data">
    <label>PNG or JPEG; its middle square is taken, small and grey
    <input type="file" name="picture" accept="image/png,image/jpeg" required></label>
    <button class="action" type="submit">Take it</button>
    </form></details>

    """
  }

  static func result(_ request: AttackRequest, _ examples: AttackExamples) throws(FileError) -> Markup {
    let names = examples.classifierLabels
    let (clean, attacked) = (examples.clean, examples.attacked ?? examples.clean)
    let (before, after) = (clean.probabilities[0], attacked.probabilities[0])
    let truth = examples.labels[0]
    let (first, last) = (clean.prediction(at: 0), attacked.prediction(at: 0))
    let outcome =
      last == truth
      ? "Still taken for \(names[last])."
      : "Taken for \(names[last]) in the place of \(names[truth])."
    let figures: [(String, [Float])] = [
      ("before", clean.images[0]),
      ("noise × \(AttackExamples.magnification), grey where nothing changed", examples.noise(at: 0)),
      ("after", attacked.images[0]),
    ]
    var pictures: [Markup] = []
    for (name, values) in figures {
      pictures.append(
        "<figure>\(try LiveImage.picture(examples.bitmap(values), name))<figcaption>\(name)</figcaption></figure>\n"
      )
    }
    let rows = names.indices.map { label -> [Markup.Cell] in
      [
        .init(names[label] + (label == truth ? " (true)" : "")), probability(before[label]),
        probability(after[label]),
      ]
    }
    return FormFields.result(
      """
      <p><strong>\(outcome)</strong> Before, \(examples.classifier) gave \(names[first]) \
      \(Text.percent(before[first])); now \(names[last]) \(Text.percent(after[last])). \
      \(examples.attack), \(examples.region.title), \(examples.unit): \(Text.short(examples.epsilon)).</p>
      <div class="pair">\(pictures.joined())</div>
      \(Markup.table("Probabilities before and after", [("label", .left), ("before", .left), ("after", .left)], rows))
      """)
  }

  private static func probability(_ value: Double) -> Markup.Cell {
    let share = Text.fixed(value, 4)
    return .init(
      markup:
        "<meter min=\"0\" max=\"1\" value=\"\(share)\" aria-hidden=\"true\"></meter> \(Text.percent(value))",
      key: share)
  }
}
