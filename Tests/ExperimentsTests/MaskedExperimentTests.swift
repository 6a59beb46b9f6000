import Adversary
import Autograd
import Datasets
import Eval
import Experiments
import Network
import Testing

/// Tells dark images from bright ones; nothing is for it of a third kind.
private struct Brightness: ImageClassifier {
  let name = "brightness"
  let labelNames = ["dark", "bright", "other"]
  let imageShape = [2, 2, 1]

  func logits(_ images: Tensor) -> Tensor {
    let mean = images.mean(axes: [1, 2, 3]).reshaped([images.shape[0], 1])
    return .concatenate(
      [mean.scaled(by: -1, plus: 1), mean, mean.scaled(by: 0, plus: -10)], axis: 1)
  }
}

/// Masks of one's own in whole experiments: each stays with its image where images are left out.
@Suite struct MaskedExperimentTests {
  private static let freed = [0, 2, 3, 9]
  /// Twelve dark images, every third of which has the label of bright ones.
  private let images = LabeledImages(
    name: "tiny", split: .test, height: 2, width: 2, pixels: [UInt8](repeating: 115, count: 48),
    labels: (0..<12).map { $0 % 3 == 1 ? 1 : 0 }, labelNames: ["dark", "bright", "other"])
  /// All of the image, for those in ``freed``.
  private let mask = PixelMask(
    (0..<48).map { Self.freed.contains($0 / 4) ? 1 : 0 }, shape: [12, 2, 2], name: "m.npy", sha256: "5a")

  private func curve(target: Int?, _ region: FreePixels) throws -> AccuracyCurve {
    var experiment = AccuracyVsEpsilonExperiment(attacks: [FGSM()], epsilons: [0, 0.2])
    (experiment.regions, experiment.target) = ([region], target)
    return try #require(try experiment.run([Brightness()], on: images).result.curves.first)
  }

  /// Of the eight images that are left four are open; of the first eight masks it would be three.
  @Test func masksFollowTheImagesThatATargetLeaves() throws {
    let curve = try curve(target: 1, .mask(mask))
    #expect(curve.points.map(\.count) == [8, 8] && curve.points.map(\.correct) == [8, 4])
    #expect(try self.curve(target: 1, .everywhere).points.map(\.correct) == [8, 0])
  }

  @Test func resultsNameTheMaskOrTheThreshold() throws {
    let own = try curve(target: nil, .mask(mask))
    #expect(own.region == "mask" && own.mask == MaskReference(mask) && own.foregroundThreshold == nil)
    #expect(own.mask?.file == "m.npy" && own.mask?.sha256 == "5a")
    let bright = try curve(target: nil, .brighter(than: 0.4))
    #expect(bright.region == "foreground" && bright.foregroundThreshold == 0.4 && bright.mask == nil)
    let usual = try curve(target: nil, .foreground)
    #expect(usual.foregroundThreshold == nil && usual.points == bright.points)
    // 115 / 255 is 0.451.
    let none = try curve(target: nil, .brighter(than: 0.46))
    #expect(none.points[0].correct == none.points[1].correct)
  }

  @Test func matricesAndTheirExamplesAreMasked() throws {
    let experiment = ConfusionExperiment(attack: FGSM(), region: .mask(mask), epsilon: 0.2)
    let result = try experiment.run(Brightness(), on: images).result
    // Dark ones that were dark: the open ones are bright now, and so were never those with that label.
    #expect(result.matrix[0] == [4, 4, 0] && result.noise?.hasPrefix("fgsm, mask m.npy, ε 0.2 ") == true)
    #expect(result.mask == MaskReference(mask))
    let examples = experiment.examples(Brightness(), on: images.prefix(4))
    let attacked = try #require(examples.attacked)
    let changed = zip(examples.clean.images, attacked.images).map { $0 != $1 }
    #expect(changed == [true, false, true, true] && examples.region.name == "mask")
  }

  @Test func oneCallTakesMasksToo() throws {
    let outcome = try FGSM().run(
      on: Brightness(), images.prefix(4), epsilons: [0.2], region: .mask(mask.prefix(4)))
    // The second is bright by its label, and dark.
    #expect(outcome[0].isFooled == [true, true, true, true])
    let closed = try FGSM().run(
      on: Brightness(), images.at([5, 6]), epsilons: [0.2], region: .mask(mask.at([5, 6])))
    #expect(closed[0].isFooled == [false, false])
  }

  /// The checks look at whatever the part of the pixels is, and what everywhere proves holds there, too.
  @Test func checksTakeAMaskForTheForeground() {
    func masked(_ attack: AttackResult) -> AttackResult {
      guard attack.region != .everywhere, let own = AttackCatalog.named(attack.attack) else { return attack }
      return AttackResult(
        own, epsilon: attack.epsilon, region: .mask(mask), craftedOn: attack.craftedOn, right: attack.right)
    }
    var evidence = Evidence.passing
    evidence.attacks = evidence.attacks.map(masked).filter { $0.region != .foreground }
    for number in ["C8", "C17", "C19", "C24"] {
      let found = RobustnessCheckCatalog.all.first { $0.number == number }?.check(evidence)
      #expect(found?.outcome == .pass, "\(number): \(String(describing: found))")
    }
    let result = ClassifierRobustness(classifier: "tried", clean: evidence.clean, attacks: evidence.attacks)
    #expect(result.regions == [.everywhere, .mask(mask)])
    #expect(result.worstCase(.mask(mask)).count { $0 } == 4)
  }
}
