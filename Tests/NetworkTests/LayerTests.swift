import Autograd
import Kernels
import Network
import Testing

/// What each layer does beyond the operation that it calls.
@Suite struct LayerTests {
  private static let key = Key(seed: 11)

  // MARK: - Dropout

  @Test func dropoutActsOnlyInTraining() {
    let x = Tensor.ones([4, 500])
    let dropout = Dropout(rate: 0.25)
    #expect(dropout(x, .inference).elements == x.elements)
    let y = dropout(x, .training(Self.key)).elements
    let kept = y.filter { $0 != 0 }
    #expect(kept.allSatisfy { ($0 - 4.0 / 3).magnitude < 1e-6 }, "what is kept is scaled by 1 / (1 - rate)")
    // A binomial with n = 2000, p = 0.75 has a deviation of 19.4.
    #expect((kept.count - 1500).magnitude < 80)
  }

  /// Two dropouts behind one another drop different elements, and every step others.
  @Test func eachDropoutDrawsItsOwnNumbers() {
    let x = Tensor.ones([1, 1000])
    let network = Sequential(["first": Dropout(rate: 0.5), "second": Dropout(rate: 0.5)])
    let y = network(x, .training(Self.key))
    let kept = y.elements.count { $0 != 0 }
    // n = 1000, p = 1/4: a deviation of 13.7. The same numbers twice would keep a half.
    #expect((kept - 250).magnitude < 56)
    #expect(network(x, .training(Self.key)).elements == y.elements)
    #expect(network(x, .training(Key(seed: 12))).elements != y.elements)
  }

  // MARK: - Convolutions

  @Test(arguments: [(28, 5, 2, 14), (7, 5, 2, 4), (28, 3, 1, 28), (5, 4, 3, 2), (8, 1, 2, 4)])
  func sameConvolutionsHaveTheCeilingOfTheirSize(size: Int, kernel: Int, stride: Int, expected: Int) {
    let layer = Convolution(inputs: 2, outputs: 3, kernel: kernel, stride: stride, key: Self.key)
    #expect(layer(.ones([2, size, size + 1, 2]), .inference).shape[1] == expected)
    #expect(layer(.ones([2, size, size, 2]), .inference).shape == [2, expected, expected, 3])
  }

  /// 5×5 with stride 2 on 28 rows needs three rows of zeros: one above, two below, as in Keras.
  @Test func theOddRowOfSameLiesBelow() {
    let x = Tensor.uniform([1, 28, 28, 1], key: Self.key)
    func output(_ padding: Padding) -> Tensor {
      Convolution(inputs: 1, outputs: 2, kernel: 5, stride: 2, padding: padding, key: Self.key)(x, .inference)
    }
    let same = output(.same)
    #expect(same.elements == output(.explicit(top: 1, bottom: 2, left: 1, right: 2)).elements)
    #expect(same.elements != output(.explicit(top: 2, bottom: 1, left: 2, right: 1)).elements)
  }

  @Test(arguments: [(7, 4, 2), (14, 4, 2), (7, 5, 1), (7, 5, 2), (3, 2, 2), (3, 3, 3), (1, 5, 4)])
  func transposedConvolutionsMultiplyTheSizeByTheStride(size: Int, kernel: Int, stride: Int) {
    let layer = TransposedConvolution(inputs: 3, outputs: 2, kernel: kernel, stride: stride, key: Self.key)
    let y = layer(.ones([2, size, size + 1, 3]), .inference)
    #expect(y.shape == [2, size * stride, (size + 1) * stride, 2])
    #expect(layer.weight.value.shape == [kernel, kernel, 2, 3])
  }

  /// With T the transposed convolution of the convolution C: ⟨C x, y⟩ = ⟨x, T y⟩ for all x and y.
  @Test(arguments: [
    (5, 2, Padding.same), (4, 2, .same), (3, 1, .same), (4, 2, .symmetric(1)), (5, 1, .symmetric(2)),
  ])
  func aTransposedConvolutionIsTheAdjointOfTheConvolution(kernel: Int, stride: Int, padding: Padding) {
    let convolution = Convolution(
      inputs: 2, outputs: 3, kernel: kernel, stride: stride, padding: padding, key: Self.key)
    let transposed = TransposedConvolution(
      inputs: 3, outputs: 2, kernel: kernel, stride: stride, padding: padding, key: Self.key)
    transposed.weight.value = convolution.weight.value
    let x = Tensor.normal([2, 8, 8, 2], key: Key(seed: 21))
    let image = convolution(x, .inference)
    let y = Tensor.normal(image.shape, key: Key(seed: 22))
    let (left, right) = ((image * y).sum().scalar, (x * transposed(y, .inference)).sum().scalar)
    #expect((left - right).magnitude <= 1e-4 * max(1, left.magnitude))
  }

  @Test func biasAndActivationComeLast() {
    let layer = TransposedConvolution(
      inputs: 1, outputs: 2, kernel: 2, stride: 2, activation: .leakyRelu(slope: 0.5), initializer: .zeros,
      key: Self.key)
    layer.bias?.value = Tensor([3, -4], shape: [2])
    #expect(layer(.ones([1, 1, 1, 1]), .inference).elements == [3, -2, 3, -2, 3, -2, 3, -2])
  }

  @Test(arguments: [true, false])
  func aBiasCanBeLeftOut(_ bias: Bool) {
    let layers: [any Layer] = [
      Dense(inputs: 2, outputs: 3, bias: bias, key: Self.key),
      Convolution(inputs: 2, outputs: 3, kernel: 1, bias: bias, key: Self.key),
      TransposedConvolution(inputs: 2, outputs: 3, kernel: 1, stride: 1, bias: bias, key: Self.key),
    ]
    for layer in layers {
      #expect(layer.namedParameters.map(\.name) == (bias ? ["weight", "bias"] : ["weight"]))
      #expect(layer.parameterCount == (bias ? (9, 9) : (6, 6)))
    }
  }

  // MARK: - Embedding

  @Test func embeddingGathersRowsAndItsGradientAddsUp() {
    let embedding = Embedding(entries: 4, size: 3, key: Self.key)
    embedding.table.value = Tensor((0..<12).map(Float.init), shape: [4, 3])
    #expect(embedding([2, 0, 2]).elements == [6, 7, 8, 0, 1, 2, 6, 7, 8])
    let (_, gradients) = valueAndGradients(of: embedding.parameters) { embedding([2, 0, 2]).sum() }
    #expect(gradients[0].elements == [1, 1, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0])
    #expect(embedding.parameterCount == (12, 12))
  }

  // MARK: - Layers without parameters

  @Test func statelessLayersAreTheirFunctions() {
    let x = Tensor([-1, 0, 0.5, 2], shape: [1, 2, 2, 1])
    func elements(_ layer: any Layer) -> [Float] { layer(x, .inference).elements }
    #expect(elements(Affine(scale: 2, offset: -1)) == [-3, -1, 0, 3])
    #expect(elements(Activate(.relu)) == [0, 0, 0.5, 2])
    #expect(elements(Activate(.leakyRelu(slope: 0.5))) == [-0.5, 0, 0.5, 2])
    #expect(elements(GlobalAveragePooling()) == [0.375])
    #expect(elements(GlobalMaxPooling()) == [2])
    #expect(Flatten()(x, .inference).shape == [1, 4])
    #expect(Reshape([4, 1])(x, .inference).shape == [1, 4, 1])
    let upsampled = UpsampleNearest(factor: 2)(x, .inference)
    #expect(upsampled.shape == [1, 4, 4, 1])
    #expect(upsampled.elements.prefix(8) == [-1, -1, 0, 0, -1, -1, 0, 0])
    #expect(elements(Sigmoid())[1] == 0.5)
    #expect(elements(Tanh())[1] == 0)
    #expect(elements(ELU(alpha: 2))[2...] == [0.5, 2])
    #expect((elements(ELU(alpha: 2))[0] - 2 * -0.632_120_56).magnitude < 1e-6)
    #expect(Flatten().parameterCount == (0, 0))
  }

  // MARK: - Sequential

  @Test func sequentialNamesItsParametersAndGivesOutputsOnTheWay() {
    let network = Sequential([
      "twice": Affine(scale: 2, offset: 0),
      "inner": Sequential(["dense": Dense(inputs: 1, outputs: 1, initializer: .zeros, key: Self.key)]),
      "next": Affine(scale: 1, offset: 1),
    ])
    #expect(network.namedParameters.map(\.name) == ["inner.dense.weight", "inner.dense.bias"])
    let x = Tensor([3], shape: [1, 1])
    #expect(network.outputs(of: "twice", x, .inference).named.elements == [6])
    #expect(network.outputs(of: "inner", x, .inference).named.elements == [0])
    #expect(network.outputs(of: "next", x, .inference).named.elements == network(x, .inference).elements)
  }

  // MARK: - Parameters

  @Test func weightsAreConstantsOutsideOfTheGradient() throws {
    struct Stop: Error {}
    let (weight, frozen) = (Parameter(Tensor(3)), Parameter(Tensor(5), isTrainable: false))
    let result = valueAndGradients(of: [frozen, weight]) {
      #expect(weight.value.isTracked && !frozen.value.isTracked)
      return weight.value * weight.value * frozen.value
    }
    #expect(result.value.scalar == 45)
    #expect(!result.value.isTracked)
    #expect(result.gradients.map(\.scalar) == [30])
    #expect(!weight.value.isTracked)
    #expect(throws: Stop.self) { try valueAndGradients(of: [weight]) { throw Stop() } }
    #expect(!weight.value.isTracked, "also where the loss throws")
  }

  @Test func clippingLimitsWeights() {
    let parameter = Parameter(Tensor([-3, -0.01, 0, 0.02, 7], shape: [5]))
    parameter.clip(to: 0.02)
    #expect(parameter.value.elements == [-0.02, -0.01, 0, 0.02, 0.02])
  }
}
