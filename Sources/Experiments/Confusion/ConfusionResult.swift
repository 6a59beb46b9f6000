import Eval

/// `assay/confusion-matrix/1`: which labels a classifier took for which.
public struct ConfusionResult: Codable, Equatable, Sendable {
  /// How one label fared; a figure without images to take it from is 0.
  public struct PerClass: Codable, Equatable, Sendable {
    /// The label's name; `A+B` for joined ones.
    public let label: String
    /// The share of the images given this label that have it, in [0, 1].
    public let precision: Double
    /// The share of the images of this label that were given it, in [0, 1].
    public let recall: Double
    /// The harmonic mean of precision and recall, in [0, 1].
    public let f1: Double
    /// The number of images of this label.
    public let support: Int
  }

  /// The name and version of the JSON's form.
  public static let schema = "assay/confusion-matrix/1"
  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// The classifier's name.
  public let classifier: String
  /// SHA-256 of the classifier's file; empty for one that was not read from a file.
  public let weightsSha256: String
  /// What was done to the images first, in words.
  public let noise: String?
  /// Of the factors of products, where it is not float32.
  public let precision: String?
  /// What pixels of the attacked foreground are above, in [0, 1]; nil where that is 0, and without an attack.
  public let foregroundThreshold: Double?
  /// The mask of the attack, where it takes the place of a region.
  public let mask: MaskReference?
  /// The names of the rows and columns, in their order; joined labels are `A+B`.
  public let labels: [String]
  /// Rows are true labels.
  public let matrix: [[Int]]
  /// The share of the images that were given their own label, or one joined with it, in [0, 1].
  public let accuracy: Double
  /// Wilson's 95 % interval.
  public let interval: [Double]
  /// The figures of each label, in the order of ``labels``.
  public let perClass: [PerClass]

  init(
    _ matrix: ConfusionMatrix, classifier: String, weightsSHA256: String, noise: String?, precision: String?,
    foregroundThreshold: Double?, mask: MaskReference?
  ) {
    self.classifier = classifier
    weightsSha256 = weightsSHA256
    self.noise = noise
    self.precision = precision
    self.foregroundThreshold = foregroundThreshold
    self.mask = mask
    labels = matrix.labels
    self.matrix = matrix.matrix
    accuracy = matrix.accuracy.value
    interval = [matrix.accuracy.interval.lowerBound, matrix.accuracy.interval.upperBound]
    perClass = matrix.perClass.map {
      .init(label: $0.label, precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support)
    }
  }
}
