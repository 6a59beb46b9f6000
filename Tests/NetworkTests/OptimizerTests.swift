import Autograd
import Foundation
import Kernels
import Network
import Testing

/// Six steps of each optimizer, and the clipping of gradients, against PyTorch in double precision.
@Suite struct OptimizerTests {
  struct Hyperparameters: Decodable, Sendable {
    let learningRate, weightDecay: Float
    let momentum, alpha, beta1, beta2, epsilon: Float?
    let nesterov: Bool?
  }

  struct Case: Decodable, Sendable, CustomStringConvertible {
    let name, optimizer: String
    let hyper: Hyperparameters
    let initial: [Double]
    let gradients, parameters: [[Double]]
    var description: String { name }

    /// The update rule of the same name with the same numbers.
    func rule() throws -> any UpdateRule {
      switch optimizer {
      case "SGD":
        return SGD(
          momentum: try #require(hyper.momentum), nesterov: try #require(hyper.nesterov as Bool?),
          weightDecay: hyper.weightDecay)
      case "RMSprop":
        return RMSProp(alpha: try #require(hyper.alpha), epsilon: try #require(hyper.epsilon))
      case "Adam", "AdamW":
        // Adam's own, coupled decay does not exist here.
        try #require(optimizer == "AdamW" || hyper.weightDecay == 0)
        return Adam(
          beta1: try #require(hyper.beta1), beta2: try #require(hyper.beta2),
          epsilon: try #require(hyper.epsilon), decoupledDecay: hyper.weightDecay)
      default:
        throw Unknown(optimizer: optimizer)
      }
    }
  }

  /// A gradient for a few steps, and zero from then on: what is kept of it ends at zero, not among denormal
  /// numbers, and the weights are those of the formula.
  @Test(arguments: ["SGD", "Adam", "RMSprop"])
  func whatIsKeptOfAGradientEndsAtZero(optimizer: String) throws {
    let rule: any UpdateRule =
      switch optimizer {
      case "SGD": SGD(momentum: 0.9)
      case "Adam": Adam(beta2: 0.9)
      default: RMSProp(alpha: 0.9)
      }
    let count = 40
    let (weights, gradient) = (Buffer(count: count), Buffer(count: count))
    let slots = rule.slots.map { _ in Buffer(count: count) }
    for i in 0..<count {
      weights.pointer[i] = 0.25
      for slot in slots { slot.pointer[i] = 0 }
    }
    var expected = [Float](repeating: 0.25, count: count)
    var (mean, square) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    for step in 1...3000 {
      let (root1, root2) = (1 - pow(0.9, Double(step)), (1 - pow(0.9, Double(step))).squareRoot())
      for i in 0..<count {
        let g = step > 5 ? 0 : Float(i - 20) * 1e-4 * Float(step)
        gradient.pointer[i] = g
        mean[i] = 0.9 * mean[i] + (optimizer == "SGD" ? 1 : 0.1) * g
        square[i] = 0.9 * square[i] + 0.1 * (g * g)
        let change: Float =
          switch optimizer {
          case "SGD": 0.01 * mean[i]
          case "Adam": Float(0.01 / root1) * (mean[i] / (square[i].squareRoot() / Float(root2) + 1e-8))
          default: 0.01 * (g / (square[i].squareRoot() + 1e-8))
          }
        expected[i] -= change
      }
      rule.update(
        weights.pointer, gradient.pointer, slots.map(\.pointer), 0..<count, learningRate: 0.01, step: step)
    }
    let kept = slots.flatMap { slot in (0..<count).map { slot.pointer[$0] } }
    #expect((0..<count).allSatisfy { abs(weights.pointer[$0] - expected[$0]) < 1e-5 })
    #expect(kept.allSatisfy { $0 == 0 })
    #expect(mean.contains { $0.isSubnormal })
  }

  struct Unknown: Error {
    let optimizer: String
  }

  struct Clipping: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let maximumNorm, norm: Double
    let gradients, clipped: [FixtureTensor]
    var description: String { name }
  }

  private struct File: Decodable {
    let cases: [Case]
    let clipping: [Clipping]
  }

  private static let file = FixtureFile.decoded(File.self, "optimizers")
  static let cases = file?.cases ?? []
  static let clippings = file?.clipping ?? []

  @Test func thereAreFixtures() {
    #expect(Set(Self.cases.map(\.optimizer)) == ["SGD", "Adam", "AdamW", "RMSprop"])
    #expect(Self.clippings.count == 3)
  }

  @Test(arguments: cases)
  func agreesWithPyTorch(_ example: Case) throws {
    let parameter = Parameter(FixtureTensor(shape: [5], values: example.initial).tensor)
    let optimizer = Optimizer(try example.rule(), [parameter])
    for (step, (gradient, expected)) in zip(example.gradients, example.parameters).enumerated() {
      optimizer.step(
        [FixtureTensor(shape: [5], values: gradient).tensor], learningRate: example.hyper.learningRate)
      for (index, (actual, expected)) in zip(parameter.value.elements, expected).enumerated() {
        // Relative to the way gone, which can be a thousandth of the weight, plus a rounding of the weight a
        // step.
        let way = (expected - example.initial[index]).magnitude
        let rounding = Double(Float(expected).ulp) * Double(step + 1)
        #expect(
          (Double(actual) - expected).magnitude <= 1e-5 * way + rounding, "step \(step), weight \(index)")
      }
    }
    #expect(optimizer.stepCount == example.gradients.count)
  }

  /// Stopped after three steps and restored into a new optimizer: the same bits as without the stop.
  @Test(arguments: cases)
  func continuesFromItsState(_ example: Case) throws {
    let gradients = example.gradients.map { FixtureTensor(shape: [5], values: $0).tensor }
    let rate = example.hyper.learningRate
    let through = Parameter(FixtureTensor(shape: [5], values: example.initial).tensor)
    let first = Optimizer(try example.rule(), [through])
    for gradient in gradients.prefix(3) { first.step([gradient], learningRate: rate) }

    let stopped = Parameter(through.value)
    let second = Optimizer(try example.rule(), [stopped])
    #expect(second.state.map(\.name) == first.state.map(\.name))
    second.restore(first.state.map(\.value), stepCount: first.stepCount)
    for gradient in gradients.dropFirst(3) {
      first.step([gradient], learningRate: rate)
      second.step([gradient], learningRate: rate)
    }
    #expect(stopped.value.elements == through.value.elements)
    #expect(second.state.map(\.value.elements) == first.state.map(\.value.elements))
    #expect(second.stepCount == 6)
  }

  /// More weights than one chunk of work, and a running statistic between the trained ones.
  @Test func everyTrainableWeightMovesAndNoOther() {
    let large = Parameter(.ones([3 * Parallel.elementsPerChunk + 7]))
    let running = Parameter(.ones([4]), isTrainable: false)
    let small = Parameter(.ones([]))
    let before = large.value
    let optimizer = Optimizer(SGD(), [large, running, small])
    #expect(optimizer.parameters.count == 2)
    optimizer.step([.ones(large.value.shape), .ones([])], learningRate: 0.25)
    #expect(large.value.elements.allSatisfy { $0 == 0.75 })
    #expect(small.value.elements == [0.75])
    #expect(running.value.elements == [1, 1, 1, 1])
    #expect(before.elements.allSatisfy { $0 == 1 }, "a copy from before the step keeps the old weights")
  }

  /// The gradient is 0: only what decays moves, by rate · decay of itself.
  @Test func aRuleOfItsOwnForEachParameter() {
    let (weight, bias) = (Parameter(.ones([2, 3])), Parameter(.ones([3])))
    let optimizer = Optimizer([weight, bias]) { SGD(weightDecay: $0.value.rank > 1 ? 0.5 : 0) }
    optimizer.step([.zeros([2, 3]), .zeros([3])], learningRate: 0.5)
    #expect(weight.value.elements.allSatisfy { $0 == 0.75 })
    #expect(bias.value.elements == [1, 1, 1])
    #expect(optimizer.state.map(\.name) == ["velocity.0", "velocity.1"])
  }

  @Test(arguments: clippings)
  func clipsAsPyTorchDoes(_ example: Clipping) {
    let (gradients, norm) = clipped(example.gradients.map(\.tensor), toNorm: Float(example.maximumNorm))
    #expect((Double(norm) - example.norm).magnitude <= 1e-5 * example.norm)
    for (index, (actual, expected)) in zip(gradients, example.clipped).enumerated() {
      expectClose(actual, expected, within: 1e-5, "gradient \(index)")
    }
  }

  @Test func clippingLeavesAZeroGradientAlone() {
    let (gradients, norm) = clipped([.zeros([3])], toNorm: 1)
    #expect(gradients[0].elements == [0, 0, 0])
    #expect(norm == 0)
  }
}
