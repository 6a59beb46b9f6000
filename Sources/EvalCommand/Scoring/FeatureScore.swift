import Eval
import Files
import Foundation
import Kernels

/// Features of the user's own network, real and generated: every figure that needs no images.
///
/// Very large and very small features are brought to a size that can be squared, exactly, and the distances back.
struct FeatureScore {
  /// `assay/feature-score/1`
  struct Result: Encodable {
    struct Distance: Codable {
      let value: Double
      @Nullable var standardError: Double? = nil
    }

    let schema = "assay/feature-score/1"
    let real, generated: String
    /// Where the files say it.
    @Nullable var realCount: Int? = nil
    @Nullable var generatedCount: Int? = nil
    let dimension: Int
    let frechetDistance: Distance
    @Nullable var kernelDistance: Distance? = nil
    /// What two samples of one distribution, of these sizes, are apart in expectation.
    @Nullable var expectedFrechetDistance: Double? = nil
    @Nullable var precision: Double? = nil
    @Nullable var recall: Double? = nil
    @Nullable var density: Double? = nil
    @Nullable var coverage: Double? = nil
    @Nullable var vendi: Double? = nil
    @Nullable var realVendi: Double? = nil
    /// Figures that want the features themselves, where only their mean and covariance are known.
    let leftOut: [String]
  }

  let result: Result

  init(real realPath: String, generated path: String) throws {
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
    result = try measurement.result()
    do {
      try JSON.check(result)
    } catch let error as NotFinite {
      let larger = generated.largest >= real.largest ? generated : real
      throw FileError.malformed(
        path: larger.path, expected: "features whose distances are within the range of numbers",
        found: "numbers up to \(Text.short(larger.largest)) (\(error.field) is \(error.value))")
    }
  }
}

/// The figures of two sets of features that were multiplied by 2 to the -`exponent`.
private struct FeatureMeasurement {
  let real, generated: FeatureSet
  let exponent: Int

  func result() throws -> FeatureScore.Result {
    var (bar, done) = (ProgressBar("features", total: steps, unit: "steps"), 0)
    defer { bar.finish() }
    func step() {
      done += 1
      bar.show(done)
    }
    bar.show(0)
    guard let realFeatures = real.features, let features = generated.features else {
      return try ofMoments(progress: step)
    }
    return try ofFeatures(realFeatures, features, progress: step)
  }

  private var steps: Int {
    switch (real.features, generated.features) {
    case (.some, let features?): 3 + FeatureReference.steps(generatedCount: features.rows)
    case (_, let features?): FrechetDistance.Reference.steps(count: features.rows)
    case (_, nil): 1
    }
  }

  private func ofFeatures(
    _ realFeatures: Matrix, _ features: Matrix, progress step: () -> Void
  ) throws -> FeatureScore.Result {
    // (x·y/d + 1)³ of the features as they were.
    let scale = scalbn(Double(real.dimension), -2 * exponent)
    let reference = FeatureReference(realFeatures, kernelScale: scale)
    step()
    let figures = try reference.figures(of: features, progress: step)
    let bias = try reference.expectedBias(count: features.rows)
    step()
    let realVendi = try VendiScore.of(realFeatures)
    step()
    let neighbors = figures.neighbors
    return FeatureScore.Result(
      real: real.path, generated: generated.path, realCount: real.count, generatedCount: generated.count,
      dimension: real.dimension, frechetDistance: distance(figures.frechetDistance, figures.frechetError),
      kernelDistance: .init(value: figures.kernelDistance, standardError: figures.kernelError),
      expectedFrechetDistance: squared(bias), precision: neighbors.precision, recall: neighbors.recall,
      density: neighbors.density, coverage: neighbors.coverage, vendi: figures.vendi, realVendi: realVendi,
      leftOut: [])
  }

  /// Where of one set, or of both, no more is known than the moments.
  private func ofMoments(progress step: () -> Void) throws -> FeatureScore.Result {
    let reference = FrechetDistance.Reference(real.moments)
    let found: FeatureScore.Result.Distance
    if let features = generated.features {
      let own = try reference.distance(to: features, progress: step)
      found = distance(own.value, own.standardError)
    } else {
      found = distance(try reference.distance(to: generated.moments), nil)
      step()
    }
    return FeatureScore.Result(
      real: real.path, generated: generated.path, realCount: real.count, generatedCount: generated.count,
      dimension: real.dimension, frechetDistance: found,
      leftOut: (generated.features == nil ? ["frechet_distance.standard_error"] : []) + [
        "kernel_distance", "expected_frechet_distance", "precision", "recall", "density", "coverage", "vendi",
        "real_vendi",
      ])
  }

  /// Back to the features as they were: a distance grows with their square.
  private func squared(_ value: Double) -> Double { scalbn(value, 2 * exponent) }

  private func distance(_ value: Double, _ error: Double?) -> FeatureScore.Result.Distance {
    .init(value: squared(value), standardError: error.map(squared))
  }
}
