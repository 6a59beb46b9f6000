import Experiments
import Figures
import Files
import FoundationEssentials
import Glibc
import Pictures

extension DrawnImages {
  /// The images side by side, pixel for pixel.
  var bitmap: Bitmap {
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let size = height * width * channels
    let bitmaps = (0..<shape[0]).map {
      Bitmap(
        width: width, height: height, channels: channels, values: Array(pixels[$0 * size..<($0 + 1) * size]))
    }
    return ImageGrid(columns: columns).bitmap(of: bitmaps)
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
    let images = NPY.data(pixels, shape: shape)
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
