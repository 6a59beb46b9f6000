import Autograd
import Kernels
import Network
import Testing

/// Interval bounds: against PyTorch, against a closed form, and against points that must not escape.
@Suite struct BoundsTests {
  struct Fixture: Decodable, Sendable, CustomStringConvertible {
    let region: Region
    let epsilon, slope: Float
    let padding, labels: [Int]
    let parameters: [String: FixtureTensor]
    let images, lowerLogits, upperLogits, margins: FixtureTensor
    let loss: Double
    let gradients: [String: FixtureTensor]

    var description: String { region.rawValue }
    var box: Interval { region.box(around: images.tensor, epsilon: Tensor(epsilon)) }

    func network() throws -> Sequential {
      try #require(padding.count == 4)
      let padding = Padding.explicit(top: padding[0], bottom: padding[1], left: padding[2], right: padding[3])
      let (key, activation) = (Key(seed: 0), Activation.leakyRelu(slope: slope))
      let network = Sequential([
        "pixels": Affine(scale: 2, offset: -1),
        "conv1": Convolution(
          inputs: 1, outputs: 4, kernel: 5, stride: 2, padding: padding, activation: activation, key: key),
        "dropout": Dropout(rate: 0.3),
        "conv2": Convolution(
          inputs: 4, outputs: 6, kernel: 5, stride: 2, padding: padding, activation: activation, key: key),
        "flatten": Flatten(),
        "logits": Dense(inputs: 24, outputs: 3, key: key),
      ])
      try network.take(parameters)
      return network
    }
  }

  private struct File: Decodable { let cases: [Fixture] }
  static let fixtures = FixtureFile.decoded(File.self, "bounds")?.cases ?? []

  private static let key = Key(seed: 31)

  // MARK: - PyTorch

  @Test func thereAreFixtures() { #expect(Self.fixtures.map(\.region) == [.everywhere, .foreground]) }

  @Test(arguments: fixtures)
  func agreesWithPyTorch(_ fixture: Fixture) throws {
    let network = try fixture.network()
    let bounds = network.bounds(fixture.box, .inference)
    expectClose(bounds.lower, fixture.lowerLogits, within: 1e-5, "lower logits")
    expectClose(bounds.upper, fixture.upperLogits, within: 1e-5, "upper logits")
    let names = network.namedParameters.map(\.name)
    let (loss, gradients) = valueAndGradients(of: network.parameters) {
      let margins = network.worstCaseMargins(fixture.box, labels: fixture.labels)
      expectClose(margins.detached, fixture.margins, within: 1e-5, "margins")
      return Loss.crossEntropy(-margins, labels: fixture.labels)
    }
    #expect((Double(loss.scalar) - fixture.loss).magnitude <= 1e-5 * fixture.loss)
    for (name, gradient) in zip(names, gradients) {
      expectClose(gradient, try #require(fixture.gradients[name]), within: 1e-4, "gradient of \(name)")
    }
  }

  /// Both bounds of the difference of two logits hold; that of the last layer's own weights is the tighter
  /// one.
  @Test(arguments: fixtures)
  func theDifferenceIsBoundedTighterThanItsTerms(_ fixture: Fixture) throws {
    let network = try fixture.network()
    let bounds = network.bounds(fixture.box, .inference)
    let (lower, upper) = (bounds.lower.elements, bounds.upper.elements)
    let margins = network.worstCaseMargins(fixture.box, labels: fixture.labels).elements
    for (i, label) in fixture.labels.enumerated() {
      #expect(margins[i * 3 + label] == 0)
      for other in 0..<3 where other != label {
        #expect(margins[i * 3 + other] > lower[i * 3 + label] - upper[i * 3 + other] + 1e-3)
      }
    }
  }

  // MARK: - A linear classifier

  /// Without clipping, the smallest z_y - z_j over the box is z_y - z_j - ε·Σ m·|w_y - w_j|.
  @Test(arguments: Region.allCases)
  func linearMarginsHaveAClosedForm(_ region: Region) throws {
    let layer = Dense(inputs: 12, outputs: 4, key: Self.key)
    layer.bias?.value = Tensor([0.3, -0.2, 0.1, 0], shape: [4])
    let network = Sequential(["flatten": Flatten(), "logits": layer])
    // Every third pixel is black where those stay as they are; no other comes near 0 or 1.
    let x = (0..<6 * 12).map { index -> Float in
      region == .foreground && index % 3 == 0
        ? 0 : 0.3 + 0.4 * Key.uniform(UInt32(Self.key.word(index) >> 32))
    }
    let labels = [2, 0, 1, 3, 0, 2]
    let (w, b) = (layer.weight.value.elements, try #require(layer.bias).value.elements)
    for epsilon in [0, 0.01, 0.1, 0.25] as [Float] {
      let box = region.box(around: Tensor(x, shape: [6, 3, 4, 1]), epsilon: Tensor(epsilon))
      let margins = network.worstCaseMargins(box, labels: labels).elements
      for (i, label) in labels.enumerated() {
        for other in 0..<4 where other != label {
          let exact = (0..<12).reduce(Double(b[label]) - Double(b[other])) { sum, pixel in
            let difference = Double(w[pixel * 4 + label]) - Double(w[pixel * 4 + other])
            let value = Double(x[i * 12 + pixel])
            return sum + difference * value - (value > 0 ? Double(epsilon) * difference.magnitude : 0)
          }
          #expect((Double(margins[i * 4 + other]) - exact).magnitude < 1e-5, "ε = \(epsilon)")
        }
      }
    }
  }

  // MARK: - Soundness

  /// Corners and inner points of the box, thousands of them, and the corner that the gradient points to.
  @Test(arguments: fixtures)
  func noPointOfTheBoxBeatsTheBound(_ fixture: Fixture) throws {
    let network = try fixture.network()
    let margins = network.worstCaseMargins(fixture.box, labels: fixture.labels).elements
    var smallest = [Float](repeating: .infinity, count: margins.count)
    func look(at points: Tensor) {
      let logits = network(points, .inference).elements
      for (i, label) in fixture.labels.enumerated() {
        for other in 0..<3 {
          smallest[i * 3 + other] = min(
            smallest[i * 3 + other], logits[i * 3 + label] - logits[i * 3 + other])
        }
      }
    }
    let box = fixture.box
    for sample in 0..<2000 {
      let uniform = Tensor.uniform(box.center.shape, in: -1..<1, key: Self.key.derived(sample))
      look(at: box.center + box.radius * (sample % 2 == 0 ? uniform.sign() : uniform))
    }
    for other in 0..<3 {
      let x = box.center.tracked()
      let logits = network(x, .inference)
      let towards = Tensor.oneHot([Int](repeating: other, count: fixture.labels.count), classes: 3)
      let loss = (logits * (.oneHot(fixture.labels, classes: 3) - towards)).sum()
      look(at: box.center - box.radius * gradient(of: loss, wrt: x).sign())
    }
    for (found, bound) in zip(smallest, margins) {
      #expect(found >= bound - 1e-5)
      // And the bounds are not empty words: within a few times of what was found.
      #expect(bound > found - 10)
    }
  }

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let shape: [Int]
    let layer: @Sendable () -> any BoundedLayer
  }

  static let image = [2, 6, 6, 3]
  static let layers = [
    Case(description: "dense", shape: [5, 7]) {
      Dense(inputs: 7, outputs: 4, activation: .relu, initializer: .normal(deviation: 1), key: key)
    },
    Case(description: "convolution", shape: image) {
      Convolution(
        inputs: 3, outputs: 4, kernel: 3, stride: 2, activation: .leakyRelu(slope: 0.2),
        initializer: .normal(deviation: 1), key: key)
    },
    Case(description: "affine", shape: image) { Affine(scale: -2, offset: 0.5) },
    Case(description: "flatten", shape: image) { Flatten() },
    Case(description: "reshape", shape: image) { Reshape([9, 12]) },
    Case(description: "activation", shape: image) { Activate(.leakyRelu(slope: 0.1)) },
    Case(description: "elu", shape: image) { ELU() },
    Case(description: "tanh", shape: image) { Tanh() },
    Case(description: "sigmoid", shape: image) { Sigmoid() },
    Case(description: "dropout", shape: image) { Dropout(rate: 0.4) },
    Case(description: "upsampling", shape: image) { UpsampleNearest(factor: 2) },
    Case(description: "average", shape: image) { GlobalAveragePooling() },
    Case(description: "maximum", shape: image) { GlobalMaxPooling() },
    Case(description: "identity", shape: image) { Identity() },
  ]

  /// Every layer in both passes: points of the box stay within the bounds, and a box of no width gives the
  /// output.
  @Test(arguments: layers)
  func boundsContainTheOutputs(_ item: Case) {
    let layer = item.layer()
    let center = Tensor.normal(item.shape, key: Self.key.derived(1))
    let box = Interval(center: center, radius: .uniform(item.shape, key: Self.key.derived(2)))
    let point = Interval(center: center, radius: .zeros(item.shape))
    for pass in [Pass.inference, .training(Self.key.derived(3))] {
      let bounds = layer.bounds(box, pass)
      let (lower, upper) = (bounds.lower.elements, bounds.upper.elements)
      #expect(zip(lower, upper).contains { $0 < $1 }, "a box has a width")
      for sample in 0..<100 {
        let uniform = Tensor.uniform(item.shape, in: -1..<1, key: Self.key.derived(10 + sample))
        let way = sample % 2 == 0 ? uniform.sign() : uniform
        let y = layer(box.center + box.radius * way, pass).elements
        #expect(zip(y, zip(lower, upper)).allSatisfy { $0 >= $1.0 - 1e-5 && $0 <= $1.1 + 1e-5 })
      }
      let alone = layer.bounds(point, pass)
      #expect(alone.radius.elements.allSatisfy { $0 == 0 })
      #expect(alone.center.elements == layer(center, pass).elements)
    }
  }

  // MARK: - Boxes of images

  @Test func aBoxIsMaskedAndWithinTheRange() {
    let x = Tensor([0, 0.04, 0.5, 0.97, 1, 0], shape: [2, 1, 3, 1])
    func ends(_ region: Region, _ epsilon: Tensor) -> [[Float]] {
      let box = region.box(around: x, epsilon: epsilon)
      return [box.lower, box.upper].map { $0.elements.map { ($0 * 1000).rounded() / 1000 } }
    }
    #expect(
      ends(.everywhere, Tensor(0.1)) == [[0, 0, 0.4, 0.87, 0.9, 0], [0.1, 0.14, 0.6, 1, 1, 0.1]])
    #expect(
      ends(.foreground, Tensor(0.1)) == [[0, 0, 0.4, 0.87, 0.9, 0], [0, 0.14, 0.6, 1, 1, 0]])
    let perImage = Tensor([0.1, 0.2], shape: [2, 1, 1, 1])
    #expect(
      ends(.everywhere, perImage) == [[0, 0, 0.4, 0.77, 0.8, 0], [0.1, 0.14, 0.6, 1, 1, 0.2]])
    let black = Region.foreground.box(around: .zeros([1, 2, 2, 1]), epsilon: Tensor(1))
    #expect(black.radius.elements == [0, 0, 0, 0] && black.center.elements == [0, 0, 0, 0])
  }

  /// Where nothing may change, the bounds are the clean margins.
  @Test(arguments: fixtures)
  func aBoxWithoutWidthGivesTheCleanMargins(_ fixture: Fixture) throws {
    let network = try fixture.network()
    let images = fixture.images.tensor
    let logits = network(images, .inference).elements
    let point = Interval(center: images, radius: .zeros(images.shape))
    let noReach = Region.everywhere.box(around: images, epsilon: Tensor(0))
    for box in [point, noReach] {
      let margins = network.worstCaseMargins(box, labels: fixture.labels).elements
      for (i, label) in fixture.labels.enumerated() {
        for other in 0..<3 {
          #expect(margins[i * 3 + other] == logits[i * 3 + label] - logits[i * 3 + other])
        }
      }
    }
  }

  /// A widening of s lowers every bound by s·Σ|w_y - w_j|·(|center| + radius).
  @Test func wideningLowersTheBounds() {
    let layer = Dense(inputs: 2, outputs: 2, key: Self.key)
    layer.weight.value = Tensor([1, -1, 3, 1], shape: [2, 2])
    let box = Interval(center: Tensor([0.5, -1], shape: [1, 2]), radius: Tensor([0.25, 0], shape: [1, 2]))
    let network = Sequential(["logits": layer])
    #expect(network.worstCaseMargins(box, labels: [0]).elements == [0, -1.5])
    #expect(network.worstCaseMargins(box, labels: [0], widening: 0.5).elements == [0, -3.25])
  }
}
