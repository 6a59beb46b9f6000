/// The accuracy of one classifier against the size of one attack.
public struct AccuracyCurve: Codable, Equatable, Sendable {
  public struct Point: Codable, Equatable, Sendable {
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
  /// Steps, restarts and queries of the attack, in words.
  public let settings: String
  /// What ε measures: `linf`, `l2`, `l0`, or the attack's name where it is no length.
  public let norm: String
  public let region: String
  /// The range that ε is counted in: `[low, high]`.
  public let pixelRange: [Double]
  /// The classifier that the attack was made on, where it is another one.
  public let craftedOn: String?
  /// The label that the images were to be taken for; an image counts as right where it is not.
  public let target: String?
  public let cleanAccuracy: Double
  public let points: [Point]

  public init(
    classifier: String, weightsSHA256: String, attack: String, settings: String, norm: String, region: String,
    pixelRange: [Double], craftedOn: String? = nil, target: String? = nil, cleanAccuracy: Double,
    points: [Point]
  ) {
    self.classifier = classifier
    weightsSha256 = weightsSHA256
    self.attack = attack
    self.settings = settings
    self.norm = norm
    self.region = region
    self.pixelRange = pixelRange
    self.craftedOn = craftedOn
    self.target = target
    self.cleanAccuracy = cleanAccuracy
    self.points = points
  }
}

/// Which images a result was measured on.
public struct DatasetReference: Codable, Equatable, Sendable {
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
public struct AccuracyVsEpsilon: Codable, Equatable, Sendable {
  public private(set) var schema = "assay/accuracy-vs-epsilon/1"
  public let dataset: DatasetReference
  public let curves: [AccuracyCurve]

  public init(dataset: DatasetReference, curves: [AccuracyCurve]) {
    self.dataset = dataset
    self.curves = curves
  }
}
