import Adversary
import Autograd
import Foundation
import Kernels
import Network
import Testing

/// What attacks climb, and what they do where there is nothing to climb.
@Suite struct AttackLossTests {
  @Test func thereAreFixtures() { #expect(AttackLossFixture.all.count == 180) }

  /// A classifier that is so sure that cross-entropy has no slope in single precision.
  private struct Saturated: ImageClassifier {
    let name = "saturated"
    let labelNames = Samples.wide.labelNames
    let imageShape = Samples.shape

    func logits(_ images: Tensor) -> Tensor { Samples.wide.logits(images) * 1e5 }
  }

  private struct Probabilities: ImageClassifier {
    let name = "probabilities"
    let labelNames = Samples.wide.labelNames
    let imageShape = Samples.shape

    func logits(_ images: Tensor) -> Tensor { Samples.wide.logits(images).softmax() }
  }

  private let images = Samples.images(30, labels: 5)

  private func right(_ attack: any Attack, _ classifier: any ImageClassifier) throws -> Int {
    // True labels are the predictions, so that all start right.
    let x = images.tensor(Array(0..<30))
    let labels = classifier.predictions(x)
    let sweep = EpsilonSweep(attack, region: .everywhere, epsilons: [])
    let attacked = sweep.images(against: classifier, x, labels: labels, epsilon: 0.5)
    return zip(classifier.predictions(attacked), labels).count { $0 == $1 }
  }

  /// Not even FGSM stands still on it: its direction is that of exact arithmetic.
  @Test func certaintyDoesNotPassForRobustness() throws {
    for attack in [FGSM(), ProjectedGradient.pgd, AutoPGD.crossEntropy, AutoAttack.linf]
      as [any Attack]
    {
      #expect(try right(attack, Saturated()) == 0, "\(attack.name)")
    }
    let x = images.tensor(Array(0..<30))
    let labels = Saturated().predictions(x)
    #expect(!VanishingGradients(of: Saturated(), on: x, labels: labels).isAny)
    // Cross-entropy itself has no slope there in single precision.
    let tracked = x.tracked()
    let loss = Saturated().logits(tracked).softmaxCrossEntropy(labels: labels).sum()
    #expect(gradient(of: loss, wrt: tracked).elements.allSatisfy { $0 == 0 })
  }

  /// A classifier whose logits depend on nothing, and one whose logits are no numbers.
  private struct Broken: ImageClassifier {
    let name = "broken"
    let labelNames = Samples.wide.labelNames
    let imageShape = Samples.shape
    let factor: Float

    func logits(_ images: Tensor) -> Tensor { Samples.wide.logits(images) * factor }
  }

  @Test func vanishingGradientsAreCounted() {
    let (x, labels) = (images.tensor(Array(0..<30)), images.labels(Array(0..<30)))
    func found(_ factor: Float) -> VanishingGradients {
      VanishingGradients(of: Broken(factor: factor), on: x, labels: labels)
    }
    #expect(found(0).zero == 30 && found(0).notFinite == 0)
    #expect(found(.nan).notFinite == 30)
    #expect(!found(1).isAny)
  }

  /// Values and gradients of the losses against arithmetic with 80 digits, from logits of ±1 to ±100.
  @Test(arguments: AttackLossFixture.all)
  func lossesAreExact(_ expected: AttackLossFixture) {
    func check(_ loss: AttackLoss, _ targets: [Int]?, _ value: AttackLossFixture.Value, _ what: String) {
      let z = Tensor(expected.logits, shape: [1, expected.logits.count]).tracked()
      let found = loss.values(z, labels: [expected.label], targets: targets)
      #expect(
        (Double(found.scalar) - value.value).magnitude <= 1e-5 * max(1, value.value.magnitude), "\(what)")
      let largest = value.gradient.map(\.magnitude).max() ?? 0
      for (a, b) in zip(gradient(of: found.sum(), wrt: z).elements, value.gradient) {
        // Where the true label is third the logit ratio is constant, and its slope is what rounding leaves.
        #expect((Double(a) - b).magnitude <= 1e-5 * largest + 1e-8, "\(what): \(a) for \(b), of \(largest)")
      }
    }
    check(.margin, nil, expected.margin, "margin")
    check(.margin, [expected.target], expected.targetedMargin, "margin, targeted")
    check(.logitRatio, nil, expected.logitRatio, "logit ratio")
    check(.logitRatio, [expected.target], expected.targetedLogitRatio, "logit ratio, targeted")
  }

  @Test func probabilitiesAreNoticed() {
    let x = images.tensor(Array(0..<30))
    #expect(Probabilities().logits(x).looksLikeProbabilities)
    #expect(!Samples.wide.logits(x).looksLikeProbabilities)
    #expect(!Tensor([0.5, 0.6], shape: [1, 2]).looksLikeProbabilities)
    #expect(!Tensor([0.25, 0.75, 1.5, -0.5], shape: [2, 2]).looksLikeProbabilities)
  }

  /// The analytic control of the robustness report.
  @Test func theAttacksPassTheLinearControl() {
    let ratios = LinearControl(imageShape: [8, 8, 1]).ratios()
    #expect(ratios.count >= 7)
    for (attack, ratio) in ratios { #expect(ratio > 0.999 && ratio < 1.25, "\(attack): \(ratio)") }
  }

  @Test func normsMeasureAndProject() {
    let change = Tensor([3, -4, 0, 0, 1e-30, 0, 0, 0, 0, 0, 0, 0], shape: [3, 2, 2, 1])
    #expect(Norm.linf.lengths(of: change) == [4, 1e-30, 0])
    #expect(Norm.l0.lengths(of: change) == [2, 1, 0])
    // 1e-30 squared is 0 in single precision.
    #expect(Norm.l2.lengths(of: change) == [5, 1e-30, 0])
  }
}

/// See Tests/Fixtures/make_certainty_fixtures.py.
struct AttackLossFixture: Decodable, Sendable {
  struct Value: Decodable, Sendable {
    let value: Double
    let gradient: [Double]
  }

  let logits: [Float]
  let label, target: Int
  let margin, targetedMargin, logitRatio, targetedLogitRatio: Value

  static let all: [AttackLossFixture] = {
    let url = Bundle.module.url(
      forResource: "attack_losses", withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode([AttackLossFixture].self, from: $0)
    } ?? []
  }()
}
