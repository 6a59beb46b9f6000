import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// Certificates on linear models, where the bounds are exact.
@Suite struct IntervalCertificateTests {
  private static var model: BoundedLinearClassifier { BoundedLinearClassifier(Samples.linear) }
  private static let epsilons: [Float] = [0, 0.01, 0.03, 0.06, 0.1, 0.2]

  /// No pixel of the region comes to 0 or 1 for ε up to 0.3; a third is black where those stay.
  private static func images(_ region: Region, labels: Int = 3) -> LabeledImages {
    let images = Samples.images(150, in: 80...170, labels: labels)
    return LabeledImages(
      name: images.name, split: .test, height: 3, width: 4,
      pixels: images.pixels.map { $0 == 0 && region == .everywhere ? 128 : $0 }, labels: images.labels,
      labelNames: images.labelNames)
  }

  private static func exact(_ images: LabeledImages, _ region: Region) -> [Double] {
    images.labels.indices.map { i in
      model.smallestFoolingEpsilon(
        images.image(at: i).map { Double($0) / 255 }, label: Int(images.labels[i]), region: region)
    }
  }

  @Test(arguments: Region.allCases)
  func certifiesExactlyWhatHolds(_ region: Region) throws {
    let images = Self.images(region)
    let certified = try IntervalCertificate(region: FreePixels(region), batchSize: 64)
      .certified(by: Self.model, on: images, epsilons: Self.epsilons)
    #expect(certified.count == Self.epsilons.count)
    for (epsilon, found) in zip(Self.epsilons, certified) {
      for (i, limit) in Self.exact(images, region).enumerated() {
        try #require((limit - Double(epsilon)).magnitude > 1e-5, "too near for the test to tell")
        // The allowance for rounding may cost what lies this near.
        guard limit < Double(epsilon) || limit > Double(epsilon) + 2e-3 else { continue }
        #expect(found[i] == (limit > Double(epsilon)), "ε = \(epsilon), image \(i)")
      }
    }
    let counts = certified.map { $0.count { $0 } }
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(counts[0] > counts[5] && counts[1] > 0, "\(counts)")
  }

  /// C24: what is certified is not fooled, by an attack that is exact on two labels; what is not, is.
  @Test(arguments: Region.allCases)
  func noAttackBeatsACertificate(_ region: Region) throws {
    let model = BoundedLinearClassifier(Samples.binary(Samples.w))
    let images = Samples.images(300, labels: 2)
    let certified = try IntervalCertificate(region: FreePixels(region)).certified(
      by: model, on: images, epsilons: Self.epsilons)
    let attacked = try EpsilonSweep(FGSM(), region: FreePixels(region), epsilons: Self.epsilons).predictions(
      of: model, on: images)
    var (safe, both) = (0, 0)
    for (proofs, predictions) in zip(certified, attacked) {
      for (i, isProof) in proofs.enumerated() {
        let survives = predictions[i] == Int(images.labels[i])
        if isProof { #expect(survives) }
        safe += survives ? 1 : 0
        both += isProof && survives ? 1 : 0
      }
    }
    #expect(safe > both - 1 && Double(both) > 0.97 * Double(safe), "\(both) of \(safe)")
  }

  @Test(arguments: Region.allCases)
  func theLargestEpsilonIsTheMargin(_ region: Region) throws {
    let images = Self.images(region)
    let steps = 4096
    let found = try largestEpsilons(
      IntervalCertificate(region: FreePixels(region), batchSize: 40), Self.model, images, steps: steps)
    for (i, limit) in Self.exact(images, region).enumerated() where limit < 0.3 {
      if limit < 0 {
        #expect(found[i] == nil)
      } else if let largest = found[i].map(Double.init) {
        #expect(largest < limit && largest > limit - 1 / Double(steps) - 2e-3, "image \(i): \(limit)")
      } else {
        #expect(limit < 2e-3, "image \(i)")
      }
    }
    #expect(found.contains(nil) && found.contains { ($0 ?? 0) > 0.02 })
  }

  /// The largest ε at which each image is certified, among the multiples of 1 / `steps`; nil where not even ε
  /// = 0 is.
  private func largestEpsilons(
    _ certificate: IntervalCertificate, _ model: BoundedLinearClassifier, _ images: LabeledImages, steps: Int
  ) throws -> [Float?] {
    let epsilons = (0...steps).map { Float($0) / Float(steps) }
    let certified = try certificate.certified(by: model, on: images, epsilons: epsilons)
    return (0..<images.count).map { index in certified.lastIndex { $0[index] }.map { epsilons[$0] } }
  }

  /// In the foreground a single pixel may change here; everywhere, all may.
  @Test func blackPixelsStayOutOfTheCertificateOfTheForeground() throws {
    let model = BoundedLinearClassifier(Samples.linear)
    let images = LabeledImages(
      name: "bright", split: .test, height: 3, width: 4,
      pixels: [UInt8](repeating: 0, count: 11) + [200], labels: [0], labelNames: ["0", "1", "2"])
    let label = model.predictions(on: images)[0]
    let own = LabeledImages(
      name: "bright", split: .test, height: 3, width: 4, pixels: images.pixels, labels: [UInt8(label)],
      labelNames: images.labelNames)
    // That pixel keeps the sign of every margin until it is black, where all logits are 0.
    let reach = try largestEpsilons(IntervalCertificate(region: .foreground), model, own, steps: 1000)
    #expect((reach[0] ?? 0) > 0.75 && (reach[0] ?? 1) < 200 / 255)
    let everywhere = try largestEpsilons(IntervalCertificate(region: .everywhere), model, own, steps: 1000)
    #expect((everywhere[0] ?? 1) < 0.5)
  }

  @Test func progressCountsImagesAndCanStop() {
    struct Stop: Error {}
    let certificate = IntervalCertificate(region: .foreground, batchSize: 25)
    var counts: [Int] = []
    _ = certificate.certified(by: Self.model, on: Samples.images(60), epsilons: [0.1]) { counts.append($0) }
    #expect(counts == [25, 50, 60])
    #expect(throws: Stop.self) {
      try certificate.certified(by: Self.model, on: Samples.images(60), epsilons: []) { _ in throw Stop() }
    }
  }
}
