import Datasets
import Experiments
import Figures
import Files
import Pictures

/// The images of the cells of a confusion matrix, as a picture with a row a cell and a file that says which
/// row is which.
package struct ConfusionCellsReport {
  private let cells: ConfusionCells

  package static let name = "confusion-cells"

  package init(_ cells: ConfusionCells) { self.cells = cells }

  /// Writes `confusion-cells.json` and `.png`; nothing for images too large to be shown so.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  package func write(of images: LabeledImages, to folder: String) throws {
    guard !cells.cells.isEmpty else { return }
    let path = "\(folder)/\(Self.name)"
    let empty = Bitmap(width: cells.width, height: cells.height, filledWith: .black)
    let bitmaps = cells.cells.flatMap { cell -> [Bitmap] in
      let own = cell.images.map { images.bitmap(at: $0) }
      return own + [Bitmap](repeating: empty, count: ConfusionCells.mostImages - own.count)
    }
    try ImageGrid(columns: ConfusionCells.mostImages, spacing: 0).bitmap(of: bitmaps).write(to: "\(path).png")
    try AtomicFile.write(try JSON.text(cells) + "\n", to: "\(path).json")
  }

  /// The rows of the picture, one a cell.
  ///
  /// - Parameter sheet: the picture beside the file.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for a picture of another size.
  package func rows(of sheet: Bitmap, path: String) throws(FileError) -> [Bitmap] {
    let (width, height) = (cells.width * ConfusionCells.mostImages, cells.height * cells.cells.count)
    guard (sheet.width, sheet.height) == (width, height) else {
      throw .malformed(
        path: path, expected: "a picture of \(width)×\(height)", found: "\(sheet.width)×\(sheet.height)")
    }
    return cells.cells.enumerated().map { index, cell in
      sheet.part(x: 0, y: index * cells.height, width: cells.width * cell.images.count, height: cells.height)
    }
  }
}
