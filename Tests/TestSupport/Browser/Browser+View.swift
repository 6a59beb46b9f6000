import Foundation

/// How the page is shown: on which screen, in which colours, with or without scripts; and what it looks like
/// and complains about then. All of it holds for the pages that are opened afterwards, too.
extension Browser {
  // MARK: - Circumstances

  /// The part of the page that is visible at once, in CSS pixels; a CSS pixel is one of the screenshot.
  package struct Viewport: Sendable {
    package let width, height: Int
    /// A phone lays out by `<meta name="viewport">`, and has no scroll bars that take room.
    package let isPhone: Bool

    package init(width: Int, height: Int, isPhone: Bool) {
      (self.width, self.height, self.isPhone) = (width, height, isPhone)
    }

    package static let phone = Viewport(width: 390, height: 844, isPhone: true)
    package static let desktop = Viewport(width: 1280, height: 900, isPhone: false)
  }

  package func resize(to viewport: Viewport) throws(BrowserError) {
    try tellChromium(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": viewport.width, "height": viewport.height, "mobile": viewport.isPhone,
        "deviceScaleFactor": 1,
      ])
  }

  package enum ColorScheme: String, Sendable {
    case light, dark
  }

  /// Answers `prefers-color-scheme`.
  package func prefer(_ scheme: ColorScheme) throws(BrowserError) {
    try tellChromium(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": scheme.rawValue]]])
  }

  /// Whether pages run scripts. Those of the test run all the same.
  package func setScripts(enabled: Bool) throws(BrowserError) {
    try tellChromium("Emulation.setScriptExecutionDisabled", ["value": !enabled])
  }

  // MARK: - Pictures

  /// The viewport as PNG.
  package func screenshot() throws(BrowserError) -> Data {
    try png(try ask("a screenshot", "GET", "/screenshot"))
  }

  /// The whole page as PNG, as wide and high as its content.
  package func fullScreenshot() throws(BrowserError) -> Data {
    let page: Layout = try askChromium("Page.getLayoutMetrics")
    let clip = [
      "x": 0, "y": 0, "width": page.cssContentSize.width, "height": page.cssContentSize.height, "scale": 1,
    ]
    let shot: Shot = try askChromium(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true, "clip": clip])
    return try png(shot.data)
  }

  private struct Layout: Decodable {
    struct Size: Decodable {
      let width, height: Double
    }
    let cssContentSize: Size
  }

  private struct Shot: Decodable {
    let data: String
  }

  private func png(_ base64: String) throws(BrowserError) -> Data {
    guard let data = Data(base64Encoded: base64) else {
      throw .unexpected(asked: "a screenshot", answer: base64)
    }
    return data
  }

  // MARK: - Console

  /// What the browser writes into its console: errors of scripts, what could not be loaded, `console.warn`.
  package struct ConsoleMessage: Decodable, Equatable, Sendable, CustomStringConvertible {
    /// `SEVERE` or `WARNING`.
    package let level: String
    /// With the address, the line and the column where it comes from.
    package let message: String
    package var description: String { "\(level): \(message)" }
  }

  /// The errors and warnings since the last call.
  package func consoleMessages() throws(BrowserError) -> [ConsoleMessage] {
    let messages: [ConsoleMessage] = try ask("the console", "POST", "/se/log", ["type": "browser"])
    return messages.filter { ["SEVERE", "WARNING"].contains($0.level) }
  }
}
