import Autograd
import Kernels
import Network
import Testing

/// The networks of the source reports, built from the layers here: their parameter counts are the reports'
/// own.
@Suite struct ParameterCountTests {
  struct Example: Sendable, CustomStringConvertible {
    let description: String
    let total, trainable: Int
    let input, output: [Int]
    let network: @Sendable () -> Sequential

    init(
      _ description: String, _ total: Int, _ trainable: Int, from input: [Int], to output: [Int],
      _ network: @escaping @Sendable () -> Sequential
    ) {
      self.description = description
      self.total = total
      self.trainable = trainable
      self.input = input
      self.output = output
      self.network = network
    }
  }

  private static let key = Key(seed: 1)
  private static let leaky = Activation.leakyRelu(slope: 0.2)

  static let examples = [
    // (784·128 + 128) + (128·10 + 10)
    Example("dense classifier", 101_770, 101_770, from: [28, 28, 1], to: [10]) {
      Sequential([
        "flatten": Flatten(), "hidden": Dense(inputs: 784, outputs: 128, activation: .relu, key: key),
        "logits": Dense(inputs: 128, outputs: 10, key: key),
      ])
    },
    // (25·1·64 + 64) + (25·64·128 + 128) + (49·128·10 + 10)
    Example("conv classifier", 269_322, 269_322, from: [28, 28, 1], to: [10]) {
      Sequential([
        "pixels": Affine(scale: 2, offset: -1),
        "conv1": Convolution(
          inputs: 1, outputs: 64, kernel: 5, stride: 2, activation: .leakyRelu(slope: 0.3), key: key),
        "dropout1": Dropout(rate: 0.3),
        "conv2": Convolution(
          inputs: 64, outputs: 128, kernel: 5, stride: 2, activation: .leakyRelu(slope: 0.3), key: key),
        "dropout2": Dropout(rate: 0.3), "flatten": Flatten(),
        "logits": Dense(inputs: 6272, outputs: 10, key: key),
      ])
    },
    // (128·6272 + 6272) + 2 (16·128·128 + 128) + 2·4·128 + (49·128 + 1)
    Example("small DCGAN, generator", 1_340_929, 1_340_417, from: [128], to: [28, 28, 1]) {
      Sequential([
        "start": Dense(inputs: 128, outputs: 6272, key: key), "reshape": Reshape([7, 7, 128]),
        "up1": TransposedConvolution(inputs: 128, outputs: 128, kernel: 4, stride: 2, key: key),
        "norm1": BatchNormalization(channels: 128), "leaky1": Activate(leaky),
        "up2": TransposedConvolution(inputs: 128, outputs: 128, kernel: 4, stride: 2, key: key),
        "norm2": BatchNormalization(channels: 128), "leaky2": Activate(leaky),
        "image": Convolution(inputs: 128, outputs: 1, kernel: 7, key: key), "tanh": Tanh(),
      ])
    },
    // (9·1·64 + 64) + (9·64·128 + 128) + 4·128 + (128 + 1)
    Example("small DCGAN, discriminator", 75_137, 74_881, from: [28, 28, 1], to: [1]) {
      Sequential([
        "conv1": Convolution(inputs: 1, outputs: 64, kernel: 3, stride: 2, activation: leaky, key: key),
        "conv2": Convolution(inputs: 64, outputs: 128, kernel: 3, stride: 2, key: key),
        "norm": BatchNormalization(channels: 128), "leaky": Activate(leaky), "pool": GlobalMaxPooling(),
        "score": Dense(inputs: 128, outputs: 1, key: key),
      ])
    },
    Example("generator X", 1_493_520, 1_489_936, from: [100], to: [784]) {
      Sequential([
        "dense1": Dense(inputs: 100, outputs: 256, activation: leaky, key: key),
        "norm1": BatchNormalization(channels: 256),
        "dense2": Dense(inputs: 256, outputs: 512, activation: leaky, key: key),
        "norm2": BatchNormalization(channels: 512),
        "dense3": Dense(inputs: 512, outputs: 1024, activation: leaky, key: key),
        "norm3": BatchNormalization(channels: 1024),
        "image": Dense(inputs: 1024, outputs: 784, key: key), "tanh": Tanh(),
      ])
    },
    Example("discriminator X", 566_273, 566_273, from: [784], to: [1]) { discriminator([512, 256, 128]) },
    Example("generator Y", 2_229_249, 2_227_841, from: [100], to: [28, 28, 1]) {
      Sequential([
        "start": Dense(inputs: 100, outputs: 12544, key: key), "reshape": Reshape([7, 7, 256]),
        "norm0": BatchNormalization(channels: 256), "up1": UpsampleNearest(factor: 2),
        "conv1": Convolution(inputs: 256, outputs: 256, kernel: 3, activation: leaky, key: key),
        "norm1": BatchNormalization(channels: 256), "up2": UpsampleNearest(factor: 2),
        "conv2": Convolution(inputs: 256, outputs: 128, kernel: 3, activation: leaky, key: key),
        "norm2": BatchNormalization(channels: 128),
        "conv3": Convolution(inputs: 128, outputs: 64, kernel: 3, activation: leaky, key: key),
        "norm3": BatchNormalization(channels: 64),
        "image": Convolution(inputs: 64, outputs: 1, kernel: 3, key: key), "tanh": Tanh(),
      ])
    },
    Example("discriminator Y", 1_492_993, 1_492_993, from: [784], to: [1]) {
      discriminator([1024, 512, 256, 128])
    },
  ]

  private static func discriminator(_ sizes: [Int]) -> Sequential {
    let layers = zip([784] + sizes, sizes).enumerated().map { index, size in
      Sequential([
        "dense": Dense(inputs: size.0, outputs: size.1, activation: leaky, key: key.derived(index)),
        "dropout": Dropout(rate: 0.5),
      ])
    }
    return Sequential([
      "head": Stack(layers), "score": Dense(inputs: sizes.last ?? 784, outputs: 1, key: key),
    ])
  }

  /// A list of layers whose number is not known to the compiler.
  private final class Stack: Layer {
    private let layers: [Sequential]
    init(_ layers: [Sequential]) { self.layers = layers }
    var namedParameters: [(name: String, parameter: Parameter)] {
      layers.enumerated().flatMap { index, layer in
        layer.namedParameters.map { ("\(index).\($0.name)", $0.parameter) }
      }
    }
    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      layers.enumerated().reduce(x) { x, item in item.element(x, pass.part(item.offset)) }
    }
  }

  @Test(arguments: examples)
  func isTheReports(_ example: Example) {
    let network = example.network()
    let count = network.parameterCount
    #expect(count.total == example.total)
    #expect(count.trainable == example.trainable)
    #expect(Set(network.namedParameters.map(\.name)).count == network.parameters.count)
  }

  @Test(arguments: examples)
  func mapsShapesInBothPasses(_ example: Example) {
    let network = example.network()
    let x = Tensor.uniform([2] + example.input, key: Key(seed: 2))
    #expect(network(x, .inference).shape == [2] + example.output)
    #expect(network(x, .training(Key(seed: 3))).shape == [2] + example.output)
  }

  /// One step of training reaches every trainable weight and no running statistic is lost.
  @Test(arguments: examples)
  func oneStepMovesEveryLayer(_ example: Example) {
    let network = example.network()
    let before = network.namedParameters.map { ($0.name, $0.parameter.value.elements) }
    let x = Tensor.uniform([2] + example.input, key: Key(seed: 4))
    let (_, gradients) = valueAndGradients(of: network.parameters) {
      network(x, .training(Key(seed: 5))).square().mean()
    }
    Optimizer(Adam(), network.parameters).step(gradients, learningRate: 0.01)
    for ((name, old), parameter) in zip(before, network.parameters) {
      #expect(parameter.value.elements != old, "\(name) did not change")
    }
  }
}
