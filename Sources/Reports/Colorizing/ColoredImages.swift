import Datasets
import Experiments
import Figures
import Files
import FoundationEssentials
import Glibc
import Pictures

/// Coloured images as pictures and arrays.
public struct ColoredImages {
  private let outcome: ColorizationOutcome

  /// The images of a colorization; nothing is drawn before ``write(to:)``.
  public init(_ outcome: ColorizationOutcome) { self.outcome = outcome }

  /// Writes the coloured images as the name ends.
  ///
  /// | ending | content |
  /// |---|---|
  /// | `.png` | a single image; of several the first, each with its grey one on its left |
  /// | `.npy` | the array `[N, 28, 28, 3]`, bytes |
  /// | `.npz` | the same as `images`, with `labels` where they are known |
  /// | none | a folder of a PNG for each image, called as its source, or numbered |
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to path: String) throws {
    let (images, count) = (outcome.grey.images, outcome.grey.images.count)
    let shape = [count, images.height, images.width, 3]
    switch DrawnImages.kind(of: path) {
    case "png": try picture.write(to: path)
    case "npy": try AtomicFile.write(NPY.data(outcome.colored, shape: shape), to: path)
    case "npz":
      let colored = NPY.data(outcome.colored, shape: shape)
      let labels = images.labels.map { NPY.data($0, shape: [count]) }
      try NPZ.write(labels.map { ["images": colored, "labels": $0] } ?? ["images": colored], to: path)
    default:
      for (index, name) in names.enumerated() { try colored(index).write(to: "\(path)/\(name).png") }
    }
  }

  /// Those of the sources without their endings, where that leaves them apart, or numbers.
  private var names: [String] {
    let count = outcome.grey.images.count
    guard let sources = outcome.grey.names else {
      return (1...count).map { String(repeating: "0", count: "\(count)".count - "\($0)".count) + "\($0)" }
    }
    let short = sources.map { $0.deletingPathExtension }
    let uses = Dictionary(grouping: short) { $0 }
    return zip(sources, short).map { uses[$1]?.count == 1 ? $1 : $0 }
  }

  private static let imagesInPicture = 100
  private static let columns = 10

  private var picture: Bitmap {
    let count = outcome.grey.images.count
    guard count > 1 else { return colored(0) }
    let shown = (0..<min(count, Self.imagesInPicture)).flatMap { [grey($0).rgb, colored($0)] }
    return ImageGrid(columns: 2 * Self.columns).bitmap(of: shown)
  }

  private func grey(_ index: Int) -> Bitmap {
    let images = outcome.grey.images
    let size = images.valuesPerImage
    return Bitmap(
      width: images.width, height: images.height, channels: 1,
      pixels: Array(images.pixels[index * size..<(index + 1) * size]))
  }

  private func colored(_ index: Int) -> Bitmap {
    let images = outcome.grey.images
    let size = 3 * images.valuesPerImage
    return Bitmap(
      width: images.width, height: images.height, channels: 3,
      pixels: Array(outcome.colored[index * size..<(index + 1) * size]))
  }
}
