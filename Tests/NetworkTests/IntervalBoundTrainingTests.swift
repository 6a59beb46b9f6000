import Autograd
import Kernels
import Network
import Testing

/// The loss of a training on bounds.
@Suite struct IntervalBoundTrainingTests {
  /// Logits x·w of two pixels, whose worst margins are known.
  private final class Model: TrainedClassifier {
    let name = "model"
    let labelNames = ["0", "1"]
    let imageShape = [1, 2, 1]
    let layer = Dense(inputs: 2, outputs: 2, key: Key(seed: 1))
    var boxes: [Interval] = []

    init() { layer.weight.value = Tensor([1, -1, 2, 0], shape: [2, 2]) }

    func logits(_ images: Tensor) -> Tensor { logits(images, .inference) }
    func logits(_ images: Tensor, _ pass: Pass) -> Tensor { layer(images.flattened(), pass) }
    func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
      #expect(widening == 0)
      boxes.append(images)
      return Sequential(["flatten": Flatten(), "logits": layer]).worstCaseMargins(images, labels: labels)
    }
  }

  private static func defence(_ region: Region = .everywhere) -> IntervalBoundTraining {
    IntervalBoundTraining(epsilon: 0.2, region: region, ramp: 0.25...0.75, cleanShare: 0.5)
  }

  private static func batch(_ progress: Double) -> TrainingBatch {
    TrainingBatch(
      images: Tensor([0.5, 0, 0.25, 0.75], shape: [2, 1, 2, 1]), labels: [1, 1], progress: progress,
      pass: .training(Key(seed: 2)), key: Key(seed: 3))
  }

  @Test func theRampRisesInTheMiddle() {
    let rises = [0, 0.25, 0.375, 0.5, 0.75, 0.9].map { Self.defence().rise($0) }
    #expect(rises == [0, 0, 0.25, 0.5, 1, 1])
    let step = IntervalBoundTraining(epsilon: 0.1, region: .everywhere, ramp: 0.5...0.5, cleanShare: 0.5)
    #expect([0, 0.49, 0.5, 1].map { step.rise($0) } == [0, 0, 1, 1])
    let whole = IntervalBoundTraining(epsilon: 0.1, region: .everywhere, ramp: 0...0, cleanShare: 0)
    #expect(whole.rise(0) == 1)
  }

  @Test func beforeTheRampItIsTheCrossEntropy() {
    let model = Model()
    let batch = Self.batch(0.25)
    let (loss, logits) = Self.defence().loss(of: model, on: batch, counterparts: batch.images)
    #expect(model.boxes.isEmpty, "bounds cost time")
    #expect(logits.elements == model.logits(batch.images).elements)
    #expect(loss.scalar == Loss.crossEntropy(logits, labels: [1, 1]).scalar)
  }

  /// At half of the ramp ε is 0.1 and κ 0.75. The difference of the logits' weights is (2, 2).
  @Test(arguments: [(Region.everywhere, [-1.4, -2.4]), (.foreground, [-1.2, -2.4])])
  func withinTheRampBothLossesCount(_ region: Region, margins: [Double]) {
    let model = Model()
    let batch = Self.batch(0.5)
    let (loss, _) = Self.defence(region).loss(of: model, on: batch, counterparts: batch.images)
    func crossEntropy(_ margins: [Double]) -> Double {
      margins.map { Double(Tensor(Float(-$0)).softplus().scalar) }.reduce(0, +) / 2
    }
    // The clean margins are -2·0.5 and -2·(0.25 + 0.75).
    let expected = 0.75 * crossEntropy([-1, -2]) + 0.25 * crossEntropy(margins)
    #expect((Double(loss.scalar) - expected).magnitude < 1e-6)
    #expect(model.boxes.count == 1)
    #expect(model.boxes.first?.radius.elements[1] == (region == .foreground ? 0 : 0.05))
  }
}
