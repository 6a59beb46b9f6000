import Adversary
import Autograd
import Foundation
import Kernels
import Network
import Testing

/// Training on attacked images, with a linear classifier in the place of a network.
@Suite struct AdversarialTrainingTests {
  private struct Trained: TrainedClassifier {
    let name = "linear"
    let labelNames = Samples.wide.labelNames
    let imageShape = Samples.shape

    func logits(_ images: Tensor) -> Tensor { Samples.wide.logits(images) }
    func logits(_ images: Tensor, _ pass: Pass) -> Tensor { logits(images) }
    func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
      .zeros([labels.count, labelNames.count])
    }
  }

  private static let images = Samples.images(20, labels: 5)
  private let batch = TrainingBatch(
    images: images.tensor(Array(0..<20)), labels: images.labels(Array(0..<20)), progress: 0.5,
    pass: .inference,
    key: Key(seed: 8))

  static let defences: [any TrainingDefence] = [
    AdversarialTraining.pgd(epsilon: 0.1, region: .foreground, steps: 7, cleanShare: 0),
    AdversarialTraining.fgsm(epsilon: 0.1, region: .foreground, cleanShare: 0.5),
    TradesTraining(epsilon: 0.1, region: .foreground, steps: 10, beta: 6),
  ]

  private func crossEntropies(_ x: Tensor) -> [Float] {
    Samples.wide.logits(x).softmaxCrossEntropy(labels: batch.labels).elements
  }

  private func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(values.count) }

  @Test(arguments: 0..<3) func counterpartsStayInTheBallAndTheMask(_ index: Int) {
    let found = Self.defences[index].counterparts(of: batch, against: Trained())
    #expect(!found.isTracked)
    let (clean, attacked) = (batch.images.elements, found.elements)
    for (before, after) in zip(clean, attacked) {
      #expect((0...1).contains(after) && (after - before).magnitude <= 0.1 + 1e-6)
      if before == 0 { #expect(after.bitPattern == before.bitPattern) }
    }
    // TRADES goes away from the prediction, the others from the label.
    let rise =
      Self.defences[index].name == "trades"
      ? Float(divergence(batch.images, found))
      : mean(crossEntropies(found)) - mean(crossEntropies(batch.images))
    #expect(rise > 0.1)
    let again = Self.defences[index].counterparts(of: batch, against: Trained())
    #expect(again.bits == found.bits)
  }

  @Test func theLossesAreThoseOfThePapers() {
    let attacked = Tensor.uniform(batch.images.shape, key: Key(seed: 9))
    func loss(_ defence: any TrainingDefence) -> Float {
      defence.loss(of: Trained(), on: batch, counterparts: attacked).loss.scalar
    }
    let (clean, hit) = (mean(crossEntropies(batch.images)), mean(crossEntropies(attacked)))
    #expect((loss(Self.defences[0]) - hit).magnitude < 1e-5)
    #expect((loss(Self.defences[1]) - (clean + hit) / 2).magnitude < 1e-5)
    let divergence = divergence(batch.images, attacked)
    #expect((Double(loss(Self.defences[2])) - (Double(clean) + 6 * divergence)).magnitude < 1e-3 * divergence)
  }

  /// The mean of KL(p(x) ‖ p(x')).
  private func divergence(_ x: Tensor, _ other: Tensor) -> Double {
    let p = Samples.wide.logits(x).softmax().elements.map(Double.init)
    let q = Samples.wide.logits(other).softmax().elements.map(Double.init)
    return zip(p, q).reduce(0.0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) } / 20
  }
}
