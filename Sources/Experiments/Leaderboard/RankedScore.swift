import Eval

/// What stands in one row of a leaderboard: the score of one generator, or of several trainings of a recipe.
struct RankedScore {
  /// The score file.
  let path: String
  /// One, or one a training.
  let results: [ScoreResult]
  let trainings: TrainingsResult?

  /// The rows of a score file.
  static func rows(_ path: String, _ file: ScoreFile) -> [RankedScore] {
    guard let trainings = file.trainings else {
      return file.results.map { RankedScore(path: path, results: [$0], trainings: nil) }
    }
    let own = TrainingsResult(trainings, file.results)
    return [RankedScore(path: path, results: file.results, trainings: own)]
  }

  var result: ScoreResult { results[0] }

  /// nil where the judge has not scored it, or has no value.
  func figure(_ metric: Metric, by judge: String) -> RankedFigure? {
    if let trainings { return trainings[metric, judge].map { RankedFigure($0) } }
    return result.judges[judge]?[metric].flatMap { RankedFigure($0) }
  }
}

/// A figure of an entry: of one training with the error of drawing its images, of several the mean with the
/// error that the seeds make, in which the drawing is contained.
public struct RankedFigure: Sendable {
  /// The figure, or the mean over the trainings.
  public let value: Double
  /// nil for a figure of one training that has none.
  public let standardError: Double?
  /// 95 %: 1.96 standard errors on either side, Student's t for several trainings.
  public let interval: ClosedRange<Double>
  /// Both parts of the error; nil for one training.
  public let spread: TrainingSpread?

  init(_ spread: TrainingSpread) {
    (value, standardError, self.spread) = (spread.mean, spread.standardError, spread)
    interval = spread.interval[0]...spread.interval[1]
  }

  init?(_ figure: MetricValue) {
    guard let value = figure.value, let interval = figure.interval else { return nil }
    (self.value, standardError, spread) = (value, figure.standardError, nil)
    self.interval = interval.lower...interval.upper
  }
}
