import Eval
import Foundation
import Kernels
import Testing

/// Features whose squares are no numbers, and sets of which no more is known than the moments.
@Suite struct FeatureSizeTests {
  private static let cases: [MetricFixtures.Features] = (try? MetricFixtures.read().features) ?? []

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    (a - b).magnitude <= tolerance * b.magnitude
  }

  /// Moments that others computed have the distance of their samples.
  @Test(arguments: cases) func momentsAloneGiveTheDistance(_ item: MetricFixtures.Features) throws {
    func bare(_ features: Matrix) -> FeatureMoments {
      let moments = FeatureMoments(features)
      return FeatureMoments(mean: moments.mean, covariance: moments.covariance)
    }
    let distance = try FrechetDistance.between(bare(item.realFeatures), bare(item.generatedFeatures))
    #expect(isClose(distance, item.frechet), "\(distance) for \(item.frechet)")
  }

  @Test(arguments: [-1000, -600, 600, 1000]) func directionsHaveNoSize(exponent: Int) throws {
    let features = MetricFixtures.features(count: 50, dimension: 4, seed: 1, shift: 0.2)
    let scaled = Matrix(rows: 50, columns: 4, features.elements.map { scalbn($0, exponent) })
    #expect(try VendiScore.of(scaled) == VendiScore.of(features))
  }

  /// Errors of distances whose squares are no numbers.
  @Test func errorsOfLargeDistancesAreNumbers() throws {
    let (x, y) = (
      MetricFixtures.features(count: 60, dimension: 3, seed: 1, shift: 0),
      MetricFixtures.features(count: 50, dimension: 3, seed: 2, shift: 1)
    )
    func scaled(_ matrix: Matrix) -> Matrix {
      Matrix(rows: matrix.rows, columns: 3, matrix.elements.map { scalbn($0, 140) })
    }
    let (ordinary, large) = (
      try FeatureReference(x, kernelScale: scalbn(1, -280)).figures(of: y),
      try FeatureReference(scaled(x), kernelScale: 1).figures(of: scaled(y))
    )
    #expect(large.kernelError.isFinite && isClose(large.kernelError, ordinary.kernelError))
    #expect(isClose(large.kernelDistance, ordinary.kernelDistance))
    #expect(isClose(large.frechetError, scalbn(ordinary.frechetError, 280)))
    #expect(ordinary.kernelError * ordinary.kernelError == .infinity)
    let (few, many) = (
      try FrechetDistance.Reference(FeatureMoments(x)).distanceLeavingOutEach(of: y),
      try FrechetDistance.Reference(FeatureMoments(scaled(x))).distanceLeavingOutEach(of: scaled(y))
    )
    #expect(isClose(many.standardError, scalbn(few.standardError, 280)))
  }
}
