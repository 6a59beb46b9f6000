/// The accuracy of one classifier against the size of one attack.
public struct AccuracyCurve: Encodable, Equatable, Sendable {
  public struct Point: Encodable, Equatable, Sendable {
    /// In units of the curve's pixel range.
    public let epsilon: Double
    public let accuracy: Double
    /// Wilson's 95 % interval.
    public let interval: [Double]
    public let correct: Int
    public let count: Int

    public init(epsilon: Double, _ proportion: Proportion) {
      self.epsilon = epsilon
      accuracy = proportion.value
      interval = [proportion.interval.lowerBound, proportion.interval.upperBound]
      correct = proportion.correct
      count = proportion.count
    }
  }

  public let classifier: String
  public let weightsSha256: String
  public let attack: String
  public let norm: String
  public let region: String
  /// The range that ε is counted in: `[low, high]`.
  public let pixelRange: [Double]
  public let cleanAccuracy: Double
  public let points: [Point]

  public init(
    classifier: String, weightsSHA256: String, attack: String, norm: String, region: String,
    pixelRange: [Double], cleanAccuracy: Double, points: [Point]
  ) {
    self.classifier = classifier
    weightsSha256 = weightsSHA256
    self.attack = attack
    self.norm = norm
    self.region = region
    self.pixelRange = pixelRange
    self.cleanAccuracy = cleanAccuracy
    self.points = points
  }
}

/// Which images a result was measured on.
public struct DatasetReference: Encodable, Equatable, Sendable {
  public let name: String
  public let split: String
  public let count: Int
  public let sha256: String

  public init(name: String, split: String, count: Int, sha256: String) {
    self.name = name
    self.split = split
    self.count = count
    self.sha256 = sha256
  }
}

/// `assay/accuracy-vs-epsilon/1`
public struct AccuracyVsEpsilon: Encodable, Equatable, Sendable {
  public let schema = "assay/accuracy-vs-epsilon/1"
  public let dataset: DatasetReference
  public let curves: [AccuracyCurve]

  public init(dataset: DatasetReference, curves: [AccuracyCurve]) {
    self.dataset = dataset
    self.curves = curves
  }
}
