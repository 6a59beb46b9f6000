import Autograd
import Kernels

/// How running statistics follow the batches: running ← keep·running + (1 - keep)·batch.
public enum RunningMomentum: Hashable, Sendable {
  /// Keras counts what is kept; its default is 0.99.
  case keras(Float)
  /// PyTorch counts what is taken in; its default is 0.1. It also takes the unbiased variance.
  case pyTorch(Float)
}

/// Normalization over the batch (Ioffe and Szegedy 2015), over all axes but the last.
///
/// Training uses the batch's own moments and updates the running ones; inference uses the running ones.
public final class BatchNormalization: Layer {
  /// `[C]`: what the normalized values are multiplied by; 1 at first.
  public let scale: Parameter
  /// `[C]`: what is added to them; 0 at first.
  public let offset: Parameter
  /// `[C]`: the mean that inference uses; 0 at first, and not trainable.
  public let runningMean: Parameter
  /// `[C]`: the variance that inference uses; 1 at first, and not trainable.
  public let runningVariance: Parameter
  private let momentum: RunningMomentum
  package let epsilon: Float

  /// The defaults are PyTorch's.
  public init(channels: Int, momentum: RunningMomentum = .pyTorch(0.1), epsilon: Float = 1e-5) {
    scale = Parameter(.ones([channels]))
    offset = Parameter(.zeros([channels]))
    runningMean = Parameter(.zeros([channels]), isTrainable: false)
    runningVariance = Parameter(.ones([channels]), isTrainable: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// `scale`, `offset`, `runningMean` and `runningVariance`.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    [
      ("scale", scale), ("offset", offset), ("runningMean", runningMean),
      ("runningVariance", runningVariance),
    ]
  }

  /// `[N, …, C]` → the same shape. While training, the running moments follow the batch; of several batches
  /// in one pass, the first and then the next.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    switch pass {
    case .inference:
      return (x - runningMean.value) * inferenceFactor + offset.value
    case .training(_, batches: 1):
      let moments = x.channelMoments()
      follow(moments, count: x.count / scale.value.count)
      return Tensor.batchNormalized(
        x, scale: scale.value, offset: offset.value, moments: moments, epsilon: epsilon)
    case .training(let key, let batches):
      let size = x.shape[0] / batches
      precondition(size * batches == x.shape[0], "BatchNormalization: \(batches) batches in \(x.shape)")
      let parts = (0..<batches).map { self(x.rows($0 * size..<($0 + 1) * size), .training(key)) }
      return Tensor.concatenate(parts, axis: 0)
    }
  }

  /// What inference does to a channel: y = factor·x + shift.
  var inferenceMap: (factor: Tensor, shift: Tensor) {
    let factor = inferenceFactor
    return (factor, offset.value - runningMean.value * factor)
  }

  private var inferenceFactor: Tensor {
    scale.value * (runningVariance.value + epsilon).squareRoot().reciprocal()
  }

  private func follow(_ moments: (mean: Tensor, variance: Tensor), count: Int) {
    switch momentum {
    case .keras(let keep):
      runningMean.value = runningMean.value * keep + moments.mean * (1 - keep)
      runningVariance.value = runningVariance.value * keep + moments.variance * (1 - keep)
    case .pyTorch(let take):
      let unbiased = moments.variance * (Float(count) / Float(max(1, count - 1)))
      runningMean.value = runningMean.value * (1 - take) + moments.mean * take
      runningVariance.value = runningVariance.value * (1 - take) + unbiased * take
    }
  }
}
