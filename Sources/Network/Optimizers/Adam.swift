import Glibc
import Kernels

/// Adam (Kingma and Ba 2015), and with decoupled decay AdamW (Loshchilov and Hutter 2019).
///
/// w ← w - rate·decay·w; m ← β₁·m + (1 - β₁)·g; v ← β₂·v + (1 - β₂)·g²;
/// w ← w - rate·(m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε). As in PyTorch, ε is outside of the root's
/// correction.
public struct Adam: UpdateRule {
  /// β₁: the share of the mean gradient that is kept in a step.
  public let beta1: Float
  /// β₂: the share of the mean square that is kept in a step.
  public let beta2: Float
  /// ε: added to the root of the mean square, so that nothing is divided by 0.
  public let epsilon: Float
  /// AdamW's decay, multiplied by the rate; 0 is plain Adam.
  public let decoupledDecay: Float

  /// The defaults are the paper's.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decoupledDecay: Float = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decoupledDecay = decoupledDecay
  }

  /// `mean` and `square`: the running means m of the gradient and v of its square.
  public var slots: [String] { ["mean", "square"] }

  /// Changes the weights `range` in place. The means are corrected by the number of the step, which counts
  /// from 1.
  public func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ range: Range<Int>, learningRate: Float, step: Int
  ) {
    let (mean, square) = (slots[0], slots[1])
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let (taken1, taken2) = (1 - beta1, 1 - beta2)
    let rate = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
    let root = Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot())
    let kept = 1 - learningRate * decoupledDecay
    for i in range {
      let g = gradient[i]
      let m = (beta1 * mean[i] + taken1 * g).flushed(below: Underflow.mean)
      let v = (beta2 * square[i] + taken2 * (g * g)).flushed(below: Underflow.square)
      mean[i] = m
      square[i] = v
      weights[i] = weights[i] * kept - rate * (m / (VectorMath.squareRoot(v) * root + epsilon))
    }
  }
}
