import Autograd
import Kernels
import Network
import Testing

/// Ten steps of a small convolutional classifier with batch normalization, against PyTorch in double
/// precision.
@Suite struct ClassifierTrainingTests {
  struct Settings: Decodable {
    let learningRate, beta1, beta2, epsilon: Float
  }

  struct Fixture: Decodable {
    let slope, normEpsilon, normMomentum: Float
    let strides, padding: [Int]
    let optimizer: Settings
    let parameters, firstGradients, finalParameters: [String: FixtureTensor]
    let images: FixtureTensor
    let labels: [Int]
    let losses: [Double]
    let runningMean, runningVariance, inferenceLogits: FixtureTensor

    func network() throws -> Sequential {
      try #require(strides == [2, 2] && padding.count == 4)
      let padding = Padding.explicit(top: padding[0], bottom: padding[1], left: padding[2], right: padding[3])
      let key = Key(seed: 0)
      let network = Sequential([
        "conv1": Convolution(
          inputs: 1, outputs: 4, kernel: 5, stride: 2, padding: padding, activation: .leakyRelu(slope: slope),
          key: key),
        "conv2": Convolution(inputs: 4, outputs: 6, kernel: 5, stride: 2, padding: padding, key: key),
        "norm": BatchNormalization(channels: 6, momentum: .keras(normMomentum), epsilon: normEpsilon),
        "activation": Activate(.leakyRelu(slope: slope)),
        "flatten": Flatten(),
        "dense": Dense(inputs: 24, outputs: 3, key: key),
      ])
      try network.take(parameters)
      return network
    }
  }

  private struct File: Decodable { let classifier: Fixture }

  /// The normalization takes this bias away again: its gradient is zero but for rounding, which Adam
  /// enlarges.
  private static let withoutEffect = "conv2.bias"

  @Test func agreesWithPyTorch() throws {
    let fixture = try #require(FixtureFile.decoded(File.self, "training")).classifier
    let network = try fixture.network()
    let settings = fixture.optimizer
    let optimizer = Optimizer(
      Adam(beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon), network.parameters)
    let names = network.namedParameters.filter(\.parameter.isTrainable).map(\.name)
    #expect(Set(names) == Set(fixture.parameters.keys))
    let images = fixture.images.tensor
    for (step, expected) in fixture.losses.enumerated() {
      let (loss, gradients) = valueAndGradients(of: network.parameters) {
        Loss.crossEntropy(network(images, .training(Key(seed: UInt64(step)))), labels: fixture.labels)
      }
      #expect((Double(loss.scalar) - expected).magnitude <= 1e-5 * expected, "loss of step \(step)")
      if step == 0 {
        for (name, gradient) in zip(names, gradients) {
          expectClose(
            gradient, try #require(fixture.firstGradients[name]), within: 1e-4, "gradient of \(name)",
            floor: name == Self.withoutEffect ? 0.1 : 1e-3)
        }
      }
      optimizer.step(gradients, learningRate: settings.learningRate)
    }
    for (name, parameter) in network.namedParameters where parameter.isTrainable {
      expectClose(
        parameter.value, try #require(fixture.finalParameters[name]), within: 1e-4, "final \(name)",
        floor: name == Self.withoutEffect ? 1 : 1e-3)
    }
    let norm = try #require(network.layers.first { $0.name == "norm" }?.layer as? BatchNormalization)
    expectClose(norm.runningMean.value, fixture.runningMean, within: 1e-4, "running mean")
    expectClose(norm.runningVariance.value, fixture.runningVariance, within: 1e-4, "running variance")
    expectClose(network(images, .inference), fixture.inferenceLogits, within: 1e-4, "logits in inference")
  }
}
