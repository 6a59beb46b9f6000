import Eval
import Foundation
import Kernels
import Testing

/// The metrics of features against public packages, closed forms, and plain loops.
@Suite struct FeatureMetricTests {
  private static let cases: [MetricFixtures.Features] = (try? MetricFixtures.read().features) ?? []

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    (a - b).magnitude <= tolerance * b.magnitude
  }

  // MARK: - Fréchet distance

  @Test(arguments: cases) func theFrechetDistanceIsThatOfTheSamples(_ item: MetricFixtures.Features) throws {
    let (a, b) = (FeatureMoments(item.realFeatures), FeatureMoments(item.generatedFeatures))
    let distance = try FrechetDistance.between(a, b)
    #expect(isClose(distance, item.frechet), "\(distance) for \(item.frechet)")
    #expect(isClose(try FrechetDistance.between(b, a), item.frechet))
    #expect(try FrechetDistance.between(a, a).magnitude < 1e-8)
    #expect(try FrechetDistance.between(b, b).magnitude < 1e-8)
  }

  /// Moments that no sample is needed for.
  private func moments(mean: [Double], covariance: [Double], count: Int = 2) -> FeatureMoments {
    struct Coded: Encodable {
      let count: Int
      let mean: [Double]
      let scatter: Matrix
    }
    let d = mean.count
    let coded = Coded(
      count: count, mean: mean,
      scatter: Matrix(rows: d, columns: d, covariance.map { $0 * Double(count - 1) }))
    let data = (try? JSONEncoder().encode(coded)) ?? Data()
    return (try? JSONDecoder().decode(FeatureMoments.self, from: data)) ?? FeatureMoments(dimension: d)
  }

  @Test func theFrechetDistanceIsItsClosedForms() throws {
    // Commuting covariances: Σ(√λ₁ - √λ₂)² + ‖Δμ‖² = 1 + 1 + 25.
    let diagonal = try FrechetDistance.between(
      moments(mean: [0, 0], covariance: [4, 0, 0, 9]), moments(mean: [3, 4], covariance: [1, 0, 0, 16]))
    #expect(isClose(diagonal, 27, 1e-12))
    // 2×2: Tr √(AB) = √(Tr AB + 2√det AB).
    let turned = try FrechetDistance.between(
      moments(mean: [0, 0], covariance: [2, 1, 1, 2]), moments(mean: [0, 0], covariance: [1, 0, 0, 4]))
    #expect(isClose(turned, 0.771_220_447_654_341_6, 1e-12))
    // Singular covariances: half [2, 1] and half [1, 1] against half [9, 9] and half [2, 9], as compare_gan
    // has it.
    func halves(_ a: [Double], _ b: [Double]) -> FeatureMoments {
      FeatureMoments(
        Matrix(rows: 100, columns: 2, (0..<100).flatMap { $0 < 50 ? a : b }))
    }
    #expect(
      isClose(
        try FrechetDistance.between(halves([2, 1], [1, 1]), halves([9, 9], [2, 9])), 80 + 9 * 100.0 / 99))
    // Unit covariances 1 apart in each of 300 numbers: the distance is their number.
    let d = 300
    let unit = (0..<d * d).map { $0 / d == $0 % d ? 1.0 : 0 }
    let shifted = try FrechetDistance.between(
      moments(mean: [Double](repeating: 0, count: d), covariance: unit),
      moments(mean: [Double](repeating: 1, count: d), covariance: unit))
    #expect(isClose(shifted, 300))
    // Equal features have no covariance at all.
    let constant = FeatureMoments(Matrix(rows: 3, columns: 2, [5, 7, 5, 7, 5, 7]))
    #expect(try FrechetDistance.between(constant, constant) == 0)
  }

  @Test func theFrechetDistanceFollowsScaleShiftAndOrder() throws {
    let item = try #require(Self.cases.first)
    let (a, b) = (item.realFeatures, item.generatedFeatures)
    func map(_ x: Matrix, _ body: (Double) -> Double) -> FeatureMoments {
      FeatureMoments(Matrix(rows: x.rows, columns: x.columns, x.elements.map(body)))
    }
    #expect(isClose(try FrechetDistance.between(map(a) { 3 * $0 }, map(b) { 3 * $0 }), 9 * item.frechet))
    // Far from the origin, where sums of raw squares would cancel.
    let far = try FrechetDistance.between(map(a) { $0 + 1e6 }, map(b) { $0 + 1e6 })
    #expect(isClose(far, item.frechet, 1e-6))
    let reversed = Matrix(
      rows: b.rows, columns: b.columns,
      (0..<b.rows).reversed().flatMap { b.elements[$0 * b.columns..<($0 + 1) * b.columns] })
    #expect(
      isClose(try FrechetDistance.between(FeatureMoments(a), FeatureMoments(reversed)), item.frechet, 1e-12))
  }

  @Test func momentsOfPartsAreThoseOfTheWhole() throws {
    let x = MetricFixtures.features(count: 137, dimension: 6, seed: 9, shift: 100)
    let whole = FeatureMoments(x)
    var parts = FeatureMoments(dimension: 6)
    var start = 0
    for size in [1, 0, 50, 86] {
      parts.add(Matrix(rows: size, columns: 6, Array(x.elements[start * 6..<(start + size) * 6])))
      start += size
    }
    #expect(parts.count == 137)
    for (a, b) in zip(parts.mean + parts.scatter.elements, whole.mean + whole.scatter.elements) {
      #expect((a - b).magnitude < 1e-9)
    }
  }

  /// The mean of many distances between samples of one distribution is what the expansion says; for normal
  /// features, for which it is a closed form as well, and for some with heavy tails, for which that one is
  /// too small.
  @Test(arguments: [false, true]) func theBiasIsTheExpectedOne(_ hasHeavyTails: Bool) throws {
    let (d, n, m, rounds) = (8, 600, 800, 60)
    func sample(_ count: Int, _ seed: Int) -> Matrix {
      Matrix(
        rows: count, columns: d,
        (0..<count * d).map { index in
          // Sums of twelve uniform numbers are close to normal.
          let normal = (0..<12).reduce(-6.0) { $0 + MetricFixtures.number(index, $1, seed) }
          return hasHeavyTails ? normal * normal.magnitude : normal * Double(index % d + 1) / 4
        })
    }
    let distances = try (0..<rounds).map {
      try FrechetDistance.between(FeatureMoments(sample(n, 2 * $0)), FeatureMoments(sample(m, 2 * $0 + 1)))
    }
    let mean = distances.reduce(0, +) / Double(rounds)
    let spread = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rounds - 1)
    let large = sample(20000, 999)
    let scale = (1 / Double(n) + 1 / Double(m)) / (1 / 20000.0 + 1 / Double(m))
    let bias = try FrechetDistance.expectedBias(large, count: m) * scale
    let error = (spread / Double(rounds)).squareRoot()
    #expect((mean - bias).magnitude < 4 * error + 0.03 * bias, "\(mean) ± \(error) for \(bias)")
    guard !hasHeavyTails else { return }
    let values = (1...d).map { Double($0 * $0) / 16 }
    let pairs = values.enumerated().reduce(0) { sum, a in
      values.enumerated().reduce(sum) {
        $0 + a.element * $1.element * ($1.offset == a.offset ? 2 : 1) / (a.element + $1.element)
      }
    }
    let closed = (values.reduce(0, +) + pairs / 2) * (1 / Double(n) + 1 / Double(m))
    #expect((bias - closed).magnitude < 0.03 * closed, "\(bias) for \(closed)")
  }

  /// The jackknife's error is the spread over fresh samples.
  @Test func theStandardErrorIsTheSpreadOfTheDistance() throws {
    let reference = FrechetDistance.Reference(
      FeatureMoments(MetricFixtures.features(count: 2000, dimension: 5, seed: 1, shift: 0)))
    var (distances, errors): ([Double], [Double]) = ([], [])
    for seed in 100..<160 {
      let x = MetricFixtures.features(count: 400, dimension: 5, seed: seed, shift: 0.1)
      let parts = (0..<20).map {
        FeatureMoments(Matrix(rows: 20, columns: 5, Array(x.elements[$0 * 100..<($0 + 1) * 100])))
      }
      errors.append(try FrechetDistance.standardError(reference, parts: parts))
      distances.append(try reference.distance(to: FeatureMoments(x)))
    }
    let mean = distances.reduce(0, +) / 60
    let spread = (distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59).squareRoot()
    let error = errors.reduce(0, +) / 60
    #expect((0.7...1.4).contains(error / spread), "\(error) for \(spread)")
  }

  // MARK: - Pairs

  @Test(arguments: cases) func kernelDistanceAndNeighborhoodsAreThoseOfThePackages(
    _ item: MetricFixtures.Features
  ) {
    let (real, generated) = (item.realFeatures, item.generatedFeatures)
    let comparison = Comparison(
      real: real, Neighborhoods(real), generated: generated, Neighborhoods(generated))
    let found = PrecisionRecall(comparison)
    #expect(found.precision == item.precision)
    #expect(found.recall == item.recall)
    #expect(isClose(found.density, item.density, 1e-15) || found.density == item.density)
    #expect(found.coverage == item.coverage)
    let kernel = KernelDistance(comparison)
    #expect(isClose(kernel.value, item.kernel), "\(kernel.value) for \(item.kernel)")
  }

  /// Equal features, zero distances: what a collapsed generator and a copying one give.
  @Test func equalFeaturesAreInEachOthersBalls() {
    let real = MetricFixtures.features(count: 50, dimension: 4, seed: 1, shift: 0)
    let own = Neighborhoods(real)
    let same = PrecisionRecall(Comparison(real: real, own, generated: real, own))
    // Each feature lies in its own ball and in those of which it is one of the four nearest: k in all.
    #expect(same == PrecisionRecall(Comparison(real: real, own, generated: real, own)))
    #expect(same.precision == 1 && same.recall == 1 && same.coverage == 1)
    #expect((same.density - 1).magnitude < 1e-12)
    let point = Matrix(rows: 30, columns: 4, (0..<30).flatMap { _ in real.elements[0..<4] })
    let collapsed = PrecisionRecall(Comparison(real: real, own, generated: point, Neighborhoods(point)))
    #expect(collapsed.precision == 1)
    #expect(collapsed.recall == 1.0 / 50)
    let collapsedBoth = PrecisionRecall(
      Comparison(real: point, Neighborhoods(point), generated: point, Neighborhoods(point)))
    #expect(collapsedBoth.precision == 1 && collapsedBoth.recall == 1 && collapsedBoth.coverage == 1)
  }

  @Test func distancesAreExactForEqualVectorsAndSymmetric() {
    let x = MetricFixtures.features(count: 70, dimension: 3, seed: 1, shift: 0)
    let y = MetricFixtures.features(count: 1030, dimension: 3, seed: 2, shift: 0)
    let both = Matrix(rows: 1100, columns: 3, x.elements + y.elements)
    var all = [Double](repeating: -1, count: 1100 * 1100)
    all.withUnsafeMutableBufferPointer { all in
      let all = all
      PairwiseDistances.forEachRows(of: both, to: both) { rows, blocks in
        blocks { block in
          for row in rows {
            for column in block.columns {
              all[row * 1100 + column] = block[row: row][column - block.columns.lowerBound]
            }
          }
        }
      }
    }
    for row in stride(from: 0, to: 1100, by: 7) {
      #expect(all[row * 1100 + row] == 0)
      for column in 0..<1100 {
        #expect(all[row * 1100 + column] == all[column * 1100 + row])
        let exact = (0..<3).reduce(0) {
          $0 + (both[row, $1] - both[column, $1]) * (both[row, $1] - both[column, $1])
        }
        #expect((all[row * 1100 + column] - exact).magnitude <= 1e-14 * exact)
      }
    }
  }

  /// Samples of one distribution: density 1, coverage by its formula, kernel distance 0.
  @Test func samplesOfOneDistributionGiveTheNullValues() {
    var (density, coverage, kernel): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<20 {
      let (a, b) = (
        MetricFixtures.features(count: 300, dimension: 8, seed: 200 + round, shift: 0.25),
        MetricFixtures.features(count: 250, dimension: 8, seed: 300 + round, shift: 0.25)
      )
      let comparison = Comparison(real: a, Neighborhoods(a), generated: b, Neighborhoods(b))
      let found = PrecisionRecall(comparison)
      density.append(found.density)
      coverage.append(found.coverage)
      let distance = KernelDistance(comparison)
      kernel.append(distance.value / distance.standardError)
    }
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    #expect((mean(density) - 1).magnitude < 0.02, "\(mean(density))")
    let expected = PrecisionRecall.expectedCoverage(real: 300, generated: 250)
    #expect((mean(coverage) - expected).magnitude < 0.01, "\(mean(coverage)) for \(expected)")
    #expect(mean(kernel).magnitude < 2)
  }

  @Test func threadsChangeNothing() {
    let (a, b) = (
      MetricFixtures.features(count: 700, dimension: 20, seed: 1, shift: 0),
      MetricFixtures.features(count: 600, dimension: 20, seed: 2, shift: 0.1)
    )
    func results() -> [Double] {
      let comparison = Comparison(real: a, Neighborhoods(a), generated: b, Neighborhoods(b))
      return comparison.kernelSums + comparison.real.kernelSums + comparison.real.squaredRadii
        + FeatureMoments(a).scatter.elements
    }
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    Parallel.threads = 1
    let alone = results()
    Parallel.threads = 3
    #expect(results() == alone)
  }

  // MARK: - Vendi score

  @Test(arguments: cases) func theVendiScoreIsThatOfItsAuthors(_ item: MetricFixtures.Features) throws {
    #expect(isClose(try #require(try VendiScore.of(item.generatedFeatures)), item.vendi))
  }

  @Test func theVendiScoreCountsDirections() throws {
    let three = Matrix(
      rows: 6, columns: 4, [1, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 2, 0, 0, 0, 5, 0])
    #expect(isClose(try #require(try VendiScore.of(three)), 3, 1e-12))
    #expect(
      try VendiScore.of(Matrix(rows: 2, columns: 3, [1, 2, 3, 2, 4, 6])).map { ($0 - 1).magnitude < 1e-7 }
        == true)
    #expect(try VendiScore.of(Matrix(rows: 2, columns: 3)) == nil)
  }
}
