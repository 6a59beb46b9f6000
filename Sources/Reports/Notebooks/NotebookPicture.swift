import Figures
import Files
import FoundationEssentials
import Pictures

/// A picture in a notebook, as bytes: a chart as PNG and SVG, a bitmap as PNG alone.
package struct NotebookPicture: Equatable, Sendable {
  /// What stands in its place where it cannot be seen.
  let title: String
  let png: Data
  let svg: String?

  init(_ drawing: Drawing) throws(FileError) {
    title = drawing.title.visible()
    png = try PNG.encode(Raster.bitmap(of: drawing))
    svg = try SVG.text(of: drawing)
  }

  package init(_ bitmap: Bitmap, title: String) throws(FileError) {
    self.title = title
    png = try PNG.encode(bitmap)
    svg = nil
  }

  /// A PNG file that was drawn before.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for bytes that are none.
  init(_ bytes: Data, path: String, title: String) throws(FileError) {
    // Encoded anew: nothing but the picture comes along.
    try self.init(PNG.decode(bytes, path: path), title: title)
  }
}
