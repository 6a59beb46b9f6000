import Adversary
import Autograd
import Kernels
import Network
import Testing

/// What attacks climb, and what they do where there is nothing to climb.
@Suite struct AttackLossTests {
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

  /// FGSM stands still on it, as the method is; the others go on along the margin.
  @Test func aVanishingGradientDoesNotPassForRobustness() throws {
    #expect(try right(FGSM(), Saturated()) == 30)
    for attack in [ProjectedGradient.pgd, AutoPGD.crossEntropy, AutoAttack.linf] as [any Attack] {
      #expect(try right(attack, Saturated()) == 0, "\(attack.name)")
    }
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
