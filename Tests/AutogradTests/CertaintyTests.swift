import Autograd
import Foundation
import Kernels
import Testing

/// Losses and activations where a probability is nearly 1, against arithmetic with 80 digits
/// (Tests/Fixtures/make_certainty_fixtures.py): values and gradients keep their digits, down to the smallest
/// normal number.
@Suite struct CertaintyTests {
  @Test func thereAreFixtures() {
    #expect(CertaintyFixture.all.rows.count == 36)
    #expect(CertaintyFixture.all.unary.count == 5)
    #expect(CertaintyFixture.all.binary.count == 4 && CertaintyFixture.all.moments.count == 4)
  }

  @Test(arguments: CertaintyFixture.all.rows)
  func softmaxAndItsLogarithm(_ row: CertaintyFixture.Row) {
    let z = row.tensor.tracked()
    expectEqual(z.softmax(), row.softmax, each: true, "softmax")
    expectEqual(z.logSoftmax(), row.logSoftmax, each: true, "log-softmax")
    let dy = Tensor(row.cotangent, shape: [1, row.cotangent.count])
    expectEqual(gradient(of: (z.softmax() * dy).sum(), wrt: z), row.softmaxGradient, "softmax, gradient")
    expectEqual(
      gradient(of: (z.logSoftmax() * dy).sum(), wrt: z), row.logSoftmaxGradient, "log-softmax, gradient")
  }

  @Test(arguments: CertaintyFixture.all.rows)
  func crossEntropyAndLogOdds(_ row: CertaintyFixture.Row) {
    for (label, expected) in row.labels.enumerated() {
      let z = row.tensor.tracked()
      let loss = z.softmaxCrossEntropy(labels: [label])
      expectEqual(loss, [expected.crossEntropy], "cross-entropy, label \(label)")
      let slope = gradient(of: loss.sum(), wrt: z, createGraph: true)
      expectEqual(slope, expected.crossEntropyGradient, "cross-entropy, gradient, label \(label)")
      let direction = Tensor(row.cotangent, shape: [1, row.cotangent.count])
      expectEqual(
        gradient(of: (slope * direction).sum(), wrt: z), expected.crossEntropySecondGradient,
        "cross-entropy, second gradient, label \(label)")
      // The same through the logarithm of softmax, as label smoothing takes it.
      let own = Tensor.oneHot([label], classes: row.logits.count)
      expectEqual(
        gradient(of: -(z.logSoftmax() * own).sum(), wrt: z), expected.crossEntropyGradient,
        "minus log-softmax, gradient, label \(label)")

      let odds = z.logOdds(against: [label])
      expectEqual(odds, [expected.logOdds], "log-odds, label \(label)")
      let oddsSlope = gradient(of: odds.sum(), wrt: z, createGraph: true)
      expectEqual(oddsSlope, expected.logOddsGradient, "log-odds, gradient, label \(label)")
      // Cross-entropy is softplus of the log-odds, and so are its derivatives.
      let composed = odds.softplus()
      let composedSlope = gradient(of: composed.sum(), wrt: z, createGraph: true)
      expectEqual(composedSlope, expected.crossEntropyGradient, "softplus of log-odds, label \(label)")
      expectEqual(
        gradient(of: (composedSlope * direction).sum(), wrt: z), expected.crossEntropySecondGradient,
        "softplus of log-odds, second gradient, label \(label)")
    }
  }

  @Test(arguments: CertaintyFixture.all.rows)
  func divergence(_ row: CertaintyFixture.Row) {
    for (index, expected) in row.divergences.enumerated() {
      // The first other row is 1e-3 away: what rounds at 1e-6 in the exponents of large logits is a share of
      // that.
      let tolerance = index == 0 ? 1e-2 : 1e-4
      let p = row.tensor.tracked()
      let q = Tensor(expected.other, shape: [1, expected.other.count]).tracked()
      let value = p.softmaxDivergence(from: q)
      expectEqual(value, [expected.value], within: tolerance, "divergence")
      let slopes = gradients(of: value.sum(), wrt: [p, q])
      expectEqual(slopes[0], expected.gradient, within: tolerance, "divergence, gradient")
      expectEqual(slopes[1], expected.otherGradient, within: tolerance, "divergence, gradient by the other")
    }
  }

  /// The divergence's second derivatives are those of the same composed of other operations, where nothing is
  /// certain.
  @Test func divergenceCanBeDifferentiatedTwice() {
    let leaves = [1, 2].map { Tensor.normal([4, 5], key: .init(seed: $0)).tracked() }
    func second(_ divergence: Tensor) -> [Tensor] {
      let first = gradients(of: (divergence * divergence).sum(), wrt: leaves, createGraph: true)
      return first + gradients(of: first.map { $0.square().sum() }.reduce(Tensor(0), +), wrt: leaves)
    }
    let composed = (leaves[0].softmax() * (leaves[0].logSoftmax() - leaves[1].logSoftmax())).sum(axes: [1])
    for (a, b) in zip(second(leaves[0].softmaxDivergence(from: leaves[1])), second(composed)) {
      let scale = b.elements.map(\.magnitude).max() ?? 0
      #expect(zip(a.elements, b.elements).allSatisfy { ($0 - $1).magnitude <= 1e-4 * scale })
    }
  }

  @Test(arguments: CertaintyFixture.all.unary)
  func activations(_ expected: CertaintyFixture.Unary) throws {
    let calls: [String: (Tensor) -> Tensor] = [
      "sigmoid": { $0.sigmoid() }, "tanh": { $0.tanh() }, "softplus": { $0.softplus() }, "elu": { $0.elu() },
      "expm1": { $0.expm1() },
    ]
    let function = try #require(calls[expected.name])
    let x = Tensor(expected.x, shape: [expected.x.count]).tracked()
    let y = function(x)
    expectEqual(y, expected.y, each: true, expected.name)
    let slope = gradient(of: y.sum(), wrt: x, createGraph: true)
    expectEqual(slope, expected.slope, each: true, "\(expected.name), slope")
    expectEqual(
      gradient(of: slope.sum(), wrt: x), expected.curvature, within: 1e-4, each: true,
      "\(expected.name), curvature")
  }

  @Test(arguments: CertaintyFixture.all.binary)
  func binaryCrossEntropy(_ expected: CertaintyFixture.Binary) {
    let x = Tensor(expected.x, shape: [expected.x.count]).tracked()
    let targets = Tensor(repeating: expected.target, shape: x.shape)
    let losses = Tensor.binaryCrossEntropies(logits: x, targets: targets)
    expectEqual(losses, expected.loss, each: true, "loss, target \(expected.target)")
    expectEqual(
      gradient(of: losses.sum(), wrt: x), expected.slope, each: true, "slope, target \(expected.target)")
  }

  /// A mean far from 0 costs the variance nothing but the digits that the values themselves have lost.
  @Test(arguments: CertaintyFixture.all.moments)
  func batchMoments(_ expected: CertaintyFixture.Moments) {
    let x = Tensor(expected.x, shape: [expected.x.count, 1])
    let moments = x.channelMoments()
    expectEqual(moments.mean, [expected.mean], within: 1e-6, "mean")
    expectEqual(moments.variance, [expected.variance], "variance")
    let y = Tensor.batchNormalized(
      x, scale: .ones([1]), offset: .zeros([1]), moments: moments, epsilon: 1e-5)
    // The mean is a single-precision number too: half a unit in its last place, in deviations.
    let rounding = expected.mean.magnitude * 0x1p-24 / expected.variance.squareRoot()
    expectEqual(
      Tensor(Array(y.elements.prefix(20)), shape: [20]), expected.normalized, within: 1e-5 + rounding,
      "normalized")
  }
}

/// Equal but for a share of the largest magnitude, or of each element's own, and what is too small for a
/// normal number.
private func expectEqual(
  _ actual: Tensor, _ expected: [Double], within tolerance: Double = 1e-5, each: Bool = false, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let largest = expected.map(\.magnitude).max() ?? 0
  #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  for (a, b) in zip(actual.elements, expected) {
    let allowed = tolerance * (each ? b.magnitude : largest) + Double(Float.leastNormalMagnitude)
    #expect(
      (Double(a) - b).magnitude <= allowed, "\(what): \(a) for \(b), of \(largest)",
      sourceLocation: sourceLocation)
  }
}

/// See Tests/Fixtures/make_certainty_fixtures.py.
struct CertaintyFixture: Decodable, Sendable {
  struct Row: Decodable, Sendable, CustomTestStringConvertible {
    struct Label: Decodable, Sendable {
      let crossEntropy: Double
      let crossEntropyGradient, crossEntropySecondGradient: [Double]
      let logOdds: Double
      let logOddsGradient: [Double]
    }
    struct Divergence: Decodable, Sendable {
      let other: [Float]
      let value: Double
      let gradient, otherGradient: [Double]
    }
    let scale: Double
    let logits, cotangent: [Float]
    let softmax, softmaxGradient, logSoftmax, logSoftmaxGradient: [Double]
    let labels: [Label]
    let divergences: [Divergence]

    var tensor: Tensor { Tensor(logits, shape: [1, logits.count]) }
    var testDescription: String { "±\(scale): \(logits)" }
  }

  struct Unary: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let x: [Float]
    let y, slope, curvature: [Double]
    var testDescription: String { name }
  }

  struct Binary: Decodable, Sendable, CustomTestStringConvertible {
    let target: Float
    let x: [Float]
    let loss, slope: [Double]
    var testDescription: String { "target \(target)" }
  }

  struct Moments: Decodable, Sendable, CustomTestStringConvertible {
    let x: [Float]
    let mean, variance: Double
    let normalized: [Double]
    var testDescription: String { "mean \(mean)" }
  }

  let rows: [Row]
  let unary: [Unary]
  let binary: [Binary]
  let moments: [Moments]

  static let all: CertaintyFixture = {
    let url = Bundle.module.url(forResource: "certainty", withExtension: "json", subdirectory: "Fixtures")
    let file = url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(CertaintyFixture.self, from: $0)
    }
    return file ?? CertaintyFixture(rows: [], unary: [], binary: [], moments: [])
  }()
}
