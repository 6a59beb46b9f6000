import Experiments
import Figures
import Files
import FoundationEssentials
import Glibc
import Pictures

extension DrawnImages {
  /// The images side by side, pixel for pixel.
  var bitmap: Bitmap { ImageGrid(columns: columns).bitmap(of: (0..<shape[0]).map(bitmap)) }

  /// One of the images.
  package func bitmap(at index: Int) -> Bitmap {
    let size = shape[1] * shape[2] * shape[3]
    return Bitmap(
      width: shape[2], height: shape[1], channels: shape[3],
      values: Array(pixels[index * size..<(index + 1) * size]))
  }

  /// The bytes of a picture (`png`) or of the array of the images (`npy`), as ``write(to:)`` writes them.
  package func data(_ kind: String) throws(FileError) -> Data {
    kind == "png" ? try PNG.encode(bitmap) : NPY.data(pixels, shape: shape)
  }

  /// The kinds of files that ``write(to:)`` knows, by the endings of their names.
  public static let fileKinds = ["png", "npy", "npz"]

  /// Writes them as the name ends: a picture, an array of the images with the labels in a second one
  /// (…-labels.npy), or an archive of both.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to path: String) throws {
    precondition(
      Self.fileKinds.contains(Self.kind(of: path)),
      "DrawnImages.write: a name that ends in none of \(Self.fileKinds)")
    if Self.kind(of: path) == "png" { return try bitmap.write(to: path) }
    let images = try data("npy")
    let labels = labels.map { NPY.data($0, shape: [$0.count]) }
    if Self.kind(of: path) == "npz" {
      return try NPZ.write(labels.map { ["images": images, "labels": $0] } ?? ["images": images], to: path)
    }
    try AtomicFile.write(images, to: path)
    if let labels {
      try AtomicFile.write(labels, to: path.deletingPathExtension + "-labels.npy")
    }
  }

  /// The ending of a name in small letters.
  public static func kind(of path: String) -> String { path.pathExtension.lowercased() }
}
