import Autograd
import Files
import Kernels
import Network
import ONNX
import Testing

/// Networks of PyTorch's two exporters, in tf2onnx's form and by hand, against ONNX Runtime and PyTorch.
@Suite struct ForeignClassifierTests {
  @Test func thereAreFixtures() {
    #expect(NetworkFixture.all.count >= 26)
    #expect(Set(NetworkFixture.all.map(\.exporter)).count == 4)
  }

  @Test(arguments: NetworkFixture.all)
  func agrees(_ fixture: NetworkFixture) throws {
    let classifier = try ForeignClassifier(contentsOf: fixture.path, name: "network")
    #expect(classifier.imageShape == fixture.inputShape)
    #expect(classifier.labelNames.count == fixture.labels)
    #expect(classifier.notes.count == (fixture.endsIn == "none" ? 0 : 1))
    let images = fixture.images
    expectClose(classifier.logits(images), fixture.logits.flatMap { $0 }, within: 1e-4, "logits")
    if !fixture.features.isEmpty {
      let seen = classifier.featuresAndLogits(images)
      expectClose(seen.features, fixture.features.flatMap { $0 }, within: 1e-4, "features")
      #expect(seen.logits.elements == classifier.logits(images).elements)
    }
    let pixels = images.tracked()
    let cotangent = Tensor(fixture.cotangent.flatMap { $0.map(Float.init) }, shape: [3, fixture.labels])
    let loss = (classifier.logits(pixels) * cotangent).sum()
    expectClose(gradients(of: loss, wrt: [pixels])[0], fixture.gradients, within: 1e-4, "gradient")
  }

  /// An image's logits must not depend on those beside it.
  @Test(arguments: NetworkFixture.all)
  func oneImageIsClassifiedAsAmongSixtyFour(_ fixture: NetworkFixture) throws {
    let classifier = try ForeignClassifier(contentsOf: fixture.path, name: "network")
    let one = fixture.images.rows(0..<1)
    let others = Tensor.uniform([63] + fixture.inputShape, key: Key(seed: 1))
    let all = classifier.logits(Tensor.concatenate([one, others], axis: 0))
    #expect(all.rows(0..<1).elements == classifier.logits(one).elements)
  }

  /// Those of which every operation has bounds.
  private static let bounded = NetworkFixture.all.filter {
    (try? ForeignClassifier(contentsOf: $0.path, name: "network"))?.hasBounds == true
  }

  @Test func mostHaveBounds() {
    let names = Self.bounded.map(\.name)
    #expect(names.count >= 15 && names.contains("lenet-dynamo") && names.contains("residual-torchscript"))
    #expect(!names.contains("convnext-dynamo"))
  }

  /// Boxes contain the logits of every image in them, and of a box without width are the margins themselves.
  @Test(arguments: bounded)
  func boundsHold(_ fixture: NetworkFixture) throws {
    let classifier = try ForeignClassifier(contentsOf: fixture.path, name: "network")
    let images = fixture.images
    let labels = [0, 1, 2]
    let box = Interval(center: images, radius: Tensor(repeating: 0.01, shape: images.shape))
    let lowest = classifier.worstCaseMargins(box, labels: labels, widening: 1e-5)
    for seed in 1...4 as ClosedRange<UInt64> {
      let moved = images + Tensor.uniform(images.shape, key: Key(seed: seed)).scaled(by: 0.02, plus: -0.01)
      let logits = classifier.logits(moved)
      let own = (logits * .oneHot(labels, classes: fixture.labels)).sum(axes: [1], keepDimensions: true)
      for (bound, margin) in zip(lowest.elements, (own - logits).elements) { #expect(bound <= margin + 1e-4) }
    }
  }
}

/// The largest deviation, relative to the largest magnitude expected.
func expectClose(
  _ actual: Tensor, _ expected: [Double], within tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  let scale = max(expected.map(\.magnitude).max() ?? 0, 1e-6)
  let worst = zip(actual.elements, expected).map { (Double($0) - $1).magnitude }.max() ?? 0
  #expect(worst <= tolerance * scale, "\(what): off by \(worst / scale)", sourceLocation: sourceLocation)
}
