/// Stochastic gradient descent, with PyTorch's form of momentum.
///
/// g ← g + decay·w; v ← momentum·v + g; w ← w - rate·v, or w - rate·(g + momentum·v) in Nesterov's form.
public struct SGD: UpdateRule {
  /// The share of the velocity that is kept in a step; 0 is plain descent.
  public let momentum: Float
  /// Whether the step is along the gradient and the velocity to come (Nesterov's form).
  public let nesterov: Bool
  /// The factor by which a weight is added to its gradient, as an L2 penalty does; 0 for none.
  public let weightDecay: Float

  /// Plain descent by default.
  public init(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// `velocity`: the gradients before, which fade with the momentum.
  public var slots: [String] { ["velocity"] }

  /// Changes the weights `range` in place. Steps are not counted.
  public func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ range: Range<Int>, learningRate: Float, step: Int
  ) {
    let velocity = slots[0]
    for i in range {
      let g = gradient[i] + weightDecay * weights[i]
      let v = (momentum * velocity[i] + g).flushed(below: Underflow.mean)
      velocity[i] = v
      weights[i] -= learningRate * (nesterov ? g + momentum * v : v)
    }
  }
}
