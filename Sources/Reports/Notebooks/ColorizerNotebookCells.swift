import Experiments
import Files

/// A colorizer's training: its losses, and the first and the last of the grids that it drew.
enum ColorizerNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.training(.colorizer)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let losses = try LossCells(part, of: "the colorizer", grids: part.grids, data: data)
    return NotebookSection(
      title: "Training of a colorizer",
      finding: "A network that colours grey images. " + losses.finding, table: losses.markdown,
      code: try losses.code(), files: losses.files)
  }
}
