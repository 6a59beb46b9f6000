import Datasets
import Files

/// What is in a split of a data set: `assay/dataset/1`.
public struct DatasetSummary: Codable, Sendable {
  /// How many images have a label.
  public struct Count: Codable, Sendable {
    /// The label's name.
    public let label: String
    /// The number of its images; 0 for a label that has none.
    public let count: Int
  }

  /// The name and version of the JSON's form.
  public static let schema = "assay/dataset/1"
  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// The data set's name, such as `fashion-mnist`.
  public let name: String
  /// Which half it is: `train` or `test`.
  public let split: String
  /// The number of images.
  public let count: Int
  /// `[N, H, W, C]`
  public let shape: [Int]
  /// Identifies the files of the images and labels (`LabeledImages.sha256`); empty for images that come from
  /// no file.
  public let sha256: String
  /// Whether the SHA-256 is the known one of the set.
  public let sha256Ok: Bool
  /// How many images each label has, in the order of the labels.
  public let perLabel: [Count]

  /// Counts the images of each label.
  ///
  /// - Parameters:
  ///   - images: a label that none of them has counts 0.
  ///   - split: the half that they are.
  public init(_ images: LabeledImages, split: Split) {
    name = images.name
    self.split = split.rawValue
    count = images.count
    shape = images.shape
    sha256 = images.sha256
    sha256Ok = images.isVerified
    perLabel = zip(images.labelNames, images.countPerLabel).map { Count(label: $0, count: $1) }
  }
}

extension LabeledImages {
  /// Writes an .npz of the arrays `images`, bytes `[N, H, W]` or `[N, H, W, 3]`, and `labels`, `[N]`.
  ///
  /// - Throws: `FileError.unwritable`.
  public func writeArrays(to path: String) throws(FileError) {
    let shape = [count, height, width] + (channels == 1 ? [] : [channels])
    try NPZ.write(
      [
        "images": NPY.data(pixels, shape: shape), "labels": NPY.data(labels.map(Int.init), shape: [count]),
      ], to: path)
  }
}
