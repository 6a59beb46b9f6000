/// What verdicts follow from: plain figures of one set of images, those of real ones beside them.
public struct VerdictEvidence: Sendable {
  /// One judge's part.
  public struct OfJudge: Sendable {
    /// The judge's name.
    public var name: String
    /// How often each label occurs.
    public var shares: LabelShares
    /// ``VendiScore`` within each label, of these images and of real ones; nil where there is none.
    public var diversity: [(own: Double?, real: Double?)]
    /// The share of images that show the label asked for, and of real ones theirs; nil where none was.
    public var labelAccuracy: (own: Proportion, real: Proportion)?
    /// Images near a real one, of these and of as many real ones.
    public var precision: (own: Proportion, real: Proportion)
    /// The share of real images near one of these, and near one of as many real ones.
    public var recall: (own: Double, real: Double)
    /// The share of real images with one of these in their ball, and with one of as many real ones.
    public var coverage: (own: Double, real: Double)
    /// The Fréchet distance with its bounds.
    public var distance: Distance

    /// One judge's figures; those of real images are of as many of them.
    ///
    /// - Precondition: `diversity` has an entry for each label of `shares`.
    public init(
      name: String, shares: LabelShares, diversity: [(own: Double?, real: Double?)],
      labelAccuracy: (own: Proportion, real: Proportion)? = nil,
      precision: (own: Proportion, real: Proportion), recall: (own: Double, real: Double),
      coverage: (own: Double, real: Double), distance: Distance
    ) {
      precondition(
        diversity.count == shares.shares.count,
        "VerdictEvidence: \(diversity.count) figures for \(shares.shares.count) labels")
      self.name = name
      self.shares = shares
      self.diversity = diversity
      self.labelAccuracy = labelAccuracy
      self.precision = precision
      self.recall = recall
      self.coverage = coverage
      self.distance = distance
    }
  }

  /// A Fréchet distance between what real images get at the same count and what noise does.
  public struct Distance: Sendable {
    /// The distance of the images.
    public var value: Double
    /// The standard error of ``value``.
    public var error: Double
    /// The distance of as many real images.
    public var floor: Double
    /// The standard error of ``floor``.
    public var floorError: Double
    /// The distance of as many images of uniform noise.
    public var ceiling: Double

    /// A distance with its floor and ceiling, all by one judge.
    public init(value: Double, error: Double, floor: Double, floorError: Double, ceiling: Double) {
      (self.value, self.error) = (value, error)
      (self.floor, self.floorError, self.ceiling) = (floor, floorError, ceiling)
    }
  }

  /// Images judged.
  public var count: Int
  /// By the labels' numbers.
  public var labelNames: [String]
  /// One at least.
  public var judges: [OfJudge]
  /// Images asked for of each label; nil where nothing was asked for.
  public var labelCounts: [Int]?
  /// Copies of training images, with those among held-out ones; nil where none were looked for.
  public var memorization: Memorization?
  /// Images that another one of the set is nearly the same as, of these and of real ones.
  public var repeats: (own: Proportion, real: Proportion)
  /// The mean and the deviation of all pixels, in [0, 1].
  public var brightness, contrast: (own: Double, real: Double)
  /// The deviation of a real image's mean from image to image.
  public var brightnessDeviation: Double
  /// The share of pixels that lay outside the range.
  public var clampedShare: Double
  /// Images that all judges give the same label.
  public var agreement: (own: Proportion, real: Proportion)

  /// Evidence of plain figures, such as a test makes; nothing is measured.
  ///
  /// - Precondition: there is a judge, and every list over labels has an entry for each of `labelNames`.
  public init(
    count: Int, labelNames: [String], judges: [OfJudge], labelCounts: [Int]? = nil,
    memorization: Memorization? = nil, repeats: (own: Proportion, real: Proportion),
    brightness: (own: Double, real: Double), contrast: (own: Double, real: Double),
    brightnessDeviation: Double, clampedShare: Double = 0, agreement: (own: Proportion, real: Proportion)
  ) {
    precondition(
      !judges.isEmpty && judges.allSatisfy { $0.diversity.count == labelNames.count }
        && labelCounts.map { $0.count == labelNames.count } ?? true,
      "VerdictEvidence: \(judges.count) judges of other than \(labelNames.count) labels")
    self.count = count
    self.labelNames = labelNames
    self.judges = judges
    self.labelCounts = labelCounts
    self.memorization = memorization
    self.repeats = repeats
    self.brightness = brightness
    self.contrast = contrast
    self.brightnessDeviation = brightnessDeviation
    self.clampedShare = clampedShare
    self.agreement = agreement
  }

  var labelCount: Int { labelNames.count }
  /// Real images that these are compared with.
  var realCount: Int { repeats.real.count }
  /// What each of several judges may spend of ``VerdictRule/level``.
  var levelPerJudge: Double { VerdictRule.level / Double(judges.count) }
}

extension VerdictEvidence {
  /// Of what a panel says; nil of no judges.
  ///
  /// - Parameters:
  ///   - score: of the images that the verdicts are on.
  ///   - statistics: of real images in their place.
  ///   - names: those of the judges, in order; a judge without a score or statistics is left out.
  ///   - labelNames: by the labels' numbers.
  ///   - clampedShare: of the pixels, outside the range.
  public init?(
    _ score: PanelScore, _ statistics: RealStatistics, judges names: [String], labelNames: [String],
    clampedShare: Double
  ) {
    let judges = names.compactMap { name -> OfJudge? in
      guard let own = score.judges[name], let real = statistics.judges[name] else { return nil }
      return OfJudge(name, own, real)
    }
    guard let count = names.lazy.compactMap({ score.judges[$0]?.count }).first, !judges.isEmpty else {
      return nil
    }
    let reference = statistics.judges.values.first?.count ?? 1
    self.init(
      count: count, labelNames: labelNames, judges: judges, labelCounts: score.labelCounts,
      memorization: score.memorization?.figures, repeats: (score.repeats, statistics.repeats),
      brightness: (score.brightness, statistics.brightness),
      contrast: (score.contrast, statistics.contrast),
      brightnessDeviation: statistics.brightnessDeviation, clampedShare: clampedShare,
      agreement: (
        Proportion(share: score.agreement, of: count), Proportion(share: statistics.agreement, of: reference)
      ))
  }
}

extension VerdictEvidence.OfJudge {
  init(_ name: String, _ own: JudgeScore, _ known: RealStatistics.OfJudge) {
    let (mine, real) = (own.features, known.floor.features)
    self.init(
      name: name, shares: LabelShares(counts: own.histogram, confusion: known.confusion),
      diversity: zip(own.vendiPerLabel, known.floor.vendiPerLabel).map { ($0, $1) },
      labelAccuracy: own.labelAccuracy.map { ($0, known.labelAccuracy) },
      precision: (
        Proportion(share: mine.neighbors.precision, of: mine.count),
        Proportion(share: real.neighbors.precision, of: real.count)
      ),
      recall: (mine.neighbors.recall, real.neighbors.recall),
      coverage: (mine.neighbors.coverage, real.neighbors.coverage),
      distance: .init(
        value: mine.frechetDistance, error: mine.frechetError, floor: real.frechetDistance,
        floorError: real.frechetError, ceiling: known.ceiling.features.frechetDistance))
  }
}

extension Proportion {
  /// Of a share that was counted.
  fileprivate init(share: Double, of count: Int) {
    self.init(correct: Int((share * Double(count)).rounded()), count: count)
  }
}
