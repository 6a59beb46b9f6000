import Autograd

/// How the size of a change of pixels δ is measured, one image at a time.
///
/// | norm | length | ball of radius ε |
/// |---|---|---|
/// | L∞ | max ǀδᵢǀ | every pixel moves by ε at most |
/// | L2 | √Σ δᵢ² | the whole moves by ε at most |
/// | L0 | the number of i with δᵢ ≠ 0 | ε pixels change, by as much as they like |
///
/// All values of a colour image count for themselves.
public enum Norm: String, CaseIterable, Codable, Sendable {
  /// The largest change of a pixel.
  case linf
  /// The Euclidean length of the change.
  case l2
  /// The number of changed pixels.
  case l0

  /// As in tables.
  public var symbol: String {
    switch self {
    case .linf: "L∞"
    case .l2: "L2"
    case .l0: "L0"
    }
  }

  /// The length of each image's change: `[N]` of `[N, H, W, C]`.
  public func lengths(of change: Tensor) -> [Float] {
    perImage(change, keepDimensions: false).elements
  }

  /// `[N]`, or `[N, 1, 1, 1]`.
  func perImage(_ change: Tensor, keepDimensions: Bool = true) -> Tensor {
    let kept = keepDimensions ? [change.shape[0], 1, 1, 1] : [change.shape[0]]
    switch self {
    case .linf: return change.absolute().maximum(along: [1, 2, 3]).reshaped(kept)
    case .l2:
      // Squares of tiny gradients vanish: measure in units of the largest.
      let largest = change.absolute().maximum(along: [1, 2, 3]).reshaped([change.shape[0], 1, 1, 1])
      let unit = largest + largest.isZero
      return ((change / unit).square().sum(axes: [1, 2, 3], keepDimensions: true).squareRoot() * largest)
        .reshaped(kept)
    case .l0: return change.sign().absolute().sum(axes: [1, 2, 3], keepDimensions: true).reshaped(kept)
    }
  }

  /// What rounding alone may add to a length of `epsilon` in images of `size` values.
  package func slack(_ epsilon: Float, size: Int) -> Float {
    // Half a unit in the last place of a pixel near 1, for every pixel; the rest is the rounding of the
    // length itself.
    switch self {
    case .linf: epsilon * 1e-6 + 0x1p-23
    case .l2: epsilon * 1e-6 + 0x1p-23 * Float(size).squareRoot()
    case .l0: 0
    }
  }

  /// The change of length 1 along which a loss with this gradient rises fastest; 0 where the gradient is 0.
  ///
  /// - Precondition: not L0, where it is one pixel's.
  public func steepest(_ gradient: Tensor) -> Tensor {
    precondition(self != .l0, "Norm.steepest: no direction for L0")
    if self == .linf { return gradient.sign() }
    let largest = Norm.linf.perImage(gradient)
    let scaled = gradient / (largest + largest.isZero)
    let length = Norm.l2.perImage(scaled)
    return scaled / (length + length.isZero)
  }

  /// The change, shortened to `radius` (`[N, 1, 1, 1]` or one for all) where it is longer.
  public func projected(_ change: Tensor, to radius: Tensor) -> Tensor {
    precondition(self != .l0, "Norm.projected: not for L0")
    if self == .linf { return Tensor.minimum(Tensor.maximum(change, -radius), radius) }
    let length = Norm.l2.perImage(change)
    // A change that is short enough stays bit for bit: the factor is exactly 1.
    return change * Tensor.minimum(radius / (length + length.isZero), .ones([1, 1, 1, 1]))
  }
}

extension Tensor {
  /// 1 where an element is 0, and 0 elsewhere.
  var isZero: Tensor { sign().absolute().scaled(by: -1, plus: 1) }
}
