import Autograd
import Datasets
import Foundation
import Kernels
import Network
import Testing

/// Losses at points where their value is known.
@Suite struct LossTests {
  private let logits = Tensor([2, -1, 0.5, 0, 0, 0], shape: [2, 3])

  /// -ln of the softmax of row 0, by hand in double precision.
  private static let surprises = [2, -1, 0.5].map { log(exp(2) + exp(-1) + exp(0.5)) - $0 }

  @Test(arguments: [0, 0.1, 0.5])
  func smoothedCrossEntropyIsItsFormula(smoothing: Double) {
    let sharp = (Self.surprises[1] + log(3)) / 2
    let uniform = (Self.surprises.reduce(0, +) / 3 + log(3)) / 2
    let loss = Loss.crossEntropy(logits, labels: [1, 2], smoothing: Float(smoothing))
    #expect((Double(loss.scalar) - ((1 - smoothing) * sharp + smoothing * uniform)).magnitude < 1e-6)
  }

  /// A discriminator that knows nothing pays ln 2, whatever the target.
  @Test(arguments: [0, 0.9, 1] as [Float])
  func binaryCrossEntropyOfZeroIsLn2(target: Float) {
    #expect((Loss.binaryCrossEntropy(.zeros([4, 1]), target: target).scalar - 0.693_147_2).magnitude < 1e-6)
  }

  @Test func binaryCrossEntropySurvivesLargeLogits() {
    let logits = Tensor([100, -100], shape: [2])
    #expect(Loss.binaryCrossEntropy(logits, target: 1).scalar == 50)
    #expect(Loss.binaryCrossEntropy(logits, target: 0).scalar == 50)
    let x = logits.tracked()
    #expect(gradient(of: Loss.binaryCrossEntropy(x, target: 1), wrt: x).elements == [0, -0.5])
  }

  @Test func wassersteinIsTheDifferenceOfTheMeans() {
    let (real, fake) = (Tensor([2, 0.5, -1], shape: [3]), Tensor([-3, 0.5], shape: [2]))
    #expect(Loss.wasserstein(real: real, fake: fake).scalar == -1.25 - 0.5)
  }
}

/// What the sibling libraries share: batches of images and predictions.
@Suite struct PredictionTests {
  /// Logits are the first three pixels.
  private struct Pixels: ImageClassifier {
    let name = "pixels"
    let labelNames = ["a", "b", "c"]
    let imageShape = [1, 4, 1]
    func logits(_ images: Tensor) -> Tensor {
      images.flattened().sliced(start: [0, 0], size: [images.shape[0], 3])
    }
  }

  private static let images = LabeledImages(
    name: "three", split: .test, height: 1, width: 4,
    pixels: [255, 0, 0, 51, 0, 7, 9, 0, 5, 5, 5, 5, 0, 1, 0, 255, 0, 0, 3, 0], labels: [0, 1, 0, 1, 2],
    labelNames: ["a", "b", "c"])

  @Test func pixelsAreScaledToTheUnitRange() {
    let x = Self.images.tensor([3, 0])
    #expect(x.shape == [2, 1, 4, 1])
    #expect(x.elements == [0, 1 / 255, 0, 1, 1, 0, 0, 0.2])
    #expect(Self.images.labels([3, 0, 4]) == [1, 0, 2])
  }

  @Test(arguments: [(1, 5), (2, 3), (5, 1), (100, 1)])
  func batchesCoverAllImagesInOrder(size: Int, count: Int) {
    let batches = Self.images.batches(of: size)
    #expect(batches.count == count)
    #expect(batches.flatMap(\.self) == [0, 1, 2, 3, 4])
    #expect(batches.allSatisfy { $0.count <= size })
  }

  @Test(arguments: [1, 2, 500])
  func predictionsDoNotDependOnTheBatch(size: Int) {
    #expect(Pixels().predictions(on: Self.images, batchSize: size) == [0, 2, 0, 1, 2])
    #expect(Pixels().correctCount(on: Self.images) == 4)
  }

  @Test func theFirstOfEqualLogitsCounts() {
    let rows: [Float] = [1, 1, 0, .nan, .nan, .nan, -.infinity, 0, 0, -2, -3, -1]
    #expect(Tensor(rows, shape: [4, 3]).largestPerRow() == [0, 0, 1, 2])
    #expect(Tensor([5, 6], shape: [2, 1]).largestPerRow() == [0, 0])
  }
}
