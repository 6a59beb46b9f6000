import Experiments
import Files
import FoundationEssentials
import Reports

/// A document of the folder, in Markdown: its links lead to the site's pages where they lead into the folder.
struct DocumentPage {
  let title: String
  private let document: MarkdownDocument
  private let path: String
  private let folder: StoredFolder
  /// Of the other documents: their pages by their paths.
  private let pages: [String: String]

  /// Bytes of a document at most.
  private static let largest = 4 << 20

  init(_ path: String, _ folder: StoredFolder, _ pages: [String: String]) throws(FileError) {
    let data = try folder.read(path, limit: Self.largest)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .malformed(path: folder.place(path), expected: "Markdown in UTF-8", found: "other bytes")
    }
    document = MarkdownDocument(text)
    title = document.title ?? path.lastPathComponent
    (self.path, self.folder, self.pages) = (path, folder, pages)
  }

  var content: Markup {
    let beside = path.deletingLastPathComponent
    let pictures = Set(folder.pictures)
    var options = MarkdownOptions()
    options.leavesOutTitle = true
    options.image = { address in
      guard let found = Self.resolved(address, beside: beside), pictures.contains(found) else { return nil }
      return Address.file(found)
    }
    options.link = { [pages] address in
      if address.hasPrefix("https://") || address.hasPrefix("http://") || address.hasPrefix("#") {
        return address
      }
      let (file, fragment) = Self.parts(address)
      guard let found = Self.resolved(file, beside: beside) else { return nil }
      return pages[found].map { $0 + fragment }
        ?? (pictures.contains(found) && canBeOpened(found) ? Address.file(found) : nil)
    }
    return document.markup(options)
  }

  /// Whether a picture may be opened by itself; shown within a page, it always may.
  private func canBeOpened(_ picture: String) -> Bool {
    guard picture.pathExtension.lowercased() == "svg" else { return true }
    return (try? folder.read(picture, limit: Self.largest)).map(PlainDrawing.isOne) ?? false
  }

  private static func parts(_ address: String) -> (file: String, fragment: String) {
    guard let mark = address.firstIndex(of: "#") else { return (address, "") }
    return (String(address[..<mark]), String(address[mark...]))
  }

  /// Where a relative path leads, below the folder; nil where it leads out of it.
  static func resolved(_ address: String, beside folder: String) -> String? {
    guard !address.hasPrefix("/"), !address.contains(":") else { return nil }
    var parts = folder.split(separator: "/").map(String.init)
    for part in address.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(HTTPQuery.decoded(Array(part.utf8)[...], plusIsSpace: false) ?? String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}

extension Markdown {
  /// What our own reports say, on a page.
  static func page(_ text: String, leavesOutTitle: Bool = false) -> Markup {
    var options = MarkdownOptions()
    options.firstHeading = leavesOutTitle ? 1 : 2
    options.leavesOutTitle = leavesOutTitle
    return text.isEmpty ? .empty : MarkdownDocument(text).markup(options)
  }
}
