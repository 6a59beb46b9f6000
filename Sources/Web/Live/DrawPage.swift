import Autograd
import Experiments
import Files
import FoundationEssentials
import Pictures
import Reports

/// Draw: images of a generator, each with what the judges take it for.
struct DrawPage {
  static let address = "draw.html"
  static let title = "Draw"

  /// The names of all generators.
  let generators: [String]
  /// Of the one that is drawn with.
  let labelNames: [String]
  /// What was asked for, which the form shows again, possible or not.
  let query: LiveQuery

  /// The page with the images, or with the sentence why there are none.
  func page(_ result: Markup) -> WebPage {
    let intro: Markup = "<p>The address says everything: the same address draws the same images.</p>\n"
    return WebPage(title: Self.title, intro + form + result)
  }

  private var form: Markup {
    guard !generators.isEmpty else { return .empty }
    let labels = [("", "any")] + labelNames.map { ($0, $0) }
    let fields =
      FormFields.select(
        "generator", "Generator", generators.map { ($0, $0) }, query["generator"] ?? generators.first)
      + FormFields.select("label", "Label", labels, query["label"] ?? "")
      + FormFields.number("seed", "Seed", query["seed"] ?? "1", least: 0)
      + FormFields.number("count", "Images", query["count"] ?? "36", least: 1, most: DrawRequest.mostImages)
      + FormFields.slider(
        "truncation", "Truncation", query["truncation"] ?? "1", least: "0", most: "2", step: "0.05")
      + FormFields.number(
        "interpolate", "Interpolate to seed (empty for none)", query["interpolate"] ?? "", least: 0)
    return FormFields.form(Self.address, fields, button: "Draw")
  }

  /// - Parameter path: of the generator, for the command.
  static func result(
    _ request: DrawRequest, _ drawn: DrawnImages, _ opinions: [[LiveJudges.Opinion]], path: String
  ) throws(FileError) -> Markup {
    var items: [Markup] = []
    for index in 0..<drawn.shape[0] {
      items.append(
        try LiveImage.item(drawn.bitmap(at: index), "Image \(index) of \(request.generator)", opinions[index])
      )
    }
    let files = ["png", "npy"].map { kind in
      Markup.link(kind == "png" ? "as PNG" : "as .npy", to: request.address("draw.\(kind)"))
    }
    return FormFields.result(
      """
      <ul class="images">
      \(items.joined())</ul>
      <p>Download \(files.joined(separator: ", ")); the bytes are those of:</p>
      \(Markup.command(request.command(path)))
      """)
  }
}

/// One image in a list of them.
enum LiveImage {
  static func item(_ bitmap: Bitmap, _ name: String, _ opinions: [LiveJudges.Opinion]) throws(FileError)
    -> Markup
  {
    let lines = opinions.map { opinion -> Markup in
      // The blank before the sign is none that a line may end at.
      let share = Text.percent(opinion.confidence, digits: 0).replacing(" ", with: "\u{A0}")
      return "<p>\(opinion.judge): \(opinion.label) \(share)</p>"
    }
    return "<li>\(try picture(bitmap, name))\(lines.joined())</li>\n"
  }

  static func picture(_ bitmap: Bitmap, _ description: String) throws(FileError) -> Markup {
    let data = try PNG.encode(bitmap).base64EncodedString()
    return
      "<img src=\"data:image/png;base64,\(data)\" alt=\"\(description)\" width=\"\(bitmap.width)\" height=\"\(bitmap.height)\">"
  }
}
