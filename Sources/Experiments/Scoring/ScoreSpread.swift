import Eval

/// How the figures of several scores vary: for each judge and metric the mean and the deviation
/// (`Eval.TrainingSpread`).
public struct ScoreSpread: Codable, Sendable {
  /// By the judges' names, then by the metrics'; without those that not every score has a value of.
  public let judges: [String: [String: TrainingSpread]]
  /// By the judges' names; nil for images without labels.
  public let labelAccuracy: [String: TrainingSpread]?

  init(judges: [String: [String: TrainingSpread]], labelAccuracy: [String: TrainingSpread]?) {
    (self.judges, self.labelAccuracy) = (judges, labelAccuracy)
  }

  /// - Precondition: two results or more.
  init(_ results: [ScoreResult]) {
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

  private static func spread(of values: [MetricValue], _ count: Int) -> TrainingSpread? {
    let (numbers, errors) = (values.compactMap(\.value), values.compactMap(\.standardError))
    guard numbers.count == count else { return nil }
    return TrainingSpread(numbers, samplingErrors: errors.count == count ? errors : nil)
  }

  /// A metric by a judge; nil where not every score has a value of it.
  public subscript(_ metric: Metric, judge: String) -> TrainingSpread? { judges[judge]?[metric.name] }
}
