import Eval

/// What the scores of several trainings of one recipe say together: for each judge and metric the mean and
/// how it varies (`Eval.TrainingSpread`).
public struct TrainingsResult: Codable, Sendable {
  /// What the trainings have in common.
  public let recipe: TrainedRecipe
  /// One a training, in the order of the results.
  public let seeds: [UInt64]
  /// By the judges' names, then by the metrics'; without those that not every training has a value of.
  public let judges: [String: [String: TrainingSpread]]
  /// By the judges' names; nil for images without labels.
  public let labelAccuracy: [String: TrainingSpread]?

  /// - Precondition: two results or more, as many as seeds.
  init(_ recipe: TrainedRecipe, seeds: [UInt64], _ results: [ScoreResult]) {
    precondition(
      results.count >= 2 && seeds.count == results.count,
      "TrainingsResult: \(results.count) results of \(seeds.count) seeds")
    (self.recipe, self.seeds) = (recipe, seeds)
    let spread = ScoreSpread(results)
    (judges, labelAccuracy) = (spread.judges, spread.labelAccuracy)
  }

  /// The same of results that were read: what a file says of them is not relied on.
  init(_ read: TrainingsResult, _ results: [ScoreResult]) {
    self.init(read.recipe, seeds: read.seeds, results)
  }

  /// A metric by a judge over the trainings; nil where not every training has a value of it.
  public subscript(_ metric: Metric, judge: String) -> TrainingSpread? { judges[judge]?[metric.name] }

  /// Mean and deviation alone.
  public var spread: ScoreSpread { ScoreSpread(judges: judges, labelAccuracy: labelAccuracy) }
}
