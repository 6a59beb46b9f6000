import Autograd
import Foundation
import Generators
import Kernels
import Network
import Testing

/// The penalty of a convolutional critic and its gradients, against PyTorch in double precision; and where it
/// is measured.
@Suite struct GradientPenaltyTests {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values.map(Float.init), shape: shape) }
  }

  struct Fixture: Decodable, Sendable, CustomStringConvertible {
    let name, activation: String
    let isNormalized: Bool
    let parameters, gradients: [String: Numbers]
    let points: Numbers
    let penalty: Double
    var description: String { name }

    func critic() throws -> Sequential {
      let key = Key(seed: 0)
      let critic = Sequential([
        "conv": Convolution(
          inputs: 2, outputs: 4, kernel: 3, stride: 2, padding: .symmetric(1), key: key),
        "norm": isNormalized ? BatchNormalization(channels: 4) : Identity(),
        "activation": activation == "elu" ? ELU() : Activate(.leakyRelu(slope: 0.2)),
        "flatten": Flatten(), "score": Dense(inputs: 36, outputs: 1, key: key),
      ])
      for (name, parameter) in critic.namedParameters where parameter.isTrainable {
        parameter.value = try #require(parameters[name], "no value for \(name)").tensor
      }
      return critic
    }
  }

  private struct File: Decodable { let cases: [Fixture] }

  static let fixtures: [Fixture] = {
    let url = Bundle.module.url(forResource: "penalties", withExtension: "json", subdirectory: "Fixtures")
    let data = url.flatMap { try? Data(contentsOf: $0) }
    return data.flatMap { try? JSONDecoder().decode(File.self, from: $0) }?.cases ?? []
  }()

  @Test func thereAreFixtures() { #expect(Self.fixtures.count == 4) }

  @Test(arguments: fixtures)
  func agreesWithPyTorch(_ fixture: Fixture) throws {
    let critic = try fixture.critic()
    let penalty = GradientPenalty(.betweenRealAndFake, weight: 10)
    let pass = Pass.training(Key(seed: 1))
    let (value, gradients) = valueAndGradients(of: critic.parameters) {
      penalty(at: fixture.points.tensor) { critic($0, pass).reshaped([$0.shape[0]]) }
    }
    #expect((Double(value.scalar) - fixture.penalty).magnitude <= 1e-4 * fixture.penalty)
    let names = critic.namedParameters.filter(\.parameter.isTrainable).map(\.name)
    for (name, gradient) in zip(names, gradients) {
      let expected = try #require(fixture.gradients[name]).values
      let largest = expected.map(\.magnitude).max() ?? 0
      for (mine, theirs) in zip(gradient.elements, expected) {
        #expect(
          (Double(mine) - theirs).magnitude <= 1e-3 * max(largest, 1e-3), "\(name): \(mine), not \(theirs)")
      }
    }
  }

  @Test func pointsLieBetweenRealAndFakeOrAroundReal() {
    let real = Tensor(repeating: 1, shape: [4, 2, 2, 1])
    let fake = Tensor(repeating: -1, shape: [4, 2, 2, 1])
    let between = GradientPenalty(.betweenRealAndFake, weight: 1).points(
      real: real, fake: fake, key: Key(seed: 2))
    let images = between.reshaped([4, 4]).elements
    for image in 0..<4 {
      let pixels = Set(images[image * 4..<image * 4 + 4])
      #expect(pixels.count == 1 && pixels.allSatisfy { (-1...1).contains($0) })
    }
    #expect(Set(images).count == 4)
    // The deviation of these values is 1, so that half of it is 0.5.
    let spread = Tensor((0..<40_000).map { $0 % 2 == 0 ? 1 : -1 }, shape: [40, 10, 10, 10])
    let around = GradientPenalty(.aroundReal(noise: 0.5), weight: 1).points(
      real: spread, fake: spread, key: Key(seed: 3))
    let noise = (around - spread).elements.map(Double.init)
    let deviation = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
    #expect((deviation - 0.5).magnitude < 0.01)
  }
}
