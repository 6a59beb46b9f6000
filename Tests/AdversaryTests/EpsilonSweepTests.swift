import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// The sweep against a loop that does everything by hand.
@Suite struct EpsilonSweepTests {
  private static let epsilons: [Float] = [0, 0.02, 0.05, 0.1, 0.3, 1]

  /// One image, one pixel at a time, in plain arithmetic.
  private static func naive(
    _ model: LinearClassifier, _ images: LabeledImages, signs: [Float], region: Region, epsilon: Float
  ) -> [Int] {
    (0..<images.count).map { i in
      let attacked = images.image(at: i).enumerated().map { pixel, byte -> Double in
        let clean = Float(byte) / 255
        guard byte > 0 || region == .everywhere else { return Double(clean) }
        return Double(min(max(clean + epsilon * signs[i * images.valuesPerImage + pixel], 0), 1))
      }
      let logits = model.logits(of: attacked)
      return logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }
  }

  @Test(arguments: Region.allCases, [1, 7, 500])
  func equalsTheNaiveLoop(_ region: Region, batchSize: Int) throws {
    let (model, images) = (Samples.linear, Samples.images(60))
    let indices = Array(0..<60)
    let task = AttackTask(
      model, images: images.tensor(indices), labels: images.labels(indices),
      keys: indices.map { Key(seed: 0).derived($0) })
    let direction = try #require(FGSM().perturbation(task).direction)
    let signs = direction.elements
    let predictions = try EpsilonSweep(
      FGSM(), region: FreePixels(region), epsilons: Self.epsilons, batchSize: batchSize
    )
    .predictions(of: model, on: images)
    #expect(predictions.count == Self.epsilons.count)
    for (epsilon, found) in zip(Self.epsilons, predictions) {
      #expect(
        found == Self.naive(model, images, signs: signs, region: region, epsilon: epsilon), "ε = \(epsilon)")
    }
  }

  @Test(arguments: AttackCatalog.all.map(\.name))
  func zeroIsTheCleanPrediction(name: String) throws {
    let attack = try #require(AttackCatalog.named(name))
    let images = Samples.images(20, labels: 5)
    let swept = try EpsilonSweep(attack, region: .everywhere, epsilons: [0], batchSize: 13)
      .predictions(of: Samples.wide, on: images)
    #expect(swept == [Samples.wide.predictions(on: images)])
  }

  /// What fools one classifier is tried on another; there the search does not end with the first success.
  @Test func imagesCraftedOnOneAreTriedOnAnother() throws {
    let images = Samples.images(60)
    let other = LinearClassifier(
      Samples.linear.weights.map { $0.map { $0 * 0.9 + 0.1 } }, imageShape: Samples.shape)
    func right(_ surrogate: LinearClassifier?) throws -> Int {
      let sweep = EpsilonSweep(ProjectedGradient.pgd, region: .everywhere, epsilons: [0.2])
      return zip(try sweep.predictions(of: other, craftedOn: surrogate, on: images)[0], images.labels)
        .count { $0 == Int($1) }
    }
    let clean = zip(other.predictions(on: images), images.labels).count { $0 == Int($1) }
    #expect(try right(Samples.linear) < clean)
    #expect(try right(nil) <= right(Samples.linear))
  }

  /// One ε alone gives what it gives among others, in any order.
  @Test func everyEpsilonIsOnItsOwn() throws {
    let images = Samples.images(60)
    func predictions(_ epsilons: [Float]) throws -> [[Int]] {
      try EpsilonSweep(FGSM(), region: .foreground, epsilons: epsilons).predictions(
        of: Samples.linear, on: images)
    }
    let all = try predictions(Self.epsilons)
    #expect(try predictions(Self.epsilons.reversed()) == all.reversed())
    for (index, epsilon) in Self.epsilons.enumerated() { #expect(try predictions([epsilon]) == [all[index]]) }
    #expect(try predictions([]) == [])
  }

  /// The same image twice in the set: noise must not repeat from batch to batch.
  @Test func noiseDiffersAcrossBatches() throws {
    let one = Samples.images(1, labels: 2)
    let images = LabeledImages(
      name: "same", split: .test, height: 3, width: 4,
      pixels: Array((0..<4).map { _ in one.pixels }.joined()),
      labels: [0, 0, 0, 0], labelNames: ["0", "1"])
    func seen(seed: UInt64) throws -> [[UInt32]] {
      let model = RecordingClassifier(imageShape: Samples.shape)
      _ = try EpsilonSweep(
        SignNoise(), region: .everywhere, epsilons: [0.1], batchSize: 1, key: Key(seed: seed)
      ).predictions(of: model, on: images)
      return model.seen.map(\.bits)
    }
    let first = try seen(seed: 1)
    #expect(Set(first).count == 4)
    #expect(try seen(seed: 1) == first)
    #expect(Set(first).isDisjoint(with: try seen(seed: 2)))
  }

  /// One noise serves all sizes: a larger one is the same direction, further.
  @Test func allSizesShareOneDirection() throws {
    let model = RecordingClassifier(imageShape: Samples.shape)
    let images = Samples.images(5, in: 100...150, labels: 2)
    _ = try EpsilonSweep(SignNoise(), region: .foreground, epsilons: [0.125, 0.25]).predictions(
      of: model, on: images)
    let clean = images.tensor(Array(0..<5)).elements
    for (index, (small, large)) in zip(model.seen[0].elements, model.seen[1].elements).enumerated() {
      #expect((2 * (small - clean[index]) - (large - clean[index])).magnitude < 1e-6)
    }
  }

  @Test func progressCountsImagesAndCanStop() throws {
    struct Stop: Error {}
    let sweep = EpsilonSweep(FGSM(), region: .foreground, epsilons: [0, 0.1], batchSize: 25)
    var counts: [Int] = []
    _ = try sweep.predictions(of: Samples.linear, on: Samples.images(60)) { counts.append($0) }
    #expect(counts == [25, 50, 60])
    #expect(throws: Stop.self) {
      try sweep.predictions(of: Samples.linear, on: Samples.images(60)) { if $0 == 50 { throw Stop() } }
    }
  }

  // MARK: - The published curve

  @Test func thePublishedCurveIsOnItsGridAndFalls() {
    #expect(PublishedCurve.points.allSatisfy { PublishedCurve.epsilons.contains($0.epsilon) })
    #expect(PublishedCurve.epsilons.count == 17)
    #expect(PublishedCurve.epsilons == PublishedCurve.epsilons.sorted())
    let accuracies = PublishedCurve.points.map(\.accuracy)
    #expect(zip(accuracies, accuracies.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(accuracies.first == 0.91 && accuracies.last == 0)
  }
}

extension Perturbation {
  /// Of an attack along a direction.
  var direction: Tensor? { if case .along(let direction) = self { direction } else { nil } }
}
