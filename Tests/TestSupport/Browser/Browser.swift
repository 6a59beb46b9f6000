import Foundation

/// A headless Chromium with one page, driven over W3C WebDriver.
///
/// It starts in about a second, with an empty profile and nothing but this machine in reach, and is gone when
/// the last reference is, whatever became of the test. Calls wait for the answer on their thread, so what
/// serves the page needs a process or a thread of its own. Not for several threads at once: each test opens
/// its own.
///
///     @Test(.enabled(if: Browser.isInstalled)) func theTableIsSorted() throws {
///       let browser = try Browser()
///       try browser.open(url)
///       try browser.click("th button")
///       try browser.wait(until: "document.querySelector('th').ariaSort == 'descending'")
///       #expect(try browser.text(of: "tbody td") == "0.93")
///       #expect(try browser.accessibilityFaults() == [])
///       #expect(try browser.consoleMessages() == [])
///     }
package final class Browser {
  private let process: DriverProcess
  private let connection: DriverConnection
  private var session = ""

  /// Whether Chromium and its driver are there; for `.enabled(if:)`.
  package static var isInstalled: Bool {
    DriverProcess.program("chromium") != nil && DriverProcess.program("chromedriver") != nil
  }

  /// Starts a browser with the viewport of ``Viewport/desktop``.
  package init() throws(BrowserError) {
    guard let chromium = DriverProcess.program("chromium") else {
      throw .notStarted(reason: "there is no chromium")
    }
    process = try DriverProcess()
    connection = DriverConnection(port: process.port)
    let options: [String: Any] = [
      "binary": chromium, "args": Self.arguments + ["--user-data-dir=\(process.folder)/profile"],
    ]
    let wanted: [String: Any] = [
      "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"],
      "timeouts": ["pageLoad": 60_000, "script": 60_000],
    ]
    let started: Session = try ask(
      "start a session", "POST", "/session", ["capabilities": ["alwaysMatch": wanted]])
    session = "/session/\(started.sessionId)"
    try resize(to: .desktop)
  }

  /// Ends the browser now rather than with the last reference; nothing can be asked of it afterwards.
  package func close() { process.stop() }

  private struct Session: Decodable {
    let sessionId: String
  }

  private static let arguments =
    [
      "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
      "--disable-default-apps", "--disable-background-networking", "--disable-component-update",
      "--lang=en-US", "--force-color-profile=srgb",
      // No page of ours needs the network: whoever asks for it shows in the console.
      "--no-proxy-server",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
    ] + (geteuid() == 0 ? ["--no-sandbox"] : [])

  // MARK: - Asking the driver

  private struct Answer<Value: Decodable>: Decodable {
    let value: Value
  }

  private struct Refusal: Decodable {
    let error, message: String
  }

  /// An answer that nobody looks at.
  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  /// - Parameters:
  ///   - what: in words, for the error.
  ///   - path: below the session.
  ///   - body: nil for what has none; only what JSON knows.
  func ask<Value: Decodable>(
    _ what: String, _ method: String, _ path: String, _ body: [String: Any]? = nil
  ) throws(BrowserError) -> Value {
    let content = body.flatMap { try? JSONSerialization.data(withJSONObject: $0) }
    let answer = try connection.send(method, session + path, body: content, asked: what)
    let decoder = JSONDecoder()
    if answer.status == 200, let found = try? decoder.decode(Answer<Value>.self, from: answer.body) {
      return found.value
    }
    if let refusal = try? decoder.decode(Answer<Refusal>.self, from: answer.body).value {
      // Behind the first line stands a list of addresses in the driver.
      let message = refusal.message.split(separator: "\n").first.map(String.init) ?? ""
      throw .refused(asked: what, kind: refusal.error, message: message)
    }
    throw .unexpected(asked: what, answer: String(decoding: answer.body, as: UTF8.self))
  }

  func tell(_ what: String, _ path: String, _ body: [String: Any] = [:]) throws(BrowserError) {
    let _: Anything = try ask(what, "POST", path, body)
  }

  /// Asks the browser itself, in the Chrome DevTools Protocol.
  func askChromium<Value: Decodable>(
    _ command: String, _ parameters: [String: Any] = [:]
  ) throws(BrowserError) -> Value {
    try ask(command, "POST", "/goog/cdp/execute", ["cmd": command, "params": parameters])
  }

  func tellChromium(_ command: String, _ parameters: [String: Any] = [:]) throws(BrowserError) {
    let _: Anything = try askChromium(command, parameters)
  }

  // MARK: - The page

  /// Opens a page and waits until it is loaded.
  package func open(_ url: String) throws(BrowserError) { try tell("open \(url)", "/url", ["url": url]) }

  /// Opens a file of this machine.
  package func open(file path: String) throws(BrowserError) {
    try open(URL(fileURLWithPath: path).absoluteString)
  }

  package func title() throws(BrowserError) -> String { try ask("the title", "GET", "/title") }

  package func url() throws(BrowserError) -> String { try ask("the address", "GET", "/url") }

  // MARK: - Scripts

  /// Runs statements in the page; they find `arguments` under that name.
  package func run(_ statements: String, _ arguments: String...) throws(BrowserError) {
    try tell(statements, "/execute/sync", ["script": statements, "args": arguments])
  }

  /// The value of an expression in the page, or what its promise becomes.
  ///
  ///     let width: Int = try browser.value(of: "innerWidth")
  package func value<Value: Decodable>(
    of expression: String, _ arguments: String...
  ) throws(BrowserError) -> Value {
    try ask(
      expression, "POST", "/execute/sync", ["script": "return (\(expression))", "args": arguments])
  }

  /// Waits until an expression of the page is true, or something that JavaScript takes for true. While it
  /// fails, such as for an element that is not there yet, it is not.
  package func wait(until expression: String, seconds: Double = 20) throws(BrowserError) {
    let end = Date(timeIntervalSinceNow: seconds)
    var last = ""
    repeat {
      do throws(BrowserError) {
        if try value(of: "!!(\(expression))") { return }
        last = "false"
      } catch .refused(_, let kind, let message) {
        last = "\(kind): \(message)"
      }
      usleep(20_000)
    } while Date() < end
    throw .timedOut(script: expression, seconds: seconds, last: last)
  }
}
