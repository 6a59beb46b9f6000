import Eval
import Files
import Glibc
import Kernels

/// Features of any network, real and generated: every metric that needs no images.
///
/// Very large and very small features are brought to a size that can be squared, exactly, and the distances
/// back.
public enum FeatureScore {
  /// Compares the features in two files by every metric that they are enough for.
  ///
  /// - Parameters:
  ///   - realPath: a `.npy` or `.npz` file of features `[N, d]`, or an `.npz` of `mu` and `sigma`.
  ///   - path: of the generated ones, likewise.
  ///   - observer: hears of each step.
  /// - Throws: `FileError` for files that hold something else, and for features whose distances are beyond
  ///   all numbers; what the observer throws.
  public static func of(
    real realPath: String, generated path: String, observer: Observer = .init()
  ) throws -> FeatureScoreResult {
    let (real, generated) = (try FeatureSet(contentsOf: realPath), try FeatureSet(contentsOf: path))
    guard real.dimension == generated.dimension else {
      throw FileError.malformed(
        path: path, expected: "features of \(real.dimension) numbers, as in \(realPath)",
        found: "\(generated.dimension)")
    }
    let exponent = PowerOfTwo.exponent(of: [real.largest, generated.largest])
    let measurement = FeatureMeasurement(
      real: real.scaled(exponent: -exponent), generated: generated.scaled(exponent: -exponent),
      exponent: exponent)
    let result = try measurement.result(observer)
    do {
      try JSON.check(result)
    } catch let error as NotFinite {
      let larger = generated.largest >= real.largest ? generated : real
      throw FileError.malformed(
        path: larger.path, expected: "features whose distances are within the range of numbers",
        found: "numbers up to \(Text.short(larger.largest)) (\(error.field) is \(error.value))")
    }
    return result
  }
}

/// The metrics of two sets of features that were multiplied by 2 to the -`exponent`.
private struct FeatureMeasurement {
  let real, generated: FeatureSet
  let exponent: Int

  func result(_ observer: Observer) throws -> FeatureScoreResult {
    // A metric's progress cannot be cancelled halfway: what the observer throws is thrown at the end.
    var (done, failure): (Int, (any Error)?) = (0, nil)
    func show() {
      do {
        if failure == nil {
          try observer.progress(WorkProgress("features", done, of: steps, unit: "steps"))
        }
      } catch { failure = error }
    }
    func step() {
      done += 1
      show()
    }
    show()
    let metrics: (own: [String: MetricFigure], real: [String: Double])
    if let realFeatures = real.features, let features = generated.features {
      metrics = try ofFeatures(realFeatures, features, progress: step)
    } else {
      metrics = ([Metric.frechetDistance.name: try ofMoments(progress: step)], [:])
    }
    if let failure { throw failure }
    return FeatureScoreResult(
      real: real.path, generated: generated.path, realCount: real.count, generatedCount: generated.count,
      dimension: real.dimension, metrics: metrics.own, realMetrics: metrics.real,
      isOfFeatures: real.features != nil && generated.features != nil)
  }

  private var steps: Int {
    switch (real.features, generated.features) {
    case (let realFeatures?, let features?):
      FeatureEvidence.steps(
        real: realFeatures.rows, generated: features.rows, dimension: real.dimension)
    case (_, let features?):
      FrechetDistance.Reference.leavingOutSteps(count: features.rows, dimension: real.dimension)
    case (_, nil): 1
    }
  }

  private func ofFeatures(
    _ realFeatures: Matrix, _ features: Matrix, progress step: () -> Void
  ) throws -> (own: [String: MetricFigure], real: [String: Double]) {
    // (x·y/d + 1)³ of the features as they were.
    let scale = scalbn(Double(real.dimension), -2 * exponent)
    let evidence = try FeatureEvidence(
      real: realFeatures, generated: features, kernelScale: scale, progress: step)
    var (own, alone): ([String: MetricFigure], [String: Double]) = ([:], [:])
    for metric in MetricCatalog.all where metric.isOfFeatures {
      own[metric.name] = try metric.figure(of: evidence).map { scaled($0, metric) }
      alone[metric.name] = try metric.alone.flatMap { alone in try alone(evidence.reference) }
    }
    return (own, alone)
  }

  /// Where of one set, or of both, no more is known than the moments.
  private func ofMoments(progress step: () -> Void) throws -> MetricFigure {
    let reference = FrechetDistance.Reference(real.moments)
    if let features = generated.features {
      let found = try reference.distanceLeavingOutEach(of: features, progress: step)
      return scaled(MetricFigure(found.value, standardError: found.standardError), .frechetDistance)
    }
    defer { step() }
    return scaled(MetricFigure(try reference.distance(to: generated.moments)), .frechetDistance)
  }

  /// Back to the features as they were.
  private func scaled(_ figure: MetricFigure, _ metric: Metric) -> MetricFigure {
    func scaled(_ value: Double) -> Double { scalbn(value, metric.power * exponent) }
    return MetricFigure(scaled(figure.value), standardError: figure.standardError.map(scaled))
  }
}
