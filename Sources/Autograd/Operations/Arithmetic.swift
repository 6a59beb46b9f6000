import Kernels

/// Sums, differences, products and quotients, elementwise with NumPy broadcasting.
extension Tensor {
  /// The sum, with NumPy broadcasting; dy flows to both.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    zip(a, b, { loop($0, $1, $2, $3) { $0 + $1 } }, first: { $0.dy }, second: { $0.dy })
  }

  /// The same in place, for constants of one shape: the weights' gradients are large, and fresh memory costs
  /// a third more traffic.
  mutating func add(_ other: Tensor) {
    precondition(shape == other.shape, "Tensor.add: \(shape) and \(other.shape)")
    let count = count
    other.withElements { other in
      withMutableElements { sum in
        guard let sum = sum.baseAddress, let other = other.baseAddress else { return }
        Elementwise.map(sum, other, into: sum, count: count) { loop($0, $1, $2, $3) { $0 + $1 } }
      }
    }
  }

  /// The difference, with NumPy broadcasting; da = dy, db = -dy
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    zip(a, b, { loop($0, $1, $2, $3) { $0 - $1 } }, first: { $0.dy }, second: { -$0.dy })
  }

  /// The product of elements, with NumPy broadcasting; da = dy·b, db = dy·a
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    zip(a, b, { loop($0, $1, $2, $3) { $0 * $1 } }, first: { $0.dy * $0.x2 }, second: { $0.dy * $0.x })
  }

  /// The quotient of elements, with NumPy broadcasting; da = dy / b, db = -dy·a / b²
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    zip(
      a, b, { loop($0, $1, $2, $3) { $0 / $1 } }, first: { $0.dy / $0.x2 },
      second: { -($0.dy * $0.x) / ($0.x2 * $0.x2) })
  }

  /// Every element with the other sign; dx = -dy
  public static prefix func - (x: Tensor) -> Tensor {
    x.map({ loop($0, $1, $2) { -$0 } }, pullback: { -$0.dy })
  }

  /// A number added to every element; dx = dy
  public static func + (x: Tensor, constant: Float) -> Tensor {
    x.map({ loop($0, $1, $2) { $0 + constant } }, pullback: { $0.dy })
  }

  /// A number subtracted from every element; dx = dy
  public static func - (x: Tensor, constant: Float) -> Tensor { x + -constant }

  /// Every element times a number; dx = dy·factor
  public static func * (x: Tensor, factor: Float) -> Tensor {
    x.map({ loop($0, $1, $2) { $0 * factor } }, pullback: { $0.dy * factor })
  }

  /// Every element times a number; dx = dy·factor
  public static func * (factor: Float, x: Tensor) -> Tensor { x * factor }

  /// Every element times 1 / divisor, which is rounded first; dx = dy / divisor
  public static func / (x: Tensor, divisor: Float) -> Tensor { x * (1 / divisor) }

  /// x·scale + offset, in one pass.
  public func scaled(by scale: Float, plus offset: Float) -> Tensor {
    map({ loop($0, $1, $2) { $0 * scale + offset } }, pullback: { $0.dy * scale })
  }

  /// The larger of the two; where they are equal, the gradient flows to the first.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    zip(
      a, b, { loop($0, $1, $2, $3) { $0 >= $1 ? $0 : $1 } },
      first: { $0.dy * indicator($0.x, $0.x2) { $0 >= $1 } },
      second: { $0.dy * indicator($0.x, $0.x2) { $0 < $1 } })
  }

  /// The smaller of the two; where they are equal, the gradient flows to the first.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    zip(
      a, b, { loop($0, $1, $2, $3) { $0 <= $1 ? $0 : $1 } },
      first: { $0.dy * indicator($0.x, $0.x2) { $0 <= $1 } },
      second: { $0.dy * indicator($0.x, $0.x2) { $0 > $1 } })
  }

  /// 1 where the condition holds and 0 elsewhere; a constant for differentiation.
  @inline(__always)
  static func indicator(_ a: Tensor, _ b: Tensor, _ condition: (Float, Float) -> Bool) -> Tensor {
    zip(
      a.detached, b.detached, { loop($0, $1, $2, $3) { condition($0, $1) ? 1 : 0 } }, first: { _ in nil },
      second: { _ in nil })
  }

  /// x limited to `bounds`; no gradient flows where it is cut.
  public func clamped(to bounds: ClosedRange<Float>) -> Tensor {
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    return map({ loop($0, $1, $2) { $0 < low ? low : ($0 > high ? high : $0) } }) { c in
      c.dy
        * c.x.detached.map({ loop($0, $1, $2) { $0 >= low && $0 <= high ? 1 : 0 } }, pullback: { _ in nil })
    }
  }

  /// -1, 0 or 1; no gradient flows.
  public func sign() -> Tensor {
    map({ loop($0, $1, $2) { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) } }, pullback: { _ in nil })
  }
}
