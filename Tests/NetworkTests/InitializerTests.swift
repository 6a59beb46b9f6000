import Autograd
import Foundation
import Kernels
import Network
import Testing

/// The distributions of fresh weights: bounds, means and variances in closed form.
@Suite struct InitializerTests {
  /// Weights of a dense and of a convolutional layer, with their fan-in and fan-out.
  struct Weights: Sendable, CustomStringConvertible {
    let shape: [Int]
    let fanIn, fanOut: Double
    var description: String { "\(shape)" }
  }

  static let weights = [
    Weights(shape: [300, 120], fanIn: 300, fanOut: 120),
    Weights(shape: [5, 5, 16, 48], fanIn: 400, fanOut: 1200),
  ]

  struct Distribution: Sendable, CustomStringConvertible {
    let initializer: Initializer
    let isUniform: Bool
    let variance: @Sendable (_ fanIn: Double, _ fanOut: Double) -> Double
    var description: String { "\(initializer)" }
  }

  static let distributions = [
    Distribution(initializer: .uniform(0.05), isUniform: true) { _, _ in 0.05 * 0.05 / 3 },
    Distribution(initializer: .normal(deviation: 0.02), isUniform: false) { _, _ in 0.0004 },
    Distribution(initializer: .glorotUniform, isUniform: true) { 2 / ($0 + $1) },
    Distribution(initializer: .glorotNormal, isUniform: false) { 2 / ($0 + $1) },
    Distribution(initializer: .heUniform, isUniform: true) { fanIn, _ in 2 / fanIn },
    Distribution(initializer: .heNormal, isUniform: false) { fanIn, _ in 2 / fanIn },
  ]

  @Test(arguments: distributions, weights)
  func hasItsMoments(_ distribution: Distribution, _ weights: Weights) {
    let tensor = distribution.initializer(weights.shape, key: Key(seed: 5))
    #expect(tensor.shape == weights.shape)
    let elements = tensor.elements.map(Double.init)
    let n = Double(elements.count)
    let variance = distribution.variance(weights.fanIn, weights.fanOut)
    let mean = elements.reduce(0, +) / n
    let found = elements.map { $0 * $0 }.reduce(0, +) / n
    // The fourth moment is 9/5 σ⁴ for a uniform distribution and 3 σ⁴ for a normal one.
    let deviation = variance * ((distribution.isUniform ? 0.8 : 2) / n).squareRoot()
    #expect(mean.magnitude < 4 * (variance / n).squareRoot())
    #expect((found - variance).magnitude < 4 * deviation)
    let bound = (3 * variance).squareRoot()
    let largest = elements.map(\.magnitude).max() ?? 0
    if distribution.isUniform {
      #expect(largest <= bound * (1 + 1e-6) && largest > 0.999 * bound)
    } else {
      #expect(largest > 1.5 * bound, "a normal distribution has no bound there")
    }
  }

  @Test(arguments: distributions)
  func followsFromItsKey(_ distribution: Distribution) {
    let first = distribution.initializer([10, 10], key: Key(seed: 1)).elements
    #expect(distribution.initializer([10, 10], key: Key(seed: 1)).elements == first)
    #expect(distribution.initializer([10, 10], key: Key(seed: 2)).elements != first)
  }

  @Test func layersStartWithGlorotWeightsAndZeroBiases() {
    let dense = Dense(inputs: 300, outputs: 120, key: Key(seed: 1))
    #expect(dense.weight.value.elements == Initializer.glorotUniform([300, 120], key: Key(seed: 1)).elements)
    #expect(dense.bias?.value.elements == [Float](repeating: 0, count: 120))
    #expect(Initializer.zeros([2, 2], key: Key(seed: 1)).elements == [0, 0, 0, 0])
  }

  /// Keras' default for embeddings.
  @Test func embeddingsStartWithinTheirBound() {
    let table = Embedding(entries: 100, size: 100, key: Key(seed: 1)).table.value.elements
    let largest = table.map(\.magnitude).max() ?? 0
    #expect(largest <= 0.05 && largest > 0.0499)
  }
}
