import Eval

/// `assay/confusion-matrix/1`
public struct ConfusionResult: Codable, Equatable, Sendable {
  public struct PerClass: Codable, Equatable, Sendable {
    public let label: String
    public let precision, recall, f1: Double
    /// The number of images of this label.
    public let support: Int
  }

  public private(set) var schema = "assay/confusion-matrix/1"
  public let classifier: String
  public let weightsSha256: String
  /// What was done to the images first, in words.
  public let noise: String?
  /// Of the factors of products, where it is not float32.
  public let precision: String?
  public let labels: [String]
  /// Rows are true labels.
  public let matrix: [[Int]]
  public let accuracy: Double
  /// Wilson's 95 % interval.
  public let interval: [Double]
  public let perClass: [PerClass]

  init(
    _ matrix: ConfusionMatrix, classifier: String, weightsSHA256: String, noise: String?, precision: String?
  ) {
    self.classifier = classifier
    weightsSha256 = weightsSHA256
    self.noise = noise
    self.precision = precision
    labels = matrix.labels
    self.matrix = matrix.matrix
    accuracy = matrix.accuracy.value
    interval = [matrix.accuracy.interval.lowerBound, matrix.accuracy.interval.upperBound]
    perClass = matrix.perClass.map {
      .init(label: $0.label, precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support)
    }
  }
}
