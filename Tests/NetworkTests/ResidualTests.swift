import Autograd
import Kernels
import Network
import TestSupport
import Testing

/// The layers of residual networks, beside the layers that they are made of.
@Suite struct ResidualTests {
  private static let key = Key(seed: 71)

  /// With statistics and an affine part that are not those of the start.
  private static func normalized(_ inputs: Int, _ outputs: Int, _ activation: Activation)
    -> NormalizedConvolution
  {
    let layer = NormalizedConvolution(
      inputs: inputs, outputs: outputs, kernel: 3, activation: activation, initializer: .heUniform, key: key)
    let norm = layer.normalization
    norm.scale.value = .uniform([outputs], in: -1..<2, key: key.derived(1))
    norm.offset.value = .uniform([outputs], in: -1..<1, key: key.derived(2))
    norm.runningMean.value = .uniform([outputs], in: -1..<1, key: key.derived(3))
    norm.runningVariance.value = .uniform([outputs], in: 0.1..<3, key: key.derived(4))
    return layer
  }

  /// One convolution with folded weights is the convolution, the normalization and the activation one by one.
  @Test(arguments: [Activation.identity, .relu])
  func inferenceIsThatOfItsParts(_ activation: Activation) {
    let layer = Self.normalized(3, 5, activation)
    let x = Tensor.uniform([2, 6, 7, 3], in: -1..<1, key: Self.key.derived(5))
    let parts = layer.normalization(layer.convolution(x, .inference), .inference).activated(activation)
    let differences = (layer(x, .inference) - parts).absolute().elements
    #expect(differences.allSatisfy { $0 < 1e-5 })
  }

  @Test func trainingIsThatOfItsParts() {
    let (layer, twin) = (Self.normalized(3, 5, .relu), Self.normalized(3, 5, .relu))
    let x = Tensor.uniform([4, 6, 7, 3], in: -1..<1, key: Self.key.derived(5))
    let pass = Pass.training(Self.key)
    let parts = twin.normalization(twin.convolution(x, pass), pass).activated(.relu)
    #expect(layer(x, pass).elements == parts.elements)
    #expect(
      layer.normalization.runningMean.value.elements == twin.normalization.runningMean.value.elements)
  }

  /// x + body(x), with the parameters of the body alone.
  @Test func theWayAroundAddsTheInput() {
    let body = Sequential(["only": Self.normalized(4, 4, .relu)])
    let (layer, x) = (Residual(body), Tensor.uniform([2, 5, 5, 4], in: -1..<1, key: Self.key.derived(6)))
    #expect(layer(x, .inference).elements == (x + body(x, .inference)).elements)
    #expect(layer.namedParameters.map(\.name) == body.namedParameters.map(\.name))
  }

  /// No point of a box leaves its bounds.
  @Test func pointsStayWithinBounds() {
    let network = Sequential([
      "first": Self.normalized(2, 4, .relu),
      "residual": Residual(Sequential(["only": Self.normalized(4, 4, .relu)])),
      "pool": MaxPooling(window: 2), "second": Self.normalized(4, 3, .identity),
    ])
    let center = Tensor.uniform([3, 6, 6, 2], in: 0..<1, key: Self.key.derived(7))
    let bounds = network.bounds(
      Interval(center: center, radius: Tensor(repeating: 0.1, shape: center.shape)), .inference)
    let (lower, upper) = (bounds.lower.elements, bounds.upper.elements)
    for draw in 0..<50 {
      let point =
        center + Tensor.uniform(center.shape, in: -0.1..<0.1, key: Self.key.derived(8).derived(draw))
      let values = network(point, .inference).elements
      #expect(values.indices.allSatisfy { lower[$0] - 1e-4 <= values[$0] && values[$0] <= upper[$0] + 1e-4 })
    }
  }
}
