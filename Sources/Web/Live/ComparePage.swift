import Experiments
import Files

/// Compare: two generators side by side, label by label. Of a generator that can be asked, the images of a
/// label are those asked for; of others, those that the best judge takes for it.
struct ComparePage {
  static let address = "compare.html"
  static let title = "Compare"
  /// Images of each label at most.
  static let perLabel = 6
  /// Images of a generator that cannot be asked, among which labels are looked for.
  static let drawn = 100

  /// What one generator draws of each label.
  struct Side {
    let generator: String
    /// By label; images as markup.
    let images: [String: [Markup]]
    let note: String
  }

  let generators: [String]
  let first, second: String?
  let seed: UInt64
  let truncation: Double

  func page(_ result: Markup) -> WebPage {
    let names = generators.map { ($0, $0) }
    let fields =
      FormFields.select("a", "Left", names, first) + FormFields.select("b", "Right", names, second)
      + FormFields.number("seed", "Seed", "\(seed)", least: 0)
      + FormFields.slider(
        "truncation", "Truncation", Text.short(truncation), least: "0", most: "2", step: "0.05")
    let form = generators.isEmpty ? .empty : FormFields.form(Self.address, fields, button: "Compare")
    return WebPage(title: Self.title, form + result)
  }

  static func result(_ sides: [Side], labels: [String]) -> Markup {
    let rows = labels.map { label -> Markup in
      let cells = sides.map { side -> Markup in
        let own = side.images[label] ?? []
        let content: Markup =
          own.isEmpty ? "<p class=\"quiet\">none</p>" : "<ul class=\"images\">\n\(own.joined())</ul>"
        return "<div><h3>\(label) by \(side.generator)</h3>\(content)</div>\n"
      }
      return "<section><h2>\(label)</h2>\n<div class=\"pair\">\(cells.joined())</div></section>\n"
    }
    return FormFields.result(.paragraphs(sides.map(\.note)) + rows.joined())
  }
}
