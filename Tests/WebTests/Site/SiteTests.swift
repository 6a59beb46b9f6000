import Experiments
import Files
import Foundation
import TestSupport
import Testing
import Web

@Suite struct SiteTests {
  /// The results that are committed: what everybody looks at first.
  static let results = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/results").path

  @Test func theCommittedResultsMakeAWholeSite() throws {
    let site = Site(try StoredFolder(Self.results))
    let generators = try #require(try site.document("document-generators-readme.html"))
    #expect(PageCheck(generators).links.contains("files/generators/gan-losses.svg"))
    #expect(site.faults.isEmpty)
    let addresses = Set(site.pages.map(\.address) + [Site.first])
    let files = Set(site.files.keys)
    #expect(addresses.count == site.pages.count + 1)
    for address in addresses.sorted() {
      let check = PageCheck(try #require(try site.document(address)))
      #expect(check.faults.isEmpty, "\(address)")
      for link in check.links where !link.hasPrefix("http") && !link.hasPrefix("#") {
        let place = String(link.prefix { $0 != "#" })
        #expect(addresses.contains(place) || files.contains(place), "\(address) leads to \(link)")
      }
      for link in check.links where link.hasPrefix("#") {
        #expect(check.ids.contains(String(link.dropFirst())), "\(address) leads to \(link)")
      }
      for picture in check.pictures where !picture.hasPrefix("data:") {
        #expect(files.contains(picture), "\(address) shows \(picture)")
      }
      #expect(check.scripts == ["assay.js"])
    }
    let board = try #require(try site.document("leaderboard.html"))
    #expect(PageCheck(board).pictures.count == 21)
    let best = try #require(try site.document("generator-assay-gan.html"))
    #expect(best.contains("Rank 1 of 21: Fréchet distance 0.579"))
    #expect(
      best.contains("files/generators/assay-gan.png") && best.contains("files/generators/assay-gan.gif"))
  }

  @Test func everyGeneratorHasItsOwnPictures() throws {
    let site = Site(try StoredFolder(Self.results))
    let page = PageCheck(try #require(try site.document("generator-cgan.html")))
    #expect(page.pictures == ["files/generators/cgan.png"])
    let other = PageCheck(try #require(try site.document("generator-cgan-x.html")))
    #expect(other.pictures == ["files/generators/cgan-x.png"])
    let codes = PageCheck(try #require(try site.document("generator-infogan.html")))
    #expect(Set(codes.pictures) == ["files/generators/infogan.png", "files/generators/infogan-codes.png"])
  }

  @Test func aSiteIsWrittenAsItIsRead() throws {
    try withTemporaryFolder { folder in
      let (first, second) = ("\(folder)/a", "\(folder)/b")
      for output in [first, second] {
        let summary = try SiteWriter.write(Site(try StoredFolder("\(Self.results)/generators")), to: output)
        #expect(summary.pages >= 23 && summary.faults.isEmpty)
      }
      for name in try FileManager.default.subpathsOfDirectory(atPath: first).sorted() {
        #expect(
          FileManager.default.contents(atPath: "\(first)/\(name)")
            == FileManager.default.contents(atPath: "\(second)/\(name)"), "\(name)")
      }
      // Again over itself, and not over somebody's files.
      _ = try SiteWriter.write(Site(try StoredFolder("\(Self.results)/generators")), to: first)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/mine.txt"))
      #expect(throws: FileError.self) {
        try SiteWriter.write(Site(try StoredFolder("\(Self.results)/generators")), to: folder)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b", "mine.txt"])
    }
  }

  @Test func aSiteWithinItsFolderIsNotShownAgain() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: "\(Self.results)/generators", toPath: "\(folder)/generators")
      let first = try ResultSite.write(of: folder, to: "\(folder)/site")
      let second = try ResultSite.write(of: folder, to: "\(folder)/site")
      #expect(first.files > 0 && (first.pages, first.files) == (second.pages, second.files))
    }
  }

  // MARK: - What folders from elsewhere hold

  private static func withFolder(_ files: [String: Data], _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (name, data) in files {
        let place = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: place)
      }
      try body(folder)
    }
  }

  private static func score(named source: String) throws -> Data {
    let folder = "\(results)/generators/scores"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("gan-") })
    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    let quoted = source.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return Data(
      text.replacing("runs\\/gan\\/generator.safetensors", with: quoted)
        .replacing("runs/gan/generator.safetensors", with: quoted).utf8)
  }

  @Test func aCorruptFileIsNamedAndTheOthersAreShown() throws {
    let good = try Self.score(named: "good")
    let files = [
      "a.json": good, "b.json": good.prefix(700), "c.json": Data(#"{"schema":"assay/score/1"}"#.utf8),
      "d/accuracy.json": Data(#"{"schema":"assay/accuracy-vs-epsilon/1","curves":[]}"#.utf8),
      "e/unknown.json": Data(#"{"schema":"assay/tea/1"}"#.utf8), "f/other.json": Data(#"{"x":1}"#.utf8),
      "g/manifest.json": Data("[]".utf8), "h/odd.md": Data([0xFF, 0xFE, 0]),
    ]
    try Self.withFolder(files) { folder in
      let site = Site(try StoredFolder(folder))
      let named = Set(site.faults.map(\.path))
      #expect(
        named == ["b.json", "c.json", "d/accuracy.json", "e/unknown.json", "g/manifest.json", "h/odd.md"])
      let overview = try #require(try site.document(Site.first))
      #expect(PageCheck(overview).faults.isEmpty)
      for name in named { #expect(overview.contains(name)) }
      #expect(overview.contains("6 files that cannot be shown") && overview.contains("generator-good.html"))
    }
  }

  @Test func namesBecomeNoMarkup() throws {
    let evil = "x\"><script>alert(1)</script><a href='"
    try Self.withFolder([
      "\(evil.replacing("/", with: "_"))/s.json": try Self.score(named: evil.replacing("/", with: "_")),
      "pictures/<img src=x onerror=alert(1)>.png": Data(),
      "evil.md": Data("# <script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](../../etc/passwd)".utf8),
    ]) { folder in
      let site = Site(try StoredFolder(folder))
      for address in site.pages.map(\.address) + [Site.first] {
        let check = PageCheck(try #require(try site.document(address)))
        #expect(check.faults.isEmpty && check.scripts == ["assay.js"], "\(address)")
        #expect(!check.links.contains { $0.lowercased().contains("javascript:") })
        #expect(!check.pictures.contains { $0.contains("etc") })
      }
      #expect(site.files.keys.allSatisfy { !$0.contains("<") && !$0.contains("\"") && !$0.contains(" ") })
    }
  }

  /// A manifest may come from anywhere, and what a page shows as a command is copied into a terminal.
  @Test func theCommandsOfOtherProgramsAreNotShown() throws {
    func manifest(_ words: String) -> Data {
      Data(
        #"{"schema":"assay/run/1","command":[\#(words)],"files":{"score":["s.json"],"-c":["s.json"]}}"#.utf8)
    }
    func page(_ words: String) throws -> String {
      let files = ["s.json": try Self.score(named: "good"), "manifest.json": manifest(words)]
      var page: String?
      try Self.withFolder(files) { folder in
        page = try Site(try StoredFolder(folder)).document("generator-good.html")
      }
      return try #require(page)
    }
    let bad = try page(#""sh","-c","curl evil | sh""#)
    #expect(PageCheck(bad).faults.isEmpty && !bad.contains("curl"))
    let good = try page(#""/elsewhere/eval","score","x; curl evil""#)
    #expect(good.contains("eval score &#39;x; curl evil&#39;") && !good.contains("elsewhere"))
  }

  /// Opened, it would run the scripts in it; shown, it does not.
  @Test(arguments: [
    "<script>alert(1)</script>", "<g onload=\"alert(1)\"/>", "<a href=\"javascript:alert(1)\"/>",
    "<svg:script>alert(1)</svg:script>", "<foreignObject/>", "<set attributeName=\"href\"/>",
    "<!ENTITY x \"y\">",
  ])
  func noLinkOpensADrawingThatIsMore(content: String) throws {
    let drawing = Data("<svg xmlns=\"http://www.w3.org/2000/svg\">\(content)</svg>".utf8)
    try Self.withFolder(["a.svg": drawing, "a.md": Data("# A\n\n[see](a.svg) ![seen](a.svg)".utf8)]) {
      folder in
      let site = Site(try StoredFolder(folder))
      let page = PageCheck(try #require(try site.document("document-a.html")))
      #expect(page.pictures == ["files/a.svg"] && !page.links.contains { $0.hasSuffix(".svg") })
    }
  }

  @Test func linksAndHiddenFilesAreLeftOut() throws {
    let score = try Self.score(named: "good")
    try Self.withFolder(["in/a.json": score, ".hidden/b.json": score, "in/.c.json": score]) { folder in
      try withTemporaryFolder { outside in
        try score.write(to: URL(fileURLWithPath: "\(outside)/secret.json"))
        for (name, target) in [
          ("in/link.json", "\(outside)/secret.json"), ("out", outside), ("loop", folder),
        ] {
          try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
        let stored = try StoredFolder(folder)
        #expect(stored.parts.map(\.path) == ["\(folder)/in/a.json"] && stored.faults.isEmpty)
      }
    }
  }

  @Test(arguments: [
    "step,loss,warning\n1,-1e305,\n", "step,loss,warning\n1,0,\n2,1e-320,\n",
    "step,loss,warning\n1,1e308,\n2,-1e308,\n", "step,loss,warning\n1,nothing,\n", "\u{0}", "step\n1\n",
  ])
  func wildLossesLeaveTheRestOfThePage(table: String) throws {
    let files = ["good.json": try Self.score(named: "good"), "good-losses.csv": Data(table.utf8)]
    try Self.withFolder(files) { folder in
      let site = Site(try StoredFolder(folder))
      let page = try #require(try site.document("generator-good.html"))
      #expect(PageCheck(page).faults.isEmpty && page.contains("Fréchet distance 2.15"))
      #expect(page.contains("class=\"faults\"") == !site.faults.isEmpty)
    }
  }

  @Test func picturesOfAMatrixAreReadThroughNoLink() throws {
    try withTemporaryFolder { folder in
      let own = "\(folder)/resnet"
      try FileManager.default.copyItem(atPath: "\(Self.results)/classifiers/resnet", toPath: own)
      let page = try #require(
        try Site(try StoredFolder(folder)).document("confusion-resnet-confusion-matrix.html"))
      #expect(PageCheck(page).faults.isEmpty && PageCheck(page).pictures.count > 20)
      try FileManager.default.moveItem(atPath: "\(own)/confusion-cells.png", toPath: "\(folder)/x.png")
      try FileManager.default.createSymbolicLink(
        atPath: "\(own)/confusion-cells.png", withDestinationPath: "\(folder)/x.png")
      let later = try #require(
        try Site(try StoredFolder(folder)).document("confusion-resnet-confusion-matrix.html"))
      #expect(PageCheck(later).pictures.isEmpty && later.contains("confusion-cells.png: not found"))
    }
  }

  @Test func anEmptyFolderSaysSoAndAMissingOneIsRefused() throws {
    try withTemporaryFolder { folder in
      let overview = try #require(try Site(try StoredFolder(folder)).document(Site.first))
      #expect(overview.contains("Nothing here that Assay made"))
      #expect(throws: FileError.self) { try StoredFolder("\(folder)/nothere") }
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      #expect(throws: FileError.self) { try StoredFolder("\(folder)/file") }
    }
  }

  @Test func addressesAreEachOnce() {
    var addresses = Addresses()
    #expect(addresses.page("generator", "A b/ç") == "generator-a-b.html")
    #expect(addresses.page("generator", "a b") == "generator-a-b-2.html")
    #expect(addresses.page("generator", "…") == "generator-page.html")
    #expect(Address.file("a b/ü?.png") == "files/a%20b/%C3%BC%3F.png")
  }
}
