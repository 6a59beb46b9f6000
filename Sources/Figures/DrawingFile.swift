import Files
import Glibc
import Pictures

extension Drawing {
  /// Writes the drawing as its name says: `.svg`, or `.png` at two pixels a point. The folders above it are
  /// created; the file is there whole or not at all.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`, also for any other ending.
  public func write(to path: String) throws(FileError) {
    switch path.pathExtension.lowercased() {
    case "svg":
      try AtomicFile.write(SVG.text(of: self, path: path), to: path)
    case "png":
      try AtomicFile.write(PNG.encode(Raster.bitmap(of: self, path: path), path: path), to: path)
    default:
      throw .unwritable(path: path, reason: "a drawing's name must end in .svg or .png")
    }
  }
}

extension Bitmap {
  /// Writes the picture as a PNG file, whole or not at all, and creates the folders above it.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(PNG.encode(self, path: path), to: path)
  }

  /// Reads a PNG file.
  ///
  /// - Throws: `FileError`, as `PNG/decode(_:path:)` and `AtomicFile.read` do.
  public init(contentsOf path: String) throws(FileError) {
    self = try PNG.decode(AtomicFile.read(path), path: path)
  }
}
