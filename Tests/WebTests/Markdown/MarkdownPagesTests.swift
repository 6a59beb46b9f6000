import Foundation
import Testing
import Web

/// The documents of the repository, each of which must become a page.
@Suite struct MarkdownPagesTests {
  /// Markdown, WebTests, Tests, and the repository.
  private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs").resolvingSymlinksInPath()

  static let pages: [String] = (FileManager.default.enumerator(atPath: docs.path) ?? .init())
    .compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.sorted()

  @Test func thereArePages() { #expect(Self.pages.count > 50) }

  @Test(arguments: pages) func pagesAreInOrder(page: String) throws {
    let text = try String(contentsOf: Self.docs.appendingPathComponent(page), encoding: .utf8)
    let document = MarkdownDocument(text)
    let outline = HTMLOutline(document.markup().text)
    #expect(outline.complaints == [])
    #expect(document.title?.isEmpty == false)
    // What is left of marks that were not understood.
    for mark in ["|---", "| ---", "|:--", "```", "](", "**", "<!--", "&lt;!--"] {
      #expect(!outline.prose.contains(mark), "\(mark)")
    }
    #expect(outline.levels.first == 1)
    #expect(zip(outline.levels, outline.levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    let ids = Set(outline.values("id"))
    #expect(ids.count == outline.levels.count)
    for link in outline.values("href") where link.hasPrefix("#") {
      #expect(ids.contains(String(link.dropFirst())), "\(link)")
    }
  }
}
