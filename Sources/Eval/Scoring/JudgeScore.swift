/// Every figure that one judge has of one set of images against the real ones.
public struct JudgeScore: Codable, Equatable, Sendable {
  /// What the features alone give, with errors.
  public let features: FeatureFigures
  /// Of every ``Metric`` of ``MetricCatalog`` that has a value, by name.
  public let figures: [String: MetricFigure]
  /// ``FrechetDistance`` within each label; nil for images without labels, and for a label with fewer than
  /// two images.
  public let frechetPerLabel: [Double?]?
  /// ``VendiScore`` of the images of each label (given, or else predicted).
  public let vendiPerLabel: [Double?]
  /// How many images were given each label, `[labels]`.
  public let histogram: [Int]
  /// The entropy of the histogram as a share of the largest possible, in [0, 1].
  public let entropy: Double
  /// How many images were given the label that they should have; nil for images without labels.
  public let correct: Int?

  /// Images scored.
  public var count: Int { features.count }
  /// How many images were given the label that they should have; nil for images without labels.
  public var labelAccuracy: Proportion? { correct.map { Proportion(correct: $0, count: count) } }
}
