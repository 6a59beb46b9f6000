import Adversary
import Autograd
import Datasets
import Foundation
import Kernels
import Network
import Testing

/// Smoothing on a linear model: under noise its score w·x is normal, so p = Φ(|w·x| / σ‖m·w‖₂), and the
/// radius σ·Φ⁻¹(p) is the distance |w·x| / ‖m·w‖₂ to the decision.
@Suite struct RandomizedSmoothingTests {
  private static let model = Samples.binary(Samples.w)
  private static let images = Samples.images(60, labels: 2)

  private static func smoothing(
    _ region: FreePixels = .foreground, deviation: Float = 0.5, samples: Int = 2000, seed: UInt64 = 5
  ) -> RandomizedSmoothing {
    RandomizedSmoothing(
      deviation: deviation, region: region, estimationSamples: samples, key: Key(seed: seed))
  }

  private static func scoreAndNorm(_ i: Int, _ region: Region) -> (score: Double, norm: Double) {
    let image = images.image(at: i).map { Double($0) / 255 }
    let squares = zip(image, Samples.w).reduce(0.0) {
      $0 + ($1.0 > 0 || region == .everywhere ? Double($1.1) * Double($1.1) : 0)
    }
    return (model.logits(of: image)[0], squares.squareRoot())
  }

  @Test(arguments: Region.allCases, [0.1, 0.5] as [Float])
  func probabilitiesAndRadiiHaveAClosedForm(_ region: Region, deviation: Float) throws {
    let samples = 2000
    let found = try Self.smoothing(FreePixels(region), deviation: deviation, samples: samples)
      .certificates(of: Self.model, on: Self.images)
    var certified = 0
    for (i, certificate) in found.enumerated() {
      let (score, norm) = Self.scoreAndNorm(i, region)
      let p = NormalDistribution.cumulative(score.magnitude / (Double(deviation) * norm))
      guard let label = certificate.label else {
        // Abstaining is for where the label could well be either.
        #expect(p < 0.58 && certificate.radius == 0, "image \(i): \(p)")
        continue
      }
      certified += 1
      #expect(label == (score > 0 ? 0 : 1), "image \(i)")
      // A lower bound: 3 deviations below the rate of success, which itself is off by up to 4.
      let spread = (p * (1 - p) / Double(samples)).squareRoot() + 1 / Double(samples)
      #expect(certificate.probability < p && certificate.probability > p - 9 * spread, "image \(i): \(p)")
      #expect(certificate.radius < score.magnitude / norm, "image \(i)")
      #expect(certificate.radius > 0)
    }
    #expect(certified > 30)
  }

  /// Where every sample agrees, the bound is α^(1/n).
  @Test func certaintyHasAClosedForm() {
    let certificate = RandomizedSmoothing(
      deviation: 1e-4, region: .everywhere, estimationSamples: 1200, failureProbability: 0.01,
      key: Key(seed: 1)
    ).certificate(of: Self.model, Self.images.tensor([3]), key: Key(seed: 2))
    let p = pow(0.01, 1.0 / 1200)
    #expect((certificate.probability - p).magnitude < 1e-12)
    #expect((certificate.radius - 1e-4 * NormalDistribution.quantile(p)).magnitude < 1e-9)
  }

  @Test func halfAndHalfIsAbstention() {
    let certificate = Self.smoothing(.everywhere).certificate(
      of: Samples.binary([Float](repeating: 1, count: 12)), .zeros([1, 3, 4, 1]), key: Key(seed: 7))
    #expect(certificate.label == nil && certificate.radius == 0)
    #expect((0.4...0.5).contains(certificate.probability))
  }

  @Test func theKeyDecides() throws {
    let all = try Self.smoothing().certificates(of: Self.model, on: Self.images)
    #expect(try Self.smoothing().certificates(of: Self.model, on: Self.images) == all)
    #expect(try Self.smoothing(seed: 6).certificates(of: Self.model, on: Self.images) != all)
    let some = try Self.smoothing().certificates(of: Self.model, on: Self.images.prefix(7))
    #expect(some == Array(all.prefix(7)), "an image's noise does not depend on the others")
    let one = Self.smoothing().certificate(
      of: Self.model, Self.images.tensor([4]), key: Key(seed: 5).derived(4))
    #expect(one == all[4])
  }

  /// The label is chosen by n₀ samples, its probability bounded by n others; black pixels get no noise.
  @Test func samplesAreCountedAndMasked() {
    let model = RecordingClassifier(imageShape: Samples.shape)
    let image = Self.images.tensor([0])
    _ = RandomizedSmoothing(
      deviation: 0.3, region: .foreground, selectionSamples: 70, estimationSamples: 1100, key: Key(seed: 1)
    ).certificate(of: model, image, key: Key(seed: 2))
    #expect(model.seen.map { $0.shape[0] } == [70, 500, 500, 100])
    let clean = image.elements
    let batches = model.seen.map(\.elements)
    for batch in batches {
      for (index, value) in batch.enumerated() {
        let original = clean[index % Samples.size]
        #expect((value == original) == (original == 0), "pixel \(index)")
      }
    }
    let noise = batches[1].indices.filter { clean[$0 % Samples.size] > 0 }
      .map { Double(batches[1][$0] - clean[$0 % Samples.size]) }
    let variance = noise.map { $0 * $0 }.reduce(0, +) / Double(noise.count)
    #expect((variance.squareRoot() - 0.3).magnitude < 0.02)
    #expect(Set(batches.map { $0.prefix(Samples.size).description }).count == 4, "no chunk repeats another")
  }

  @Test func progressCountsImages() {
    var counts: [Int] = []
    _ = Self.smoothing(samples: 10).certificates(of: Self.model, on: Self.images.prefix(3)) {
      counts.append($0)
    }
    #expect(counts == [1, 2, 3])
  }
}
