import Files
import FoundationEssentials

/// The description of a labelled image set of the MNIST family: four IDX files in one folder, or what
/// ``DatasetFiles`` finds in other forms.
///
/// | file, plain or with `.gz` | content |
/// |---|---|
/// | `train-images-idx3-ubyte` | `[N, H, W]` or `[N, H, W, C]` bytes |
/// | `train-labels-idx1-ubyte` | `[N]` bytes, or other whole numbers |
/// | `t10k-images-idx3-ubyte` | the same for the test split |
/// | `t10k-labels-idx1-ubyte` | |
///
/// Holds no data: ``load(_:from:)`` reads it. Where a set is on this machine is ``DatasetLocator``'s
/// question.
public struct Dataset: Sendable, Equatable {
  /// Short and lowercase, such as `fashion-mnist`.
  public let name: String
  /// What the labels 0, 1, … mean.
  public let labelNames: [String]
  /// The label that the first name is for; nil where the labels tell: 1 where they go from 1 to the number of
  /// names, else 0.
  public let firstLabel: Int?
  /// Whether nobody knows what the labels mean, nor how many there are: a set with more of them than ten gets
  /// more numbers.
  public let isNumbered: Bool
  /// Whether the files have rows and columns exchanged, as those of EMNIST.
  public let isTransposed: Bool
  /// The SHA-256 of the uncompressed files, where they are known.
  public let digests: [DatasetFile: String]
  /// The address under which the four `.gz` files can be had.
  public let home: String?
  /// The Debian package that installs the files below `/usr/share/datasets`.
  public let debianPackage: String?

  /// A set that may be read from files of its form, with what is known of it.
  ///
  /// - Parameters:
  ///   - name: short and lowercase, such as `fashion-mnist`.
  ///   - labelNames: nil for a set of which only the form is known; its labels are called by their numbers.
  ///   - firstLabel: the label that the first name is for; nil where the labels tell.
  ///   - isTransposed: whether the files have rows and columns exchanged.
  ///   - digests: SHA-256 of the uncompressed files, where they are known.
  ///   - home: the address under which the four `.gz` files can be had; nil for none.
  ///   - debianPackage: the one that installs the files; nil for none.
  public init(
    name: String, labelNames: [String]? = nil, firstLabel: Int? = 0, isTransposed: Bool = false,
    digests: [DatasetFile: String] = [:], home: String? = nil, debianPackage: String? = nil
  ) {
    self.name = name
    self.labelNames = labelNames ?? (0..<10).map(String.init)
    self.firstLabel = firstLabel
    self.isTransposed = isTransposed
    self.digests = digests
    self.home = home
    self.debianPackage = debianPackage
    isNumbered = labelNames == nil
  }

  /// The same set, with names for its labels and turned, where that is asked for.
  public func with(_ names: LabelNames?, isTransposed: Bool) -> Dataset {
    Dataset(
      name: name, labelNames: names?.names ?? (isNumbered ? nil : labelNames),
      firstLabel: names == nil ? firstLabel : names?.first, isTransposed: isTransposed, digests: digests,
      home: home,
      debianPackage: debianPackage)
  }

  /// What ``LabeledImages/sha256`` of this split must be, or nil where that is not known.
  public func sha256(of split: Split) -> String? {
    guard let images = digests[.images(of: split)], let labels = digests[.labels(of: split)] else {
      return nil
    }
    return LabeledImages.sha256(images: images, labels: labels)
  }

  /// Reads one split from the files at `path`: a folder, or a single file of ``DatasetFiles``.
  ///
  /// Content that differs from the known digests is read all the same; ``LabeledImages/isVerified`` tells.
  ///
  /// - Throws: `FileError.missing(path:remedy:)`, `FileError.unreadable(path:reason:)`, and
  ///   `FileError.malformed(path:expected:found:)` for a file that is not what its reader reads, for an
  ///   unequal number of images and labels, and for a label without a name.
  public func load(_ split: Split, from path: String) throws(FileError) -> LabeledImages {
    try load(split, from: DatasetFiles(at: path, set: name, remedy: remedy))
  }

  /// The same from files that were found before.
  public func load(
    _ split: Split, from files: DatasetFiles, pictures: PictureReading = PictureReading()
  ) throws(FileError) -> LabeledImages {
    try load([split], from: files, pictures: pictures)[0]
  }

  /// The same of one split or both.
  ///
  /// - Parameters:
  ///   - splits: those that are read, in the order of the result.
  ///   - files: as they were found before.
  ///   - pictures: how pictures become images, where the files are some.
  public func load(
    _ splits: [Split], from files: DatasetFiles, pictures: PictureReading = PictureReading()
  ) throws(FileError) -> [LabeledImages] {
    let stored = try files.read(splits, remedy: remedy, pictures: pictures)
    return try zip(splits, stored).map { split, stored throws(FileError) in
      try images(split, isTransposed ? stored.transposed : stored, files)
    }
  }

  /// A split with its labels numbered from 0.
  private func images(
    _ split: Split, _ images: StoredSplit, _ files: DatasetFiles
  ) throws(FileError) -> LabeledImages {
    let (names, first) =
      files.folderNames.map { ($0, 0) }
      ?? numbering(isNumbered || firstLabel == nil ? Set(files.labels().joined()) : [])
    if let index = images.labels.firstIndex(where: { !(first..<first + names.count).contains(Int($0)) }) {
      throw .malformed(
        path: images.labelsPath, expected: "labels from \(first) to \(first + names.count - 1)",
        found: "\(images.labels[index]) at position \(index)")
    }
    return LabeledImages(
      name: name, split: split, height: images.height, width: images.width, channels: images.channels,
      pixels: images.pixels, labels: first == 0 ? images.labels : images.labels.map { $0 - UInt8(first) },
      labelNames: names, sha256: images.sha256)
  }

  /// What the labels are called, and which is the first.
  ///
  /// - Parameter labels: all that occur, in both splits.
  private func numbering(_ labels: Set<UInt8>) -> (names: [String], first: Int) {
    let (least, greatest) = (Int(labels.min() ?? 0), Int(labels.max() ?? 0))
    if isNumbered, greatest >= labelNames.count {
      let first = least == 1 ? 1 : 0
      return ((first...greatest).map(String.init), first)
    }
    return (labelNames, firstLabel ?? (least >= 1 && greatest == labelNames.count ? 1 : 0))
  }

  /// How a person gets the data.
  public var remedy: String {
    debianPackage.map { "install it with `apt-get install \($0)`, or \(Self.folderRemedy)" }
      ?? Self.folderRemedy
  }

  /// What a person who has the files does.
  package static let folderRemedy = "name the folder of its four IDX files"
}

/// One of the four files of a ``Dataset``; the raw value is its name without `.gz`.
public enum DatasetFile: String, Sendable, CaseIterable {
  /// The images to learn from, as bytes.
  case trainImages = "train-images-idx3-ubyte"
  /// The labels of ``trainImages``.
  case trainLabels = "train-labels-idx1-ubyte"
  /// The images to be judged on, as bytes.
  case testImages = "t10k-images-idx3-ubyte"
  /// The labels of ``testImages``.
  case testLabels = "t10k-labels-idx1-ubyte"

  /// The file of the images of `split`.
  public static func images(of split: Split) -> DatasetFile { split == .train ? .trainImages : .testImages }

  /// The file of the labels of `split`.
  public static func labels(of split: Split) -> DatasetFile { split == .train ? .trainLabels : .testLabels }

  /// What the file holds.
  public var kind: IDX.Kind { self == .trainImages || self == .testImages ? .images : .labels }

  /// Its name as it is distributed.
  public var compressedName: String { "\(rawValue).gz" }

  /// Where the file is in `folder`, compressed or plain; nil if it is not there.
  public func path(in folder: String) -> String? {
    [compressedName, rawValue].map { folder.appendingPathComponent($0) }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The same, with an error that names the file.
  func path(in folder: String, remedy: String) throws(FileError) -> String {
    if let path = path(in: folder) { return path }
    let path = folder.appendingPathComponent(compressedName)
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
