import Kernels

/// How far the generated features lie from the real ones, as distributions.
extension Metric {
  /// ``FrechetDistance`` to the held-out images, with its standard error; ranks generators unless told
  /// otherwise.
  public static let frechetDistance = Metric(
    name: "frechet_distance", errorName: "frechet_error", rankName: "frechet", title: "Fréchet distance",
    column: "Fréchet", direction: .lowerIsBetter, domain: .number, digits: .significant(3),
    places: .tablesAndCSV.union(.card), power: 2,
    .features {
      MetricFigure($0.figures.frechetDistance, standardError: $0.figures.frechetError)
    })

  /// ``KernelDistance`` to the held-out images, with its standard error; can rank generators, too.
  public static let kernelDistance = Metric(
    name: "kernel_distance", errorName: "kernel_error", rankName: "kernel", title: "kernel distance",
    column: "kernel", direction: .lowerIsBetter, domain: .number, digits: .significant(3),
    places: .tablesAndCSV,
    .features { MetricFigure($0.figures.kernelDistance, standardError: $0.figures.kernelError) })

  /// What two real samples of these sizes are apart in expectation.
  public static let expectedFrechetDistance = Metric(
    name: "expected_frechet_distance", title: "expected of one distribution", direction: .neither,
    domain: .number, digits: .significant(3), places: .featureTable, power: 2,
    below: Metric.frechetDistance.name, hasFloor: false,
    .real(\.expectedBias) { (reference, count) throws(Matrix.NoConvergence) in
      try reference.expectedBias(count: count)
    })
}
