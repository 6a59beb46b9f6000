import Kernels

/// Activations whose slope follows from their result, so that dense and convolution layers can apply them
/// while the result is still in the cache.
public enum Activation: Hashable, Sendable {
  /// x as it is
  case identity
  /// max(x, 0)
  case relu
  /// x where x > 0, slope·x elsewhere; 0 < slope < 1
  case leakyRelu(slope: Float)

  /// Applies the activation after adding a bias `[columns]` to every row of `[rows, columns]`, in place.
  @inline(__always)
  func apply(
    _ y: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int
  ) {
    switch self {
    case .identity:
      guard bias != nil else { return }
      Self.forEachRow(y, bias, rows, columns) { $0 }
    case .relu: Self.forEachRow(y, bias, rows, columns) { $0 > 0 ? $0 : 0 }
    case .leakyRelu(let slope): Self.forEachRow(y, bias, rows, columns) { $0 > 0 ? $0 : slope * $0 }
    }
  }

  @inline(__always)
  private static func forEachRow(
    _ y: UnsafeMutablePointer<Float>, _ bias: UnsafePointer<Float>?, _ rows: Int, _ columns: Int,
    _ f: (Float) -> Float
  ) {
    if let bias {
      for r in 0..<rows {
        let row = y + r &* columns
        for c in 0..<columns { row[c] = f(row[c] + bias[c]) }
      }
    } else {
      for i in 0..<rows &* columns { y[i] = f(y[i]) }
    }
  }

  /// dz for y = activation(z): `dy` times the slope at `y`. Linear in `dy`; its slope in `y` is zero.
  func gradient(_ dy: Tensor, at y: Tensor) -> Tensor {
    let negativeSlope: Float
    switch self {
    case .identity: return dy
    case .relu: negativeSlope = 0
    case .leakyRelu(let slope): negativeSlope = slope
    }
    return Tensor.zip(
      dy, y.detached, { loop($0, $1, $2, $3) { $1 > 0 ? $0 : negativeSlope * $0 } },
      first: { gradient($0.dy, at: $0.x2) }, second: { _ in nil })
  }
}

extension Tensor {
  /// The activation of every element; ``Activation/identity`` gives the tensor itself. dx is dy times the
  /// slope.
  public func activated(_ activation: Activation) -> Tensor {
    guard activation != .identity else { return self }
    return Tensor(
      shape: shape, of: [self], keepsOutput: true,
      pullback: { [activation.gradient($0.dy, at: $0.y)] },
      fill: { y in
        switch activation {
        case .identity: break
        case .relu: Elementwise.map(pointer, into: y, count: count) { loop($0, $1, $2) { $0 > 0 ? $0 : 0 } }
        case .leakyRelu(let slope):
          Elementwise.map(pointer, into: y, count: count) { loop($0, $1, $2) { $0 > 0 ? $0 : slope * $0 } }
        }
      })
  }

  /// max(x, 0)
  public func relu() -> Tensor { activated(.relu) }

  /// x where x > 0, slope·x elsewhere
  public func leakyRelu(slope: Float) -> Tensor { activated(.leakyRelu(slope: slope)) }

  /// x where x > 0, α(e^x - 1) elsewhere (Clevert et al. 2015); the slope there is α·e^x.
  public func elu(alpha: Float = 1) -> Tensor {
    map(
      { loop($0, $1, $2) { $0 > 0 ? $0 : alpha * VectorMath.expm1($0) } },
      pullback: { $0.dy * $0.x.eluSlope(alpha: alpha) })
  }

  /// 1 where x > 0, α·e^x elsewhere
  private func eluSlope(alpha: Float) -> Tensor {
    map(
      { loop($0, $1, $2) { $0 > 0 ? 1 : alpha * VectorMath.exp($0) } },
      pullback: { $0.dy * $0.x.eluCurvature(alpha: alpha) })
  }

  /// 0 where x > 0, α·e^x elsewhere
  private func eluCurvature(alpha: Float) -> Tensor {
    map(
      { loop($0, $1, $2) { $0 > 0 ? 0 : alpha * VectorMath.exp($0) } },
      pullback: { $0.dy * $0.x.eluCurvature(alpha: alpha) })
  }

  /// Hyperbolic tangent; dx = dy·4e / (1 + e)² with e = e^(-2|x|).
  ///
  /// That is 1 - y², which would round to 0 where y rounds to ±1.
  public func tanh() -> Tensor {
    map({ loop($0, $1, $2) { VectorMath.tanh($0) } }, pullback: { Tensor.tanhGradient($0.dy, at: $0.x) })
  }

  private static func tanhGradient(_ dy: Tensor, at x: Tensor) -> Tensor {
    zip(
      dy, x, { loop($0, $1, $2, $3) { $0 * (4 * sigmoidSlope(2 * $1)) } },
      first: { tanhGradient($0.dy, at: $0.x2) },
      second: { tanhGradient($0.dy * $0.x, at: $0.x2) * $0.x2.tanh() * -2 })
  }

  /// 1 / (1 + e^-x); dx = dy·e / (1 + e)² with e = e^-|x|.
  ///
  /// That is y·(1 - y), which would round to 0 where y rounds to 1.
  public func sigmoid() -> Tensor {
    map(
      { loop($0, $1, $2) { VectorMath.sigmoid($0) } }, pullback: { Tensor.sigmoidGradient($0.dy, at: $0.x) })
  }

  /// Its derivative by x is -tanh(x / 2) times itself.
  static func sigmoidGradient(_ dy: Tensor, at x: Tensor) -> Tensor {
    zip(
      dy, x, { loop($0, $1, $2, $3) { $0 * sigmoidSlope($1) } },
      first: { sigmoidGradient($0.dy, at: $0.x2) },
      second: { sigmoidGradient($0.dy * $0.x, at: $0.x2) * ($0.x2 * 0.5).tanh() * -1 })
  }

  @inline(__always)
  private static func sigmoidSlope(_ x: Float) -> Float {
    let e = VectorMath.exp(-x.magnitude)
    return e / ((1 + e) * (1 + e))
  }

  /// e^x - 1, exact where x is tiny; dx = dy·e^x
  public func expm1() -> Tensor {
    map({ loop($0, $1, $2) { VectorMath.expm1($0) } }, pullback: { $0.dy * $0.x.exp() })
  }

  /// ln(1 + e^x); dx = dy·sigmoid(x)
  public func softplus() -> Tensor {
    map({ loop($0, $1, $2) { VectorMath.softplus($0) } }, pullback: { $0.dy * $0.x.sigmoid() })
  }
}
