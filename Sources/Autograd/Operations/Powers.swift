import Glibc
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

  /// x^p, NaN where x is negative and p no integer; dx = dy·p·x^(p - 1), and 0 for p = 0
  public func power(_ exponent: Float) -> Tensor {
    switch exponent {
    case 2: square()
    case 0.5: squareRoot()
    case -1: reciprocal()
    default:
      map({ loop($0, $1, $2) { powf($0, exponent) } }) {
        exponent == 0 ? nil : $0.dy * ($0.x.power(exponent - 1) * exponent)
      }
    }
  }

  /// |x|; dx = dy·sign x
  public func absolute() -> Tensor {
    map({ loop($0, $1, $2) { $0.magnitude } }, pullback: { $0.dy * $0.x.sign() })
  }
}
