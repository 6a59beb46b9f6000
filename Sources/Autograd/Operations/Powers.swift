import Kernels

/// Exponentials, logarithms, roots and powers, elementwise.
extension Tensor {
  /// e^x; dx = dy·y
  public func exp() -> Tensor {
    map(keepsOutput: true, { loop($0, $1, $2) { VectorMath.exp($0) } }, pullback: { $0.dy * $0.y })
  }

  /// ln x; dx = dy / x
  public func log() -> Tensor { map({ loop($0, $1, $2) { VectorMath.log($0) } }, pullback: { $0.dy / $0.x }) }

  /// √x; dx = dy / 2√x
  public func squareRoot() -> Tensor {
    map(
      keepsOutput: true, { loop($0, $1, $2) { VectorMath.squareRoot($0) } }, pullback: { $0.dy * 0.5 / $0.y })
  }

  /// x²; dx = 2·dy·x
  public func square() -> Tensor { map({ loop($0, $1, $2) { $0 * $0 } }, pullback: { $0.dy * $0.x * 2 }) }

  /// 1 / x; dx = -dy·y²
  public func reciprocal() -> Tensor {
    map(keepsOutput: true, { loop($0, $1, $2) { 1 / $0 } }, pullback: { -$0.dy * $0.y * $0.y })
  }

  /// |x|; dx = dy·sign x
  public func absolute() -> Tensor {
    map({ loop($0, $1, $2) { $0.magnitude } }, pullback: { $0.dy * $0.x.sign() })
  }
}
