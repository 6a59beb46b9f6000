import Autograd
import Kernels
import Network
import Testing

/// Running statistics in both conventions, and which moments each pass uses.
@Suite struct BatchNormalizationTests {
  /// Two channels over four positions: means 2.5 and 1, biased variances 1.25 and 9.
  private let batch = Tensor([1, -2, 2, 4, 3, -2, 4, 4], shape: [2, 1, 2, 2])
  private static let means: [Float] = [2.5, 1]
  private static let variances: [Float] = [1.25, 9]

  struct Convention: Sendable, CustomStringConvertible {
    let description: String
    let momentum: RunningMomentum
    /// How much of the old value stays.
    let keep: Float
    /// What the batch's biased variance is multiplied by; four values a channel.
    let variance: Float
  }

  static let conventions = [
    Convention(description: "Keras 0.99", momentum: .keras(0.99), keep: 0.99, variance: 1),
    Convention(description: "Keras 0.8", momentum: .keras(0.8), keep: 0.8, variance: 1),
    Convention(description: "PyTorch 0.1", momentum: .pyTorch(0.1), keep: 0.9, variance: 4 / 3),
    Convention(description: "PyTorch 0.4", momentum: .pyTorch(0.4), keep: 0.6, variance: 4 / 3),
  ]

  @Test(arguments: conventions)
  func runningStatisticsFollowTheBatches(_ convention: Convention) {
    let norm = BatchNormalization(channels: 2, momentum: convention.momentum)
    var (means, variances) = ([Float](repeating: 0, count: 2), [Float](repeating: 1, count: 2))
    for step in 0..<3 {
      _ = norm(batch, .training(Key(seed: UInt64(step))))
      for channel in 0..<2 {
        let (keep, take) = (convention.keep, 1 - convention.keep)
        means[channel] = keep * means[channel] + take * Self.means[channel]
        variances[channel] = keep * variances[channel] + take * convention.variance * Self.variances[channel]
      }
      expectEqual(norm.runningMean.value, means)
      expectEqual(norm.runningVariance.value, variances)
    }
  }

  @Test func defaultsArePyTorchs() {
    let norm = BatchNormalization(channels: 2)
    _ = norm(batch, .training(Key(seed: 0)))
    expectEqual(norm.runningMean.value, [0.25, 0.1])
    expectEqual(norm.runningVariance.value, [0.9 + 0.1 * 1.25 * 4 / 3, 0.9 + 0.1 * 9 * 4 / 3])
    #expect(norm.parameterCount == (total: 8, trainable: 4))
  }

  @Test func trainingUsesTheBatchAlone() {
    let norm = BatchNormalization(channels: 2, epsilon: 0)
    norm.runningMean.value = Tensor([100, 100], shape: [2])
    norm.scale.value = Tensor([2, 1], shape: [2])
    norm.offset.value = Tensor([0, 5], shape: [2])
    let y = norm(batch, .training(Key(seed: 0)))
    let deviation = Self.variances.map { $0.squareRoot() }
    let expected = batch.elements.enumerated().map { index, x in
      let normal = (x - Self.means[index % 2]) / deviation[index % 2]
      return index % 2 == 0 ? 2 * normal : normal + 5
    }
    expectEqual(y, expected)
  }

  @Test func inferenceUsesTheRunningStatisticsAndLeavesThem() {
    let norm = BatchNormalization(channels: 2, epsilon: 0.5)
    norm.runningMean.value = Tensor([1, -1], shape: [2])
    norm.runningVariance.value = Tensor([3.5, 0.5], shape: [2])
    norm.scale.value = Tensor([3, 1], shape: [2])
    norm.offset.value = Tensor([0, 2], shape: [2])
    let y = norm(batch, .inference)
    let expected = batch.elements.enumerated().map { index, x in
      index % 2 == 0 ? 3 * (x - 1) / 2 : (x + 1) + 2
    }
    expectEqual(y, expected)
    #expect(norm.runningMean.value.elements == [1, -1])
    #expect(norm.runningVariance.value.elements == [3.5, 0.5])
  }

  /// Two batches in one pass are two passes: outputs, gradients and running moments are the same bytes.
  @Test(arguments: conventions) func batchesSideBySideDoNotSeeEachOther(_ convention: Convention) {
    let key = Key(seed: 0)
    let other = batch * Tensor([3, -1], shape: [2]) + 7
    let (apart, together) = (
      BatchNormalization(channels: 2, momentum: convention.momentum),
      BatchNormalization(channels: 2, momentum: convention.momentum)
    )
    let factors = Tensor.normal([4, 1, 2, 2], key: key)
    let (x, y) = (batch.tracked(), other.tracked())
    let expected = Tensor.concatenate([apart(x, .training(key)), apart(y, .training(key))], axis: 0)
    let all = Tensor.concatenate([batch, other], axis: 0).tracked()
    let actual = together(all, .training(key, batches: 2))
    #expect(actual.elements == expected.elements)
    #expect(together.runningMean.value.elements == apart.runningMean.value.elements)
    #expect(together.runningVariance.value.elements == apart.runningVariance.value.elements)
    let gradients = [x, y].map { gradient(of: (expected * factors).sum(), wrt: $0).elements }
    #expect(gradient(of: (actual * factors).sum(), wrt: all).elements == gradients[0] + gradients[1])
    #expect(together(all, .training(key)).elements != expected.elements)
  }

  /// What an image gives in inference does not depend on its companions.
  @Test func inferenceDoesNotSeeTheBatch() {
    let norm = BatchNormalization(channels: 2)
    _ = norm(batch, .training(Key(seed: 0)))
    let together = norm(batch, .inference)
    #expect(norm(batch.rows(0..<1), .inference).elements == together.rows(0..<1).elements)
  }

  @Test func runningStatisticsHaveNoGradient() {
    let norm = BatchNormalization(channels: 2)
    let (_, gradients) = valueAndGradients(of: norm.parameters) {
      norm(batch, .training(Key(seed: 0))).square().sum()
    }
    #expect(gradients.count == 2)
    #expect(!norm.runningMean.value.isTracked && !norm.runningVariance.value.isTracked)
  }

  private func expectEqual(
    _ actual: Tensor, _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectClose(
      actual, FixtureTensor(shape: actual.shape, values: expected.map(Double.init)), within: 2e-6, "values",
      sourceLocation: sourceLocation)
  }
}
