/// The accuracy of one classifier against the size of one attack.
public struct AccuracyCurve: Codable, Equatable, Sendable {
  /// The accuracy at one ε.
  public struct Point: Codable, Equatable, Sendable {
    /// In units of the curve's pixel range.
    public let epsilon: Double
    /// The share of attacked images that are classified right, in [0, 1]. With a target, those that are not
    /// taken for it.
    public let accuracy: Double
    /// Wilson's 95 % interval of ``accuracy``, lower end first.
    public let interval: [Double]
    /// Images counted as right.
    public let correct: Int
    /// Images attacked.
    public let count: Int

    /// A point of the curve; its interval is that of the proportion.
    ///
    /// - Parameters:
    ///   - epsilon: in units of the curve's pixel range.
    ///   - proportion: images counted as right, of those attacked.
    public init(epsilon: Double, _ proportion: Proportion) {
      self.epsilon = epsilon
      accuracy = proportion.value
      interval = [proportion.interval.lowerBound, proportion.interval.upperBound]
      correct = proportion.correct
      count = proportion.count
    }
  }

  /// The classifier's name, such as `conv`.
  public let classifier: String
  /// SHA-256 of the classifier's weights, in hexadecimal digits.
  public let weightsSha256: String
  /// The attack's name, such as `fgsm`.
  public let attack: String
  /// Steps, restarts and queries of the attack, in words.
  public let settings: String
  /// What ε measures: `linf`, `l2`, `l0`, or the attack's name where it is no length.
  public let norm: String
  /// The pixels that the attack may change: `foreground`, `everywhere` or `mask`.
  public let region: String
  /// What pixels of the foreground are above, in [0, 1]; nil where that is 0, and in other regions.
  public let foregroundThreshold: Double?
  /// The mask, where it takes the place of a region.
  public let mask: MaskReference?
  /// The range that ε is counted in: `[low, high]`.
  public let pixelRange: [Double]
  /// The classifier that the attack was made on, where it is another one.
  public let craftedOn: String?
  /// The label that the images were to be taken for; an image counts as right where it is not.
  public let target: String?
  /// The share of the same images that are classified right without an attack, in [0, 1].
  public let cleanAccuracy: Double
  /// One for each ε that was tried, in the order in which they were asked for.
  public let points: [Point]

  /// A curve of figures that were measured already.
  public init(
    classifier: String, weightsSHA256: String, attack: String, settings: String, norm: String, region: String,
    foregroundThreshold: Double? = nil, mask: MaskReference? = nil,
    pixelRange: [Double], craftedOn: String? = nil, target: String? = nil, cleanAccuracy: Double,
    points: [Point]
  ) {
    self.classifier = classifier
    weightsSha256 = weightsSHA256
    self.attack = attack
    self.settings = settings
    self.norm = norm
    self.region = region
    self.foregroundThreshold = foregroundThreshold
    self.mask = mask
    self.pixelRange = pixelRange
    self.craftedOn = craftedOn
    self.target = target
    self.cleanAccuracy = cleanAccuracy
    self.points = points
  }
}

/// Which images a result was measured on.
public struct DatasetReference: Codable, Equatable, Sendable {
  /// The data set's name, such as `fashion-mnist`.
  public let name: String
  /// `train` or `test`.
  public let split: String
  /// Images measured on; fewer than the split has where a limit was set.
  public let count: Int
  /// Identifies the files that the images came from, as `LabeledImages.sha256` does; empty where there were
  /// none.
  public let sha256: String

  /// Names the images by what identifies them; nothing is read.
  public init(name: String, split: String, count: Int, sha256: String) {
    self.name = name
    self.split = split
    self.count = count
    self.sha256 = sha256
  }
}

/// Accuracy against ε for one classifier or several on the same images, as a file of results holds it.
///
/// `assay/accuracy-vs-epsilon/1`
public struct AccuracyVsEpsilon: Codable, Equatable, Sendable {
  /// The name and version of the JSON's form.
  public static let schema = "assay/accuracy-vs-epsilon/1"
  /// The name and version of the JSON's form.
  public private(set) var schema = Self.schema
  /// The images that every curve was measured on.
  public let dataset: DatasetReference
  /// One for each combination of classifier, attack and region that was measured.
  public let curves: [AccuracyCurve]

  /// A result of curves that were measured on the same images.
  public init(dataset: DatasetReference, curves: [AccuracyCurve]) {
    self.dataset = dataset
    self.curves = curves
  }
}
