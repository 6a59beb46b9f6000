import Experiments
import FoundationEssentials

/// What there is to say of one part of a run in words, a table and pictures, whatever its kind: for pages. A
/// notebook says the same with code.
package struct PartSummary: Sendable {
  /// A picture with what it shows.
  package struct Picture: Sendable {
    package let title: String
    package let png: Data
    /// Of charts.
    package let svg: String?
  }

  /// Of the heading.
  package let title: String
  /// Markdown, in which no text of a file is markup.
  package let finding, table: String
  package let pictures: [Picture]

  /// - Throws: `FileError` where a file is missing, does not hold what it should, or is of a kind that is not
  ///   shown.
  package init(_ part: StoredPart) throws {
    let section = try NotebookCatalog.cells(of: part).section(of: part, data: "data")
    (title, finding, table) = (section.title, section.finding, section.table)
    pictures = section.code.flatMap { cell -> [Picture] in
      guard case .code(_, let outputs) = cell else { return [] }
      return outputs.compactMap { output in
        guard case .picture(let picture) = output else { return nil }
        return Picture(title: picture.title, png: picture.png, svg: picture.svg)
      }
    }
  }
}
