import Kernels

/// How many different images there are, as far as a judge tells them apart.
extension Metric {
  /// ``VendiScore``
  public static let vendi = Metric(
    name: "vendi", title: "Vendi score", column: "Vendi", direction: .higherIsBetter, domain: .notNegative,
    digits: .decimals(2), places: .tablesAndCSV.subtracting(.featureCSV), isOptional: true,
    alone: { (real) throws(Matrix.NoConvergence) in try real.vendi() },
    .features { $0.figures.vendi.map { MetricFigure($0) } })
}
