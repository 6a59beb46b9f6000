import Experiments
import Figures
import Foundation
import Generators
import Kernels
import Pictures
import TestSupport
import Testing
import Web

/// The pages as a browser shows them. Chromium and its driver come from Debian; without them nothing is
/// tested.
@Suite(.enabled(if: Browser.isInstalled, "chromium and chromedriver are not installed"), .serialized)
struct PagesInBrowserTests {
  /// A served folder of runs, and a browser to look at it.
  private static func withPages(_ body: (Browser, String, String) throws -> Void) async throws {
    try await LiveSiteTests.withRuns { folder, _ in
      for name in ["generators", "accuracy-vs-epsilon", "classifiers"] {
        let source = "\(SiteTests.results)/\(name)"
        guard FileManager.default.fileExists(atPath: source) else { continue }
        try FileManager.default.copyItem(atPath: source, toPath: "\(folder)/\(name)")
      }
      let site = try LiveSite(folder, images: LiveSiteTests.images)
      let server = try HTTPServer(host: "127.0.0.1", port: 0)
      // On a thread of its own: other tests keep Swift's busy for minutes, and the browser does not wait.
      let task = Task.detached(executorPreference: SerialQueue("server")) {
        try await server.run { await site.respond($0) }
      }
      defer { task.cancel() }
      let browser = try Browser()
      defer { browser.close() }
      try body(browser, "http://127.0.0.1:\(server.port)", folder)
    }
  }

  @Test func everyKindOfPageIsWholeAndAccessible() async throws {
    try await Self.withPages { browser, address, _ in
      let pages = [
        "", "leaderboard.html", "generator-acgan.html", "draw.html?count=6", "attack.html?image=3",
        "compare.html", "document-generators-readme.html",
      ]
      for page in pages {
        try browser.open("\(address)/\(page)")
        #expect(try browser.exists("main h1"), "\(page)")
        for viewport in [Browser.Viewport.phone, .desktop] {
          try browser.resize(to: viewport)
          for scheme in [Browser.ColorScheme.light, .dark] {
            try browser.prefer(scheme)
            let faults = try browser.accessibilityFaults()
            #expect(faults.isEmpty, "\(page), \(viewport.width) wide, \(scheme): \(faults)")
          }
        }
        let messages = try browser.consoleMessages()
        #expect(messages.isEmpty, "\(page): \(messages)")
      }
    }
  }

  @Test func aHeadSortsTheLeaderboard() async throws {
    try await Self.withPages { browser, address, _ in
      try browser.open("\(address)/leaderboard.html")
      let rows = "[...document.querySelectorAll('tbody tr')].map(row => row.cells[2].textContent)"
      let ranked: [String] = try browser.value(of: rows)
      #expect(ranked.count == 21 && ranked[0] == "assay-gan")
      try browser.click("thead th:nth-child(3) button")
      let named: [String] = try browser.value(of: rows)
      #expect(named == ranked.sorted())
      #expect(try browser.attribute("aria-sort", of: "thead th:nth-child(3)") == "ascending")
      try browser.click("thead th:nth-child(1) button")
      try browser.click("thead th:nth-child(1) button")
      let last: [String] = try browser.value(of: rows)
      #expect(last.last == "assay-gan")
    }
  }

  @Test func withoutScriptsThePagesAreWhole() async throws {
    try await Self.withPages { browser, address, _ in
      try browser.setScripts(enabled: false)
      try browser.open("\(address)/leaderboard.html")
      #expect(try browser.count("tbody tr") == 21)
      try browser.open("\(address)/draw.html?count=4")
      try browser.clear("input[name=count]")
      try browser.type("9", into: "input[name=count]")
      try browser.click("form button")
      #expect(try browser.count(".images img") == 9)
    }
  }

  @Test func drawDoesWhatItSays() async throws {
    try await Self.withPages { browser, address, _ in
      try browser.open("\(address)/draw.html?generator=cgan-x&count=4")
      #expect(try browser.count(".images img") == 4)
      let first: String = try browser.property("src", of: ".images img")
      try browser.select("Bag", in: "select[name=label]")
      try browser.wait(until: "location.search.includes('label=Bag')")
      let bag: String = try browser.property("src", of: ".images img")
      #expect(first != bag)
      #expect(try browser.text(of: ".command").contains("--label Bag"))
      // The address says everything.
      try browser.open(try browser.url())
      #expect(try browser.property("src", of: ".images img") == bag)
      try browser.select("gan", in: "select[name=generator]")
      try browser.wait(until: "location.search.includes('generator=gan')")
      #expect(try browser.count(".images img") == 4)
    }
  }

  @Test func attackFollowsTheSlider() async throws {
    try await Self.withPages { browser, address, _ in
      try browser.open("\(address)/attack.html?image=3&classifier=dense&epsilon=0")
      let pictures = "[...document.querySelectorAll('.pair img')].map(image => image.src)"
      let clean: [String] = try browser.value(of: pictures)
      #expect(clean.count == 3 && clean[0] == clean[2])
      try browser.run(
        "const e = document.querySelector('input[name=epsilon]'); e.value = 0.3; e.dispatchEvent(new Event('input', {bubbles: true}))"
      )
      try browser.wait(until: "location.search.includes('epsilon=0.3')")
      let attacked: [String] = try browser.value(of: pictures)
      #expect(attacked[0] == clean[0] && attacked[2] != clean[2])
      #expect(try browser.text(of: ".controls .reading") == "0.3")
      #expect(try browser.count("tbody tr") == 10)
    }
  }

  @Test func aPictureOfOnesOwnIsAttacked() async throws {
    try await Self.withPages { browser, address, folder in
      let picture = "\(folder)/own.png"
      try Bitmap(width: 40, height: 40, filledWith: .white).write(to: picture)
      try browser.open("\(address)/attack.html")
      try browser.click("summary")
      try browser.upload(picture, to: "input[name=picture]")
      try browser.click("details button")
      try browser.wait(until: "location.search.includes('pixels=')")
      #expect(try browser.count(".pair img") == 3)
    }
  }

  @Test func aRunningTrainingIsFollowed() async throws {
    try await Self.withPages { browser, address, folder in
      let run = "\(folder)/new"
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: "\(run)/training-state.safetensors"))
      Thread.sleep(forTimeInterval: 1.2)
      try browser.open("\(address)/training-new.html")
      #expect(try browser.text(of: "main").contains("No losses yet"))
      try Data("step,generator,warning\n100,0.5,\n200,0.25,\n".utf8)
        .write(to: URL(fileURLWithPath: "\(run)/losses.csv"))
      try browser.wait(until: "document.body.textContent.includes('generator 0.25')")
    }
  }

  @Test func aWrittenSiteOpensFromTheDisk() async throws {
    try await Self.withPages { browser, _, folder in
      let output = "\(folder)-site"
      defer { try? FileManager.default.removeItem(atPath: output) }
      _ = try SiteWriter.write(Site(try StoredFolder(folder)), to: output)
      try browser.open(file: "\(output)/index.html")
      #expect(try browser.consoleMessages() == [])
      try browser.click(".cards a")
      #expect(try browser.exists("main h1"))
      let isShown: Bool = try browser.value(
        of: "[...document.images].every(image => image.complete && image.naturalWidth > 0)")
      #expect(isShown)
      #expect(try browser.consoleMessages() == [])
    }
  }
}
