import Kernels

/// One figure of a set of images: what it is called, how it is written, and how it follows from what a judge
/// saw.
///
/// Score files, tables, leaderboards and the check of score files walk ``MetricCatalog``; none of them knows
/// a metric by name.
public struct Metric: Sendable {
  /// Which of two values is the better one.
  public enum Direction: Sendable {
    /// It measures a distance or a fault.
    case lowerIsBetter
    /// It measures a merit.
    case higherIsBetter
    /// It describes; more is neither better nor worse.
    case neither
  }

  /// The values that it can have.
  public enum Domain: Sendable {
    /// Any finite number.
    case number
    /// A number of 0 or more.
    case notNegative
    /// A number in [0, 1].
    case share
  }

  /// How a report for people writes it.
  public enum Digits: Sendable, Equatable {
    /// So many significant digits, as for distances, which differ by magnitudes.
    case significant(Int)
    /// So many digits after the point.
    case decimals(Int)
  }

  /// The reports that show it. A score file holds every metric.
  public struct Places: OptionSet, Sendable {
    /// One bit for each report.
    public let rawValue: Int
    /// The reports whose bits are set.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The table of `eval score`.
    public static let scoreTable = Places(rawValue: 1)
    /// The CSV of `eval score`.
    public static let scoreCSV = Places(rawValue: 2)
    /// The table of a leaderboard.
    public static let leaderboardTable = Places(rawValue: 4)
    /// The CSV of a leaderboard.
    public static let leaderboardCSV = Places(rawValue: 8)
    /// The table of `eval score --features`, which compares features of any network.
    public static let featureTable = Places(rawValue: 16)
    /// The CSV of `eval score --features`.
    public static let featureCSV = Places(rawValue: 32)
    /// The card that a score draws for each source.
    public static let card = Places(rawValue: 64)
    /// Every table and every CSV; not the card.
    public static let tablesAndCSV: Places = [
      .scoreTable, .scoreCSV, .leaderboardTable, .leaderboardCSV, .featureTable, .featureCSV,
    ]
  }

  /// What it follows from.
  public enum Source: Sendable {
    /// Features alone: it is a figure of features of other networks, too.
    case features(@Sendable (FeatureEvidence) throws(Matrix.NoConvergence) -> MetricFigure?)
    /// What the judge saw of the images, labels included: it needs a judge.
    case images(@Sendable (MetricEvidence) throws(Matrix.NoConvergence) -> MetricFigure?)
    /// The real images and the number of images scored; also what it is for real features against so many
    /// others.
    case real(
      @Sendable (RealStatistics.OfJudge) -> Double,
      features: @Sendable (FeatureReference, _ count: Int) throws(Matrix.NoConvergence) -> Double)
  }

  /// As JSON and CSV call it, such as `frechet_distance`.
  public let name: String
  /// The CSV's name of its standard error; nil where it has none. A metric with an error stands between a
  /// floor and a ceiling in a score file, and is shown for every judge.
  public let errorName: String?
  /// What `--by` of a leaderboard calls it; nil where nothing is ranked by it. Only a metric with an error.
  public let rankName: String?
  /// As sentences call it, such as `Fréchet distance`.
  public let title: String
  /// The heading of its column in tables.
  public let column: String
  /// Which way is better.
  public let direction: Direction
  /// The values that a score file may hold of it.
  public let domain: Domain
  /// How reports write its value.
  public let digits: Digits
  /// The reports that show it.
  public let places: Places
  /// Whether it may be missing.
  public let isOptional: Bool
  /// The power of the features' size that it grows with.
  public let power: Int
  /// The metric below which a table of features lists this one.
  public let below: String?
  let source: Source
  let floor: (@Sendable (RealStatistics.OfJudge) -> Double?)?
  /// Whether a score file has the floor.
  public let hasFloor: Bool
  /// What the real features have of it by themselves, where that can be said.
  public let alone: (@Sendable (FeatureReference) throws(Matrix.NoConvergence) -> Double?)?

  /// A metric of one's own; the parameters are the properties of the same names, `column` the title where it
  /// is nil. `floor` says what real images get, where it is not what training images in the place of the
  /// scored ones do.
  public init(
    name: String, errorName: String? = nil, rankName: String? = nil, title: String, column: String? = nil,
    direction: Direction, domain: Domain, digits: Digits, places: Places, isOptional: Bool = false,
    power: Int = 0, below: String? = nil, hasFloor: Bool = true,
    floor: (@Sendable (RealStatistics.OfJudge) -> Double?)? = nil,
    alone: (@Sendable (FeatureReference) throws(Matrix.NoConvergence) -> Double?)? = nil, _ source: Source
  ) {
    precondition(rankName == nil || errorName != nil, "Metric: \(name) has no error to rank with")
    self.name = name
    self.errorName = errorName
    self.rankName = rankName
    self.title = title
    self.column = column ?? title
    self.direction = direction
    self.domain = domain
    self.digits = digits
    self.places = places
    self.isOptional = isOptional
    self.power = power
    self.below = below
    self.hasFloor = hasFloor
    self.floor = floor
    self.alone = alone
    self.source = source
  }

  /// Of a set of images, with what it stands between.
  public func value(of score: JudgeScore, _ known: RealStatistics.OfJudge) -> MetricValue {
    if case .real(let value, _) = source { return MetricValue(value: value(known)) }
    let own = score.figures[name]
    let real = floor.map { $0(known) } ?? known.floor.figures[name]?.value
    return MetricValue(
      value: own?.value, standardError: own?.standardError, floor: hasFloor ? real : nil,
      ceiling: known.ceiling.figures[name]?.value)
  }

  /// Of features alone; nil where it needs images or has no value.
  package func figure(of evidence: FeatureEvidence) throws(Matrix.NoConvergence) -> MetricFigure? {
    switch source {
    case .features(let measure): try measure(evidence)
    case .real(_, let value): MetricFigure(try value(evidence.reference, evidence.generated.rows))
    case .images: nil
    }
  }

  /// Whether it is a figure of features that need not be a judge's.
  package var isOfFeatures: Bool { if case .images = source { false } else { true } }

  func measured(_ evidence: MetricEvidence) throws(Matrix.NoConvergence) -> MetricFigure? {
    switch source {
    case .features(let measure): try measure(evidence.features)
    case .images(let measure): try measure(evidence)
    case .real: nil
    }
  }
}

/// A value that was measured.
public struct MetricFigure: Codable, Equatable, Sendable {
  /// What was measured, on the metric's own scale.
  public let value: Double
  /// Of drawing the images again; nil where the metric has none.
  public let standardError: Double?

  /// A value as it was measured.
  public init(_ value: Double, standardError: Double? = nil) {
    (self.value, self.standardError) = (value, standardError)
  }
}

/// A value with what it stands between.
public struct MetricValue: Equatable, Sendable {
  /// nil where it cannot be said, such as how diverse images without any features are.
  public let value: Double?
  /// Of drawing the images again; nil where the metric has none.
  public let standardError: Double?
  /// What real images get at the same count; nil where it was not kept.
  public let floor: Double?
  /// What uniform noise gets at the same count; nil where it was not kept.
  public let ceiling: Double?

  /// A value, its error and its bounds, each where it is known.
  public init(value: Double?, standardError: Double? = nil, floor: Double? = nil, ceiling: Double? = nil) {
    (self.value, self.standardError, self.floor, self.ceiling) = (value, standardError, floor, ceiling)
  }

  /// 95 %, as if the value were normal; the value alone where it has no error.
  public var interval: (lower: Double, upper: Double)? {
    let margin = 1.96 * (standardError ?? 0)
    return value.map { ($0 - margin, $0 + margin) }
  }
}

/// Generated features beside real ones.
public struct FeatureEvidence: Sendable {
  /// What was computed in one pass over all pairs.
  public let figures: FeatureFigures
  /// `[N, d]`
  public let generated: Matrix
  /// The real features.
  public let reference: FeatureReference

  /// Evidence of features that were compared already.
  ///
  /// - Parameters:
  ///   - generated: `[N, d]`
  ///   - reference: the real features, of the same d.
  ///   - figures: of these generated features against this reference.
  public init(_ generated: Matrix, _ reference: FeatureReference, figures: FeatureFigures) {
    (self.generated, self.reference, self.figures) = (generated, reference, figures)
  }
}

/// What one judge saw of a set of images, beside real ones.
public struct MetricEvidence: Sendable {
  /// The features of the images, beside those of real ones.
  public let features: FeatureEvidence
  /// What the judge saw of the images.
  public let view: JudgeView
  /// What the images should show, `[N]`; nil where nothing was asked for.
  public let labels: [Int]?
}
