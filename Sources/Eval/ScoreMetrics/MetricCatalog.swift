/// Every metric of a score, in the order of tables and files.
public enum MetricCatalog {
  /// The metrics of whole sets of images.
  public static let all: [Metric] = [
    .frechetDistance, .kernelDistance, .expectedFrechetDistance, .precision, .recall, .density, .coverage,
    .vendi, .inceptionScore, .meanConfidence, .classEntropy,
  ]

  /// Metrics within each label.
  public static let perLabel: [LabelMetric] = [.frechetDistance, .vendi]

  /// Those that a report shows.
  public static func shown(in place: Metric.Places) -> [Metric] { all.filter { $0.places.contains(place) } }

  /// Those that a leaderboard can rank by.
  public static var ranking: [Metric] { all.filter { $0.rankName != nil } }
}
