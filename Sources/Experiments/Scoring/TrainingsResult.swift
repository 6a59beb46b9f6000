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
    let names = results[0].judges.keys
    judges = Dictionary(
      uniqueKeysWithValues: names.map { name -> (String, [String: TrainingSpread]) in
        let values = MetricCatalog.all.compactMap { metric in
          Self.spread(of: results.compactMap { $0.judges[name]?[metric] }, results.count).map {
            (metric.name, $0)
          }
        }
        return (name, Dictionary(uniqueKeysWithValues: values))
      })
    let accuracies = names.compactMap { name -> (String, TrainingSpread)? in
      let own = results.compactMap { result -> MetricValue? in
        // A share of N independent images.
        result.labelAccuracy?[name].map { accuracy in
          let variance = accuracy.value * (1 - accuracy.value) / Double(result.count)
          return MetricValue(value: accuracy.value, standardError: variance.squareRoot())
        }
      }
      return Self.spread(of: own, results.count).map { (name, $0) }
    }
    labelAccuracy = accuracies.isEmpty ? nil : Dictionary(uniqueKeysWithValues: accuracies)
  }

  /// The same of results that were read: what a file says of them is not relied on.
  init(_ read: TrainingsResult, _ results: [ScoreResult]) {
    self.init(read.recipe, seeds: read.seeds, results)
  }

  private static func spread(of values: [MetricValue], _ count: Int) -> TrainingSpread? {
    let (numbers, errors) = (values.compactMap(\.value), values.compactMap(\.standardError))
    guard numbers.count == count else { return nil }
    return TrainingSpread(numbers, samplingErrors: errors.count == count ? errors : nil)
  }

  /// A metric by a judge over the trainings; nil where not every training has a value of it.
  public subscript(_ metric: Metric, judge: String) -> TrainingSpread? { judges[judge]?[metric.name] }
}
