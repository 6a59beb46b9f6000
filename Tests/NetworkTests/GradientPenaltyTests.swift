import Autograd
import Kernels
import Network
import Testing

/// The loss of a WGAN-GP critic against PyTorch in double precision: a gradient inside of a loss.
@Suite struct GradientPenaltyTests {
  struct Attributes: Decodable, Sendable {
    let alpha, slope: Float?
  }

  struct Fixture: Decodable, Sendable, CustomStringConvertible {
    let name, activation: String
    let attributes: Attributes
    let penaltyWeight: Float
    let parameters, penaltyGradients, gradients: [String: FixtureTensor]
    let real, fake, alphas, interpolated, inputGradients, gradientNorms: FixtureTensor
    let penalty, wasserstein, loss: Double
    var description: String { name }

    func critic() throws -> Sequential {
      let key = Key(seed: 0)
      let activate: any Layer =
        activation == "elu"
        ? ELU(alpha: try #require(attributes.alpha))
        : Activate(.leakyRelu(slope: try #require(attributes.slope)))
      let critic = Sequential([
        "dense1": Dense(inputs: 6, outputs: 5, key: key),
        "activation": activate,
        "dense2": Dense(inputs: 5, outputs: 1, key: key),
      ])
      try critic.take(parameters)
      return critic
    }

    /// The penalty as a part of the graph, with the values on the way.
    func penalty(of critic: Sequential) -> (between: Tensor, slopes: Tensor, norms: Tensor, value: Tensor) {
      let (real, fake) = (real.tensor, fake.tensor)
      let between = (real + alphas.tensor * (fake - real)).tracked()
      let slopes = gradient(of: critic(between, .inference).sum(), wrt: between, createGraph: true)
      let norms = slopes.square().sum(axes: [1]).squareRoot()
      return (between, slopes, norms, (norms - 1).square().mean() * penaltyWeight)
    }
  }

  private struct File: Decodable { let wganGP: [Fixture] }

  static let fixtures = FixtureFile.decoded(File.self, "training")?.wganGP ?? []

  @Test func thereAreFixtures() { #expect(Set(Self.fixtures.map(\.activation)) == ["elu", "leakyRelu"]) }

  @Test(arguments: fixtures)
  func agreesWithPyTorch(_ fixture: Fixture) throws {
    let critic = try fixture.critic()
    let names = critic.namedParameters.map(\.name)

    let (between, slopes, norms, penalty) = fixture.penalty(of: critic)
    expectClose(between, fixture.interpolated, within: 1e-5, "points between")
    expectClose(slopes, fixture.inputGradients, within: 1e-4, "gradients of the inputs")
    expectClose(norms, fixture.gradientNorms, within: 1e-4, "norms")
    #expect((Double(penalty.scalar) - fixture.penalty).magnitude <= 1e-4 * fixture.penalty)

    let ofPenalty = valueAndGradients(of: critic.parameters) { fixture.penalty(of: critic).value }
    for (name, gradient) in zip(names, ofPenalty.gradients) {
      expectClose(
        gradient, try #require(fixture.penaltyGradients[name]), within: 1e-3, "penalty's gradient of \(name)")
    }

    let whole = valueAndGradients(of: critic.parameters) {
      Loss.wasserstein(
        real: critic(fixture.real.tensor, .inference), fake: critic(fixture.fake.tensor, .inference))
        + fixture.penalty(of: critic).value
    }
    #expect((Double(whole.value.scalar) - fixture.loss).magnitude <= 1e-4 * fixture.loss)
    for (name, gradient) in zip(names, whole.gradients) {
      expectClose(gradient, try #require(fixture.gradients[name]), within: 1e-3, "gradient of \(name)")
    }
  }

  /// A frozen critic gives the same penalty, and its weights stay constants.
  @Test(arguments: fixtures)
  func createGraphIsNotNeededForTheValue(_ fixture: Fixture) throws {
    let critic = try fixture.critic()
    let penalty = fixture.penalty(of: critic)
    // At the very same points: the slopes of ELU change with them.
    let x = penalty.between.detached.tracked()
    let slopes = gradient(of: critic(x, .inference).sum(), wrt: x)
    #expect(!slopes.isTracked)
    #expect(slopes.elements == penalty.slopes.elements)
    #expect(critic.parameters.allSatisfy { !$0.value.isTracked })
  }
}
