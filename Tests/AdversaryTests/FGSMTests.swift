import Adversary
import Autograd
import Datasets
import Foundation
import Kernels
import Network
import Testing

/// FGSM on linear models, where its direction and its effect are known exactly.
@Suite struct FGSMTests {
  private static func direction(
    _ model: any ImageClassifier, _ x: Tensor, labels: [Int], mask: Tensor? = nil, attack: any Attack = FGSM()
  ) throws -> Tensor {
    let task = AttackTask(
      model, images: x, labels: labels, mask: mask, keys: labels.indices.map { Key(seed: 0).derived($0) })
    guard case .along(let signs) = attack.perturbation(task) else {
      throw Mismatch()
    }
    return signs
  }

  private struct Mismatch: Error {}

  /// For logits x·W: ∂L/∂x = W·(softmax(x·W) - onehot).
  @Test func theDirectionIsTheSignOfTheGradient() throws {
    let (model, images) = (Samples.linear, Samples.images(50))
    let indices = Array(0..<images.count)
    let x = images.tensor(indices)
    let signs = try Self.direction(model, x, labels: images.labels(indices))
    #expect(signs.shape == x.shape)
    #expect(!signs.isTracked)
    let found = signs.elements
    for i in indices {
      let logits = model.logits(of: images.image(at: i).map { Double($0) / 255 })
      let exponentials = logits.map(exp)
      let total = exponentials.reduce(0, +)
      for (pixel, weights) in model.weights.enumerated() {
        let gradient = weights.indices.reduce(0.0) { sum, label in
          sum + Double(weights[label])
            * (exponentials[label] / total - (label == Int(images.labels[i]) ? 1 : 0))
        }
        try #require(gradient.magnitude > 1e-5, "too near to zero for the test to tell")
        #expect(found[i * Samples.size + pixel] == (gradient < 0 ? -1 : 1), "image \(i), pixel \(pixel)")
      }
    }
  }

  /// Each image's direction is its own, whatever stands beside it in the batch.
  @Test func theDirectionDoesNotDependOnTheBatch() throws {
    let images = Samples.images(20)
    let indices = Array(0..<images.count)
    let together = try Self.direction(
      Samples.linear, images.tensor(indices), labels: images.labels(indices)
    )
    for i in indices {
      let alone = try Self.direction(Samples.linear, images.tensor([i]), labels: images.labels([i]))
      #expect(alone.elements == together.rows(i..<i + 1).elements)
    }
  }

  @Test func aPixelWithoutInfluenceStays() throws {
    var w = Samples.w
    w[5] = 0
    let x = Samples.images(10, labels: 2).tensor(Array(0..<10))
    let signs = try Self.direction(Samples.binary(w), x, labels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    for i in 0..<10 {
      #expect(signs.elements[i * Samples.size + 5] == 0)
      #expect(signs.elements[i * Samples.size + 6].magnitude == 1)
    }
  }

  /// In L2 the step is the gradient itself, masked and then brought to length 1: no part of ε is lost off the
  /// mask.
  @Test func theL2DirectionIsTheMaskedGradientOfLengthOne() throws {
    let images = Samples.images(20)
    let x = images.tensor(Array(0..<20))
    let mask = Region.foreground.mask(of: x)
    let labels = images.labels(Array(0..<20))
    let step = try Self.direction(
      Samples.linear, x, labels: labels, mask: mask, attack: FastGradientL2())
    for length in Norm.l2.lengths(of: step) { #expect((length - 1).magnitude < 1e-6) }
    let signs = try Self.direction(Samples.linear, x, labels: labels, mask: mask)
    #expect(zip(step.sign().elements, signs.elements).allSatisfy { $0 == $1 })
  }

  /// With the logits w·x and 0 and no clipping, an attack of size ε moves w·x by ε·Σ|w| towards the other
  /// label, over the pixels that may change: label 0 survives while w·x ≥ ε·Σ|w|, label 1 while w·x <
  /// -ε·Σ|w|.
  @Test(arguments: Region.allCases)
  func accuracyFollowsFromTheMargins(_ region: Region) throws {
    // Between 102 and 153, no pixel of the foreground reaches 0 or 1 for ε up to 0.4. Everywhere, there must
    // be no black pixels either.
    var images = Samples.images(200, in: 102...153, labels: 2)
    if region == .everywhere {
      images = LabeledImages(
        name: images.name, split: .test, height: 3, width: 4,
        pixels: images.pixels.map { $0 == 0 ? 128 : $0 },
        labels: images.labels, labelNames: images.labelNames)
    }
    let model = Samples.binary(Samples.w)
    let epsilons: [Float] = [0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.22, 0.3, 0.4]
    let predictions = try EpsilonSweep(FGSM(), region: FreePixels(region), epsilons: epsilons, batchSize: 64)
      .predictions(of: model, on: images)
    var counts: [Int] = []
    for (epsilon, found) in zip(epsilons, predictions) {
      let expected = try images.labels.indices.map { i -> Int in
        let image = images.image(at: i).map { Double($0) / 255 }
        let norm = zip(image, Samples.w).reduce(0.0) {
          $0 + ($1.0 > 0 || region == .everywhere ? Double($1.1.magnitude) : 0)
        }
        let way = Double(epsilon) * norm * (images.labels[i] == 0 ? -1 : 1)
        let score = model.logits(of: image)[0] + way
        try #require(score.magnitude > 1e-5, "too near to zero for the test to tell")
        return score > 0 ? 0 : 1
      }
      #expect(found == expected, "ε = \(epsilon)")
      counts.append(zip(found, images.labels).count { $0 == Int($1) })
    }
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 >= $1 })
    #expect((counts.first ?? 0) > (counts.last ?? 0), "the sweep covers the fall")
  }
}
