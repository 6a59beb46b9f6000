import Autograd

/// A box of tensors: every x with |x - center| ≤ radius in each element.
///
/// The form in which interval bound propagation carries its bounds (Gowal et al., "On the effectiveness of
/// interval bound propagation for training verifiably robust models", arXiv 1810.12715, §3.2; Mirman et al.,
/// ICML 2018): an affine map acts on the center by its weights and on the radius by their magnitudes.
public struct Interval {
  /// The middle of the box, of any shape.
  public let center: Tensor
  /// Of the shape of ``center``, 0 or more in every element.
  public let radius: Tensor

  /// The box around `center`.
  ///
  /// - Precondition: both have the same shape.
  public init(center: Tensor, radius: Tensor) {
    precondition(center.shape == radius.shape, "Interval: center \(center.shape), radius \(radius.shape)")
    self.center = center
    self.radius = radius
  }

  /// The box between two of its corners, of the same shape.
  ///
  /// - Parameters:
  ///   - lower: the least values.
  ///   - upper: the greatest values, nowhere below `lower`.
  public init(lower: Tensor, upper: Tensor) {
    self.init(center: (lower + upper) * 0.5, radius: (upper - lower) * 0.5)
  }

  /// Every image that differs from a clean one by at most `reach` and has its pixels in [0, 1].
  ///
  /// - Parameters:
  ///   - clean: `[N, H, W, C]`, pixels in [0, 1].
  ///   - reach: 0 or more, of the shape of `clean` or one that repeats to it.
  public init(around clean: Tensor, reach: Tensor) {
    self.init(lower: (clean - reach).clamped(to: 0...1), upper: (clean + reach).clamped(to: 0...1))
  }

  /// The least value of each element in the box.
  public var lower: Tensor { center - radius }
  /// The greatest value of each element in the box.
  public var upper: Tensor { center + radius }

  /// Under a linear map without negative weights, such as a mean or a change of shape.
  package func mappedByParts(_ map: (Tensor) -> Tensor) -> Interval {
    Interval(center: map(center), radius: map(radius))
  }

  /// Under a map that does not decrease in any element.
  package func mappedByEnds(_ map: (Tensor) -> Tensor) -> Interval {
    Interval(lower: map(lower), upper: map(upper))
  }

  /// Under x ↦ activation(linear(x, weight) + bias).
  ///
  /// - Parameter linear: a product or a convolution, with `bias` added where it is not nil.
  package func mapped(
    weight: Tensor, bias: Tensor?, activation: Activation,
    by linear: (_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor
  ) -> Interval {
    let image = Interval(
      center: linear(center, weight, bias), radius: linear(radius, weight.absolute(), nil))
    return activation == .identity ? image : image.mappedByEnds { $0.activated(activation) }
  }
}

extension Region {
  /// Every image that differs from a clean one by at most `epsilon` in the pixels of this region and has its
  /// pixels in [0, 1]. Elsewhere, and for ε = 0, the box has no width.
  ///
  /// - Parameters:
  ///   - clean: `[N, H, W, C]`, pixels in [0, 1].
  ///   - epsilon: in units of the pixel range [0, 1]: one number, or one an image as `[N, 1, 1, 1]`.
  public func box(around clean: Tensor, epsilon: Tensor) -> Interval {
    Interval(around: clean, reach: mask(of: clean) * epsilon)
  }
}
