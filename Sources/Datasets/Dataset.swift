import Files
import Foundation

/// The description of a labelled image set of the MNIST family: four IDX files in one folder.
///
/// | file, plain or with `.gz` | content |
/// |---|---|
/// | `train-images-idx3-ubyte` | `[N, H, W]` or `[N, H, W, C]` bytes |
/// | `train-labels-idx1-ubyte` | `[N]` bytes |
/// | `t10k-images-idx3-ubyte` | the same for the test split |
/// | `t10k-labels-idx1-ubyte` | |
///
/// Holds no data: ``load(_:from:)`` reads it. Where a set is on this machine is ``DatasetLocator``'s question.
public struct Dataset: Sendable, Equatable {
  /// Short and lowercase, such as `fashion-mnist`.
  public let name: String
  /// What the labels 0, 1, … mean.
  public let labelNames: [String]
  /// The SHA-256 of the uncompressed files, where they are known.
  public let digests: [DatasetFile: String]
  /// The address under which the four `.gz` files can be had.
  public let home: String?
  /// The Debian package that installs the files below `/usr/share/datasets`.
  public let debianPackage: String?

  /// A set of which only the form is known; the labels are called "0" to "9".
  public init(
    name: String, labelNames: [String] = (0..<10).map(String.init), digests: [DatasetFile: String] = [:],
    home: String? = nil, debianPackage: String? = nil
  ) {
    self.name = name
    self.labelNames = labelNames
    self.digests = digests
    self.home = home
    self.debianPackage = debianPackage
  }

  /// What ``LabeledImages/sha256`` of this split must be, or nil where that is not known.
  public func sha256(of split: Split) -> String? {
    guard let images = digests[.images(of: split)], let labels = digests[.labels(of: split)] else {
      return nil
    }
    return LabeledImages.sha256(images: images, labels: labels)
  }

  /// Reads one split from the files in `folder`.
  ///
  /// Content that differs from the known digests is read all the same; ``LabeledImages/isVerified`` tells.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` for a file that is not what ``IDX`` reads, for an unequal
  ///   number of images and labels, and for a label without a name.
  public func load(_ split: Split, from folder: String) throws(FileError) -> LabeledImages {
    let imagesPath = try DatasetFile.images(of: split).path(in: folder, remedy: remedy)
    let labelsPath = try DatasetFile.labels(of: split).path(in: folder, remedy: remedy)
    let labels = try IDX.read(.labels, at: labelsPath)
    let images = try IDX.read(.images, at: imagesPath)
    guard [1, 3].contains(images.shape[3]) else {
      throw .malformed(
        path: imagesPath, expected: "grey images or images of three colours",
        found: "\(images.shape[3]) channels")
    }
    guard images.shape[0] == labels.values.count else {
      throw .malformed(
        path: labelsPath, expected: "\(images.shape[0]) labels, one for each image of \(imagesPath)",
        found: "\(labels.values.count)")
    }
    if let index = labels.values.firstIndex(where: { $0 >= labelNames.count }) {
      throw .malformed(
        path: labelsPath, expected: "labels from 0 to \(labelNames.count - 1)",
        found: "\(labels.values[index]) at position \(index)")
    }
    return LabeledImages(
      name: name, split: split, height: images.shape[1], width: images.shape[2], channels: images.shape[3],
      pixels: images.values, labels: labels.values, labelNames: labelNames,
      sha256: LabeledImages.sha256(images: images.sha256, labels: labels.sha256))
  }

  /// How a person gets the data.
  var remedy: String {
    let folder = "pass the folder of its four IDX files with --data DIR"
    return debianPackage.map { "install it with `apt-get install \($0)`, or \(folder)" } ?? folder
  }
}

/// One of the four files of a ``Dataset``; the raw value is its name without `.gz`.
public enum DatasetFile: String, Sendable, CaseIterable {
  case trainImages = "train-images-idx3-ubyte"
  case trainLabels = "train-labels-idx1-ubyte"
  case testImages = "t10k-images-idx3-ubyte"
  case testLabels = "t10k-labels-idx1-ubyte"

  public static func images(of split: Split) -> DatasetFile { split == .train ? .trainImages : .testImages }
  public static func labels(of split: Split) -> DatasetFile { split == .train ? .trainLabels : .testLabels }

  /// What the file holds.
  public var kind: IDX.Kind { self == .trainImages || self == .testImages ? .images : .labels }

  /// Its name as it is distributed.
  public var compressedName: String { "\(rawValue).gz" }

  /// Where the file is in `folder`, compressed or plain; nil if it is not there.
  public func path(in folder: String) -> String? {
    [compressedName, rawValue].map { (folder as NSString).appendingPathComponent($0) }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The same, with an error that names the file.
  func path(in folder: String, remedy: String) throws(FileError) -> String {
    if let path = path(in: folder) { return path }
    let path = (folder as NSString).appendingPathComponent(compressedName)
    // It may be there, and not for this user's eyes.
    try AtomicFile.checkIsFile(path, remedy: remedy)
    throw .missing(path: path, remedy: remedy)
  }
}

extension LabeledImages {
  /// The digest of a split, from the hexadecimal digests of the uncompressed content of its two files.
  public static func sha256(images: String, labels: String) -> String {
    SHA256.hex(of: Data((images + labels).utf8))
  }
}
