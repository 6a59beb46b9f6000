import Files

/// The fields of the forms at the top of the live pages: each with its label, filled with what was asked for.
enum FormFields {
  static func select(
    _ name: String, _ label: String, _ choices: [(value: String, title: String)], _ chosen: String?
  )
    -> Markup
  {
    let options = choices.map { value, title -> Markup in
      let selected: Markup = value == chosen ? " selected" : ""
      return "<option value=\"\(value)\"\(selected)>\(title)</option>"
    }
    return "<label>\(label) <select name=\"\(name)\">\(options.joined())</select></label>\n"
  }

  static func number(
    _ name: String, _ label: String, _ value: String, least: Int? = nil, most: Int? = nil, step: String = "1"
  ) -> Markup {
    let low: Markup = least.map { " min=\"\($0)\"" } ?? ""
    let high: Markup = most.map { " max=\"\($0)\"" } ?? ""
    return
      "<label>\(label) <input type=\"number\" name=\"\(name)\" value=\"\(value)\"\(low)\(high) step=\"\(step)\"></label>\n"
  }

  static func slider(
    _ name: String, _ label: String, _ value: String, least: String, most: String, step: String
  )
    -> Markup
  {
    """
    <label>\(label) <span class="reading">\(value)</span>
    <input type="range" name="\(name)" value="\(value)" min="\(least)" max="\(most)" step="\(step)"></label>

    """
  }

  static func hidden(_ name: String, _ value: String) -> Markup {
    "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">\n"
  }

  /// A form whose answer is a page with everything in its address. Where scripts run, the answer is shown as
  /// soon as a field changes.
  static func form(_ address: String, _ fields: Markup, button: String) -> Markup {
    """
    <form class="controls" method="get" action="\(address)" data-follow>
    \(fields)<button class="action" type="submit">\(button)</button>
    </form>

    """
  }

  /// What a request came to, or why it came to nothing.
  static func result(_ content: Markup) -> Markup { "<div data-result>\n\(content)</div>\n" }

  static func refusal(_ refusal: LiveRefusal) -> Markup {
    result("<p class=\"faults\" role=\"alert\">\(refusal.description)</p>\n")
  }
}
