/// What verdicts follow from: plain figures of one set of images, those of real ones beside them.
public struct VerdictEvidence: Sendable {
  public var count: Int
  public var labelNames: [String]
  /// Images given each label, by each judge in turn.
  public var histograms: [[Int]]
  /// ``VendiScore`` within each label by each judge, of these images and of real ones; nil where there is
  /// none.
  public var diversity: [[(own: Double?, real: Double?)]]
  public var memorization: Memorization?
  /// By each judge; none where no labels were asked for.
  public var labelAccuracies: [Proportion]
  /// The mean and the deviation of all pixels, in [0, 1].
  public var brightness, contrast: (own: Double, real: Double)
  /// The share of pixels that lay outside the range.
  public var clampedShare: Double
  /// The first judge's: numbers of a feature, and its Fréchet distance.
  public var dimension: Int
  public var frechetDistance: MetricFigure
  /// The share of images that all judges give the same label.
  public var agreement: (own: Double, real: Double)

  public init(
    count: Int, labelNames: [String], histograms: [[Int]], diversity: [[(own: Double?, real: Double?)]],
    memorization: Memorization? = nil, labelAccuracies: [Proportion] = [],
    brightness: (own: Double, real: Double), contrast: (own: Double, real: Double),
    clampedShare: Double = 0, dimension: Int, frechetDistance: MetricFigure,
    agreement: (own: Double, real: Double)
  ) {
    precondition(
      histograms.allSatisfy { $0.count == labelNames.count }
        && diversity.allSatisfy { $0.count == labelNames.count },
      "VerdictEvidence: not \(labelNames.count) figures, one for each label")
    self.count = count
    self.labelNames = labelNames
    self.histograms = histograms
    self.diversity = diversity
    self.memorization = memorization
    self.labelAccuracies = labelAccuracies
    self.brightness = brightness
    self.contrast = contrast
    self.clampedShare = clampedShare
    self.dimension = dimension
    self.frechetDistance = frechetDistance
    self.agreement = agreement
  }

  /// Of what a panel says; nil of no judges.
  ///
  /// - Parameters:
  ///   - judges: the names, in order.
  ///   - clampedShare: of the pixels, outside the range.
  public init?(
    _ score: PanelScore, _ statistics: RealStatistics, judges: [String], labelNames: [String],
    clampedShare: Double
  ) {
    let scores = judges.compactMap { score.judges[$0] }
    guard let first = scores.first else { return nil }
    self.init(
      count: first.count, labelNames: labelNames, histograms: scores.map(\.histogram),
      diversity: judges.compactMap { judge in
        guard let own = score.judges[judge], let real = statistics.judges[judge]?.floor else { return nil }
        return zip(own.vendiPerLabel, real.vendiPerLabel).map { (own: $0, real: $1) }
      },
      memorization: score.memorization?.figures, labelAccuracies: scores.compactMap(\.labelAccuracy),
      brightness: (score.brightness, statistics.brightness),
      contrast: (score.contrast, statistics.contrast), clampedShare: clampedShare,
      dimension: first.features.dimension,
      frechetDistance: MetricFigure(
        first.features.frechetDistance, standardError: first.features.frechetError),
      agreement: (score.agreement, statistics.agreement))
  }

  var labelCount: Int { labelNames.count }
}
