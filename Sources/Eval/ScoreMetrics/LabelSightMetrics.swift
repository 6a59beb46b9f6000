/// What labels a judge sees, and how sure it is (``ClassDistribution``).
extension Metric {
  /// ``ClassDistribution/inceptionScore``; real images' is that of the held-out ones.
  public static let inceptionScore = Metric(
    name: "inception_score", title: "inception score", column: "inception", direction: .higherIsBetter,
    domain: .notNegative, digits: .decimals(2),
    places: [.scoreTable, .scoreCSV, .leaderboardCSV], floor: { $0.inceptionScore },
    .images { MetricFigure($0.view.distribution.inceptionScore) })

  /// ``ClassDistribution/meanConfidence``
  public static let meanConfidence = Metric(
    name: "mean_confidence", title: "mean confidence", direction: .neither, domain: .share,
    digits: .decimals(3), places: [], hasFloor: false,
    .images { MetricFigure($0.view.distribution.meanConfidence) })

  /// Of the histogram of labels, as a share of the largest possible.
  public static let classEntropy = Metric(
    name: "class_entropy", title: "class entropy", direction: .neither, domain: .share,
    digits: .decimals(3), places: [], hasFloor: false,
    .images { MetricFigure($0.view.distribution.entropy) })
}
