/// Whether generated features lie where real ones do, and the other way round (``PrecisionRecall``).
extension Metric {
  /// ``PrecisionRecall/precision``
  public static let precision = neighbor("precision", .share, \.precision)
  /// ``PrecisionRecall/recall``
  public static let recall = neighbor("recall", .share, \.recall)
  /// ``PrecisionRecall/density``
  public static let density = neighbor("density", .notNegative, \.density)
  /// ``PrecisionRecall/coverage``
  public static let coverage = neighbor("coverage", .share, \.coverage)

  private static func neighbor(
    _ name: String, _ domain: Domain, _ value: @escaping @Sendable (PrecisionRecall) -> Double
  ) -> Metric {
    Metric(
      name: name, title: name, direction: .higherIsBetter, domain: domain, digits: .decimals(3),
      places: .tablesAndCSV, .features { MetricFigure(value($0.figures.neighbors)) })
  }
}
