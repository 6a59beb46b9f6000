import Eval
import Files

/// Scores of many generators in the order of a metric that has an error, by one judge, with what the others
/// say of that order.
///
/// The rank is one more than the number of entries that are better beyond doubt: whose 95 % interval lies on
/// the better side. Scores compare only with scores of as many images: the count that most have is ranked (of
/// two as frequent ones the larger), the others are left out and named, and so are scores without the judge
/// that ranks. An entry may stand for several trainings of a recipe (``TrainingsResult``): its value is their
/// mean and its interval holds the seed and the drawing of the images; that of one training holds the drawing
/// alone.
public struct Leaderboard: Encodable, Sendable {
  /// One row: a generator, or several trainings of a recipe.
  public struct Entry: Encodable, Sendable {
    /// From 1 on: one more than the number of entries that are better beyond their intervals.
    public let rank: Int
    /// Whether another entry's interval overlaps with this one's.
    public let isTied: Bool
    /// What the entry is called: the end of its path, as short as tells it from the others, or recipe and
    /// number of several trainings.
    public let source: String
    /// The metric that ranks, by the judge that ranks; of several trainings their mean.
    public let value: Double
    /// The 95 % interval of the value, lower end first.
    public let interval: [Double]
    /// Of several trainings that of the first; ``trainings`` has their means.
    public let result: ScoreResult
    /// nil for one training.
    public let trainings: TrainingsResult?
    /// The rank by each judge that has scored it, by the judges' names.
    public let ranks: [String: Int]
    /// One, or one a training.
    let scored: RankedScore

    /// nil where the judge has not scored it, or has no value.
    public func figure(_ metric: Metric, by judge: String) -> RankedFigure? {
      scored.figure(metric, by: judge)
    }

    /// One, or one a training.
    public var results: [ScoreResult] { scored.results }

    private enum CodingKeys: CodingKey {
      case rank, isTied, source, value, interval, result, trainings, ranks
    }
  }

  /// A score of another number of images, or without the judge that ranks.
  public struct LeftOut: Encodable, Sendable {
    /// The source as the score file has it.
    public let source: String
    /// The number of images that were scored.
    public let count: Int
    /// The path of the score file.
    public let file: String
    /// The judge that it lacks; nil where it is the number of images that differs.
    public let lacksJudge: String?
  }

  /// Two entries that the ranking judge orders one way and others the other way round, each beyond its
  /// errors.
  public struct Dispute: Encodable, Equatable, Sendable {
    /// The entries' sources.
    public let before, behind: String
    /// Those that would turn them round.
    public let judges: [String]
  }

  /// The format of the file and its version.
  public let schema = StoredLeaderboard.schema
  /// The judges of the ranked scores, and SHA-256 of their weights.
  public let judge: ScoreFile.JudgeIdentity
  /// The real images that all scores compare with.
  public let reference: ScoreFile.Reference
  /// Images of each entry.
  public let count: Int
  /// The metric that ranks, as `rankName` says it.
  public let by: String
  /// The name of the judge that ranks.
  public let ranker: String
  /// The best first.
  public let entries: [Entry]
  /// How alike the ranking judge and the first of the others rank, from -1 to 1: Kendall's τ.
  /// ``trust`` has it for each of them.
  public let agreement: Double
  /// How many pairs of entries the ranking judge tells apart, and what the other judges say of them.
  public let trust: RankTrust
  /// In the order of the entries.
  public let disputes: [Dispute]
  /// The scores that are not ranked, and why.
  public let leftOut: [LeftOut]

  /// Ranks the scores of these files.
  ///
  /// - Parameters:
  ///   - files: checked (``LeaderboardFolder``).
  ///   - folder: where the files are from; only named in an error.
  ///   - metric: one of `Eval/MetricCatalog/ranking`.
  ///   - ranker: the judge whose values rank; where it is nil, the first of ``RankingJudge/byAgreement`` that
  ///     has scored, or the only one that has.
  /// - Throws: `FileError` where there is nothing to rank, or scores that do not compare.
  public init(
    _ files: [(path: String, file: ScoreFile)], in folder: String, by metric: Metric = .frechetDistance,
    ranker: String? = nil
  ) throws(FileError) {
    precondition(metric.rankName != nil, "Leaderboard: nothing is ranked by \(metric.name)")
    let scores = try ComparableScores(files, in: folder, ranker: ranker)
    (judge, reference) = (scores.judge, scores.reference)
    (count, self.ranker, leftOut) = (scores.count, scores.ranker, scores.leftOut)
    by = metric.rankName ?? metric.name
    let isLowerBetter = metric.direction != .higherIsBetter
    let rows = Self.sorted(scores, by: metric, isLowerBetter)
    var figures: [String: [RankedFigure?]] = [:]
    for name in judge.sha256.keys { figures[name] = rows.map { $0.score.figure(metric, by: name) } }
    let orders = figures.mapValues { figures in
      IntervalOrder(figures.map { $0?.interval }, lowerIsBetter: isLowerBetter)
    }
    let own = orders[scores.ranker] ?? IntervalOrder([])
    entries = rows.enumerated().map { index, row in
      Entry(
        rank: own.rank(index) ?? 1, isTied: own.isTied(index), source: row.title, value: row.figure.value,
        interval: [row.figure.interval.lowerBound, row.figure.interval.upperBound], result: row.score.result,
        trainings: row.score.trainings, ranks: orders.compactMapValues { $0.rank(index) }, scored: row.score)
    }
    func agreement(with other: String) -> Double {
      var both: (own: [Double], other: [Double]) = ([], [])
      for (mine, theirs) in zip(figures[scores.ranker] ?? [], figures[other] ?? []) {
        guard let mine, let theirs else { continue }
        both.own.append(mine.value)
        both.other.append(theirs.value)
      }
      return RankCorrelation.kendall(both.own, both.other)
    }
    let others = orders.keys.filter { $0 != scores.ranker }.sorted()
    self.agreement = agreement(with: others.first ?? scores.ranker)
    var (disputes, opinions): ([Dispute], [String: (order: IntervalOrder, agreement: Double)]) = ([], [:])
    for name in others { opinions[name] = orders[name].map { ($0, agreement(with: name)) } }
    trust = RankTrust(own, count: rows.count, others: opinions) { before, behind, judges in
      disputes.append(Dispute(before: rows[before].title, behind: rows[behind].title, judges: judges))
    }
    self.disputes = disputes
  }

  private typealias Row = (score: RankedScore, title: String, figure: RankedFigure)

  /// The best first; of equal ones in the order of their titles.
  private static func sorted(_ scores: ComparableScores, by metric: Metric, _ isLowerBetter: Bool) -> [Row] {
    var rows: [Row] = []
    for (score, title) in zip(scores.rows, ScoreTitles.of(scores.rows)) {
      if let figure = score.figure(metric, by: scores.ranker) { rows.append((score, title, figure)) }
    }
    return rows.sorted { a, b in
      let (first, second) = (a.figure.value, b.figure.value)
      return first == second ? a.title < b.title : (first < second) == isLowerBetter
    }
  }

  /// The metric that ranks.
  public var metric: Metric? { MetricCatalog.ranking.first { $0.rankName == by } }

  /// The judges' names: that which ranks, then the others in order.
  public var judgeNames: [String] { [ranker] + judge.sha256.keys.filter { $0 != ranker }.sorted() }
}
