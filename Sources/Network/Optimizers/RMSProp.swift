import Kernels

/// RMSProp (Tieleman and Hinton 2012) in PyTorch's form.
///
/// v ← α·v + (1 - α)·g²; w ← w - rate·g / (√v + ε)
public struct RMSProp: UpdateRule {
  /// α: the share of the mean square that is kept in a step.
  public let alpha: Float
  /// ε: added to the root of the mean square, so that nothing is divided by 0.
  public let epsilon: Float

  /// The defaults are PyTorch's.
  public init(alpha: Float = 0.99, epsilon: Float = 1e-8) {
    self.alpha = alpha
    self.epsilon = epsilon
  }

  /// `square`: the running mean of the squared gradient.
  public var slots: [String] { ["square"] }

  /// Changes the weights `range` in place. Steps are not counted.
  public func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ range: Range<Int>, learningRate: Float, step: Int
  ) {
    let square = slots[0]
    let taken = 1 - alpha
    for i in range {
      let g = gradient[i]
      let v = (alpha * square[i] + taken * (g * g)).flushed(below: Underflow.square)
      square[i] = v
      weights[i] -= learningRate * (g / (VectorMath.squareRoot(v) + epsilon))
    }
  }
}
