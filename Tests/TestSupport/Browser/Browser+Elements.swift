import Foundation

/// Looking at the elements of the page, and using them as people do. Each is found by a CSS selector; of
/// several it is the first. None of it waits for an element to appear (``Browser/wait(until:seconds:)``).
extension Browser {
  /// An element, as the driver calls it.
  private struct Element: Decodable {
    let id: String

    enum CodingKeys: String, CodingKey {
      case id = "element-6066-11e4-a52e-4f735466cecf"
    }
  }

  /// - Throws: `no such element`.
  private func path(to css: String, for what: String) throws(BrowserError) -> String {
    let element: Element = try ask(what, "POST", "/element", ["using": "css selector", "value": css])
    return "/element/\(element.id)"
  }

  private func paths(to css: String, for what: String) throws(BrowserError) -> [String] {
    let elements: [Element] = try ask(what, "POST", "/elements", ["using": "css selector", "value": css])
    return elements.map { "/element/\($0.id)" }
  }

  // MARK: - Looking

  package func count(_ css: String) throws(BrowserError) -> Int {
    try paths(to: css, for: "count \(css)").count
  }

  package func exists(_ css: String) throws(BrowserError) -> Bool { try count(css) > 0 }

  package func isVisible(_ css: String) throws(BrowserError) -> Bool {
    let what = "is \(css) visible"
    return try ask(what, "GET", try path(to: css, for: what) + "/displayed")
  }

  /// The text as it is shown: without what is hidden.
  package func text(of css: String) throws(BrowserError) -> String {
    let what = "text of \(css)"
    return try ask(what, "GET", try path(to: css, for: what) + "/text")
  }

  /// The texts of all such elements.
  package func texts(of css: String) throws(BrowserError) -> [String] {
    let what = "texts of \(css)"
    var texts: [String] = []
    for path in try paths(to: css, for: what) { texts.append(try ask(what, "GET", path + "/text")) }
    return texts
  }

  /// - Returns: nil where the element has no such attribute.
  package func attribute(_ name: String, of css: String) throws(BrowserError) -> String? {
    let what = "attribute \(name) of \(css)"
    return try ask(what, "GET", try path(to: css, for: what) + "/attribute/\(name)")
  }

  /// A property of the element in JavaScript, such as `value`, `checked` or `open`.
  package func property<Value: Decodable>(
    _ name: String, of css: String
  ) throws(BrowserError) -> Value {
    let what = "property \(name) of \(css)"
    return try ask(what, "GET", try path(to: css, for: what) + "/property/\(name)")
  }

  // MARK: - Using

  /// Moves there and clicks.
  ///
  /// - Throws: `element click intercepted` where something else is in front.
  package func click(_ css: String) throws(BrowserError) {
    let what = "click \(css)"
    try tell(what, try path(to: css, for: what) + "/click")
  }

  /// Types behind what the field holds already.
  package func type(_ text: String, into css: String) throws(BrowserError) {
    let what = "type into \(css)"
    try tell(what, try path(to: css, for: what) + "/value", ["text": text])
  }

  /// Empties a field.
  package func clear(_ css: String) throws(BrowserError) {
    let what = "clear \(css)"
    try tell(what, try path(to: css, for: what) + "/clear")
  }

  /// Chooses the option of a `<select>` that shows this text.
  package func select(_ option: String, in css: String) throws(BrowserError) {
    let what = "select \(option) in \(css)"
    let select = try path(to: css, for: what)
    let search: [String: Any] = ["using": "css selector", "value": "option"]
    let options: [Element] = try ask(what, "POST", "\(select)/elements", search)
    var texts: [String] = []
    for element in options {
      let text: String = try ask(what, "GET", "/element/\(element.id)/text")
      if text == option { return try tell(what, "/element/\(element.id)/click") }
      texts.append(text)
    }
    throw .unexpected(asked: what, answer: "options \(texts)")
  }

  /// Gives a file of this machine to an `<input type=file>`.
  package func upload(_ file: String, to css: String) throws(BrowserError) {
    let what = "upload \(file) to \(css)"
    let path = URL(fileURLWithPath: file).path
    try tell(what, try self.path(to: css, for: what) + "/value", ["text": path])
  }

  // MARK: - Keys

  /// Keys that have no letter, by their code in WebDriver.
  package enum Key: String, Sendable {
    case tab = "\u{E004}"
    case enter = "\u{E007}"
    case shift = "\u{E008}"
    case control = "\u{E009}"
    case escape = "\u{E00C}"
    case space = "\u{E00D}"
    case end = "\u{E010}"
    case home = "\u{E011}"
    case left = "\u{E012}"
    case up = "\u{E013}"
    case right = "\u{E014}"
    case down = "\u{E015}"
  }

  /// Presses keys together, in what has the focus: `press(.shift, .tab)`.
  package func press(_ keys: Key...) throws(BrowserError) {
    let down = keys.map { ["type": "keyDown", "value": $0.rawValue] }
    let up = keys.reversed().map { ["type": "keyUp", "value": $0.rawValue] }
    let keyboard: [String: Any] = ["type": "key", "id": "keyboard", "actions": down + up]
    try tell("press \(keys)", "/actions", ["actions": [keyboard]])
  }
}
