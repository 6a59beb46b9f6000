import Corruptions
import Foundation
import Kernels
import Testing

/// What corruptions make of an image, against other libraries and against the laws of chance.
@Suite struct CorruptionValueTests {
  private static let fixtures = CorruptionFixtures.all

  @Test func theFixturesCoverTheCatalogue() {
    let covered = Set(Self.fixtures.cases.map(\.description))
    for corruption in CorruptionCatalog.all {
      for severity in corruption.severities == .single ? 1...1 : 1...5 {
        #expect(covered.contains("\(corruption.name) \(severity)"))
      }
    }
  }

  /// To the rounding to bytes, in every pixel.
  @Test(arguments: fixtures.cases)
  func agreesWithOtherLibraries(_ reference: CorruptionFixtures.Case) throws {
    let corruption = try #require(CorruptionCatalog.named(reference.corruption))
    let result = corruption.applied(
      to: Self.fixtures.image, severity: reference.severity, key: Key(seed: Self.fixtures.seed))
    try #require(result.pixels.count == reference.pixels.count)
    let distances = zip(result.pixels, reference.pixels).map { abs($0 * 255 - Double($1)) }
    #expect(distances.count { $0 > 0.5 + 1e-6 } == 0)
  }

  // MARK: - Chance

  /// Mean, variance and fourth moment of a normal distribution, each within four of its standard errors.
  @Test func gaussianNoiseIsGaussian() throws {
    let values = try noise("gaussian-noise", on: 0.5, severity: 2).map { ($0 - 0.5) / 0.12 }
    let n = Double(values.count)
    #expect(abs(values.reduce(0, +) / n) < 4 / n.squareRoot())
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / n - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) < 4 * (96 / n).squareRoot())
    // Neighbours come from one pair of words.
    for step in [1, 2] {
      let products = zip(values, values.dropFirst(step)).map(*)
      #expect(abs(products.reduce(0, +) / n) < 4 / n.squareRoot())
    }
    let tail = Double(values.count { abs($0) > 2 }) / n
    let expected = erfc(2 / 2.0.squareRoot())
    #expect(abs(tail - expected) < 4 * (expected / n).squareRoot())
  }

  @Test func speckleNoiseGrowsWithTheBrightness() throws {
    for x in [0.25, 0.5] {
      let values = try noise("speckle-noise", on: x, severity: 3)
      let n = Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - x) * ($1 - x) } / n
      #expect(abs(values.reduce(0, +) / n - x) < 4 * 0.35 * x / n.squareRoot())
      #expect(abs(variance / (0.35 * 0.35 * x * x) - 1) < 4 * (2 / n).squareRoot())
    }
    #expect(try noise("speckle-noise", on: 0, severity: 5).allSatisfy { $0 == 0 })
  }

  /// The counts of photons by χ² against their probabilities e^-m·m^k/k!, and their mean and variance, both
  /// m.
  @Test(arguments: [(0.5, 1, 60.0), (0.2, 3, 12), (0.9, 5, 3), (0.01, 2, 25)])
  func shotNoiseIsPoisson(x: Double, severity: Int, photons: Double) throws {
    let counts = try noise("shot-noise", on: x, severity: severity).map { Int(($0 * photons).rounded()) }
    let (n, mean) = (Double(counts.count), photons * x)
    let average = Double(counts.reduce(0, +)) / n
    #expect(abs(average - mean) < 4 * (mean / n).squareRoot())
    let variance = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
    #expect(abs(variance - mean) < 4 * ((mean + 2 * mean * mean) / n).squareRoot())

    var (statistic, cells) = (0.0, 0)
    for k in 0...100 {
      let expected = n * exp(Double(k) * log(mean) - mean - lgamma(Double(k + 1)))
      guard expected > 10 else { continue }
      let observed = Double(counts.count { $0 == k })
      statistic += (observed - expected) * (observed - expected) / expected
      cells += 1
    }
    #expect(cells >= 3)
    #expect(statistic < Double(cells) + 4 * Double(2 * cells).squareRoot())
  }

  @Test func blackHasNoShotNoise() throws {
    #expect(try noise("shot-noise", on: 0, severity: 5).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(1, 0.03), (5, 0.27)])
  func impulseNoiseHitsItsShare(severity: Int, share: Double) throws {
    let values = try noise("impulse-noise", on: 0.5, severity: severity)
    let n = Double(values.count)
    for hit in [0.0, 1] {
      let observed = Double(values.count { $0 == hit }) / n
      #expect(abs(observed - share / 2) < 4 * (share / 2 / n).squareRoot())
    }
    #expect(values.allSatisfy { [0, 0.5, 1].contains($0) })
  }

  /// Blurs take nothing away and add nothing; exchanging equal pixels changes nothing.
  @Test(arguments: ["gaussian-blur", "motion-blur", "glass-blur"], 1...5)
  func blursKeepAConstantImage(_ name: String, severity: Int) throws {
    let corruption = try #require(CorruptionCatalog.named(name))
    let image = CorruptionSamples.constant(0.3, side: 28)
    let result = corruption.applied(to: image, severity: severity, key: Key(seed: 8))
    #expect(result.pixels.allSatisfy { abs($0 - 0.3) < 1e-12 })
  }

  /// Each of the possible directions about as often as the others, over 400 keys.
  @Test(arguments: [("shear", 2), ("rotate", 2), ("translate", 4)])
  func directionsAreFair(_ name: String, directions: Int) throws {
    let corruption = try #require(CorruptionCatalog.named(name))
    var counts: [[UInt8]: Int] = [:]
    for seed in 0..<400 {
      let result = corruption.applied(
        to: Self.fixtures.image, severity: 3, key: Key(seed: 9).derived(seed))
      counts[result.bytes, default: 0] += 1
    }
    #expect(counts.count == directions)
    let share = 1 / Double(directions)
    #expect(
      counts.values.allSatisfy {
        abs(Double($0) / 400 - share) < 4 * (share * (1 - share) / 400).squareRoot()
      })
  }

  /// Fog leaves a black image black, and the brightest pixel no brighter than it was.
  @Test(arguments: 1...5) func fogIsNoLightOfItsOwn(severity: Int) throws {
    let fog = try #require(CorruptionCatalog.named("fog"))
    let black = CorruptionSamples.constant(0, side: 28)
    #expect(fog.applied(to: black, severity: severity, key: Key(seed: 10)) == black)
    let grey = fog.applied(
      to: CorruptionSamples.constant(0.6, side: 28), severity: severity, key: Key(seed: 10))
    #expect(grey.pixels.allSatisfy { $0 <= 0.6 + 1e-12 })
  }

  /// Before clipping.
  private func noise(_ name: String, on value: Double, severity: Int) throws -> [Double] {
    let corruption = try #require(CorruptionCatalog.named(name))
    return corruption.transformed(CorruptionSamples.constant(value), severity: severity, key: Key(seed: 12))
      .pixels
  }
}
