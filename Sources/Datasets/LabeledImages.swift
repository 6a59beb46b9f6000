import Files
import FoundationEssentials

/// Which half of a data set: the one to learn from, or the one to be judged on.
public enum Split: String, Sendable, CaseIterable {
  /// The images to learn from.
  case train
  /// The images to be judged on.
  case test
}

/// Images with one label each, as bytes: the form in which a data set leaves its files.
///
/// Pixels are row-major `[N, H, W, C]` with values 0...255, labels are `[N]`. The scaling to floating point,
/// shuffling and batching belong to those who train.
public struct LabeledImages: Sendable, Equatable {
  /// The data set's name, such as `fashion-mnist`. It may come from a file's name, and is made visible.
  public let name: String
  /// Which half of the data set they are from.
  public let split: Split
  /// Rows of an image.
  public let height: Int
  /// Columns of an image.
  public let width: Int
  /// Values of a pixel: 1 for grey.
  public let channels: Int
  /// Row-major `[N, H, W, C]`.
  public let pixels: [UInt8]
  /// `[N]`, each below `labelNames.count`.
  public let labels: [UInt8]
  /// What the labels mean: `labelNames[Int(labels[i])]`.
  public let labelNames: [String]
  /// Identifies the two files that these images were read from: the SHA-256 of the hexadecimal SHA-256 of the
  /// uncompressed images file followed by that of the uncompressed labels file, see
  /// ``sha256(images:labels:)``. A ``prefix(_:)`` and ``at(_:)`` keep it; empty for images that come from no
  /// file.
  public let sha256: String

  /// Images that are in memory already, from a file or from anywhere else.
  ///
  /// - Precondition: the pixels fill `[labels.count, height, width, channels]`, every label has a name.
  public init(
    name: String, split: Split, height: Int, width: Int, channels: Int = 1,
    pixels: [UInt8], labels: [UInt8], labelNames: [String], sha256: String = ""
  ) {
    precondition(
      pixels.count == labels.count * height * width * channels,
      "\(pixels.count) pixel values do not fill \([labels.count, height, width, channels])")
    precondition(labels.allSatisfy { $0 < labelNames.count }, "a label is not below \(labelNames.count)")
    self.name = name.visible()
    self.split = split
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.labelNames = labelNames
    self.sha256 = sha256
  }

  /// The number of images, N.
  public var count: Int { labels.count }

  /// `[N, H, W, C]`.
  public var shape: [Int] { [count, height, width, channels] }

  /// The number of values of one image, H · W · C.
  public var valuesPerImage: Int { height * width * channels }

  /// Whether the files were, byte for byte of content, those that ``DatasetCatalog`` lists under this name.
  public var isVerified: Bool {
    guard let known = DatasetCatalog.named(name)?.sha256(of: split) else { return false }
    return sha256 == known
  }

  /// How many images carry each label, `[labelNames.count]`.
  public var countPerLabel: [Int] {
    var counts = [Int](repeating: 0, count: labelNames.count)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// Where the images of one label are, in ascending order.
  public func indices(ofLabel label: Int) -> [Int] {
    labels.indices.filter { Int(labels[$0]) == label }
  }

  /// The values of image `index`, row-major `[H, W, C]`.
  public func image(at index: Int) -> ArraySlice<UInt8> {
    pixels[index * valuesPerImage..<(index + 1) * valuesPerImage]
  }

  /// The images of some labels, which are numbered anew in the order given. They have a ``sha256`` of their
  /// own.
  ///
  /// - Precondition: `chosen` are different labels of these.
  public func of(labels chosen: [Int]) -> LabeledImages {
    let places = Dictionary(
      uniqueKeysWithValues: chosen.enumerated().map { (UInt8($0.element), UInt8($0.offset)) })
    let kept = at(labels.indices.filter { places[labels[$0]] != nil })
    let names = chosen.map { labelNames[$0] }
    return LabeledImages(
      name: name, split: split, height: height, width: width, channels: channels, pixels: kept.pixels,
      labels: kept.labels.compactMap { places[$0] }, labelNames: names,
      sha256: sha256.isEmpty ? "" : SHA256.hex(of: Data(([sha256] + names).joined(separator: "\n").utf8)))
  }

  /// The first `n` images, or all of them where there are fewer.
  ///
  /// - Precondition: `n` is not negative.
  public func prefix(_ n: Int) -> LabeledImages { n >= count ? self : at(Array(0..<n)) }

  /// The images at `indices`, in that order.
  public func at(_ indices: [Int]) -> LabeledImages {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.count * valuesPerImage)
    for index in indices { chosen += image(at: index) }
    return LabeledImages(
      name: name, split: split, height: height, width: width, channels: channels, pixels: chosen,
      labels: indices.map { labels[$0] }, labelNames: labelNames, sha256: sha256)
  }
}
