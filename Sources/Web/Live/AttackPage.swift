import Adversary
import Datasets
import Experiments
import Files
import FoundationEssentials
import Network
import Pictures

/// Attack: an image before and after, the noise between them ten times as strong, and the probabilities of
/// all labels before and after.
struct AttackPage {
  static let address = "attack.html"
  static let title = "Attack"
  /// Where an image of one's own is sent.
  static let uploadAddress = "attack-upload"
  private static let magnification: Float = 10

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
    let shape = examples.imageShape
    let names = examples.classifierLabels
    func bitmap(_ values: [Float]) -> Bitmap {
      Bitmap(width: shape[1], height: shape[0], channels: shape[2], values: values)
    }
    func largest(_ values: [Double]) -> Int { values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 } }
    let (clean, before) = (examples.clean.images[0], examples.clean.probabilities[0])
    let attacked = examples.attacked?.images[0] ?? clean
    let after = examples.attacked?.probabilities[0] ?? before
    // Grey where nothing changed.
    let noise = zip(attacked, clean).map { min(max(($0 - $1) * magnification + 0.5, 0), 1) }
    let truth = examples.labels[0]
    let (first, last) = (largest(before), largest(after))
    let outcome =
      last == truth
      ? "Still taken for \(names[last])."
      : "Taken for \(names[last]) in the place of \(names[truth])."
    let figures: [(String, [Float])] = [
      ("before", clean), ("noise × 10, grey where nothing changed", noise), ("after", attacked),
    ]
    var pictures: [Markup] = []
    for (name, values) in figures {
      pictures.append(
        "<figure>\(try LiveImage.picture(bitmap(values), name))<figcaption>\(name)</figcaption></figure>\n")
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
