/// Stochastic gradient descent, with PyTorch's form of momentum.
///
/// g ← g + decay·w; v ← momentum·v + g; w ← w - rate·v, or w - rate·(g + momentum·v) in Nesterov's form.
public struct SGD: UpdateRule {
  public let momentum: Float
  public let nesterov: Bool
  public let weightDecay: Float

  public init(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public var slots: [String] { ["velocity"] }

  public func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ range: Range<Int>, learningRate: Float, step: Int
  ) {
    let velocity = slots[0]
    for i in range {
      let g = gradient[i] + weightDecay * weights[i]
      let v = momentum * velocity[i] + g
      velocity[i] = v
      weights[i] -= learningRate * (nesterov ? g + momentum * v : v)
    }
  }
}
