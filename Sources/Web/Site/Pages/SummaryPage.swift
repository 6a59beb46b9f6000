import Experiments
import Files
import FoundationEssentials
import Reports

/// Any other kind of result: what there is to say of it in words, a table and pictures.
struct SummaryPage {
  let title: String
  private let part: StoredPart
  private let folder: StoredFolder
  private let summary: PartSummary

  init(_ part: StoredPart, _ folder: StoredFolder) throws {
    summary = try PartSummary(part)
    (self.part, self.folder) = (part, folder)
    let name = folder.name(part.folder)
    title = name.isEmpty ? summary.title : "\(summary.title) (\(name.visible(limit: 80)))"
  }

  var content: Markup {
    let pictures = summary.pictures.map { picture -> Markup in
      if let svg = picture.svg { return "<figure class=\"chart\">\(Markup.made(svg))</figure>\n" }
      return .picture(
        "data:image/png;base64,\(picture.png.base64EncodedString())", picture.title,
        caption: Markup(picture.title), isPixelated: true)
    }
    let path = folder.name(part.path)
    var files: [String] = []
    if case .result = part.kind { files = [path] }
    return Markdown.page(summary.finding) + Markdown.page(summary.table) + pictures.joined()
      + ManifestSection(
        command: part.command, beside: folder.name(part.folder), in: folder, files: files
      ).markup
  }
}
