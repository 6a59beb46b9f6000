import Autograd

/// A classifier that can bound its logits over a box of images.
public protocol BoundedClassifier: ImageClassifier {
  /// What keeps it from bounding them after all, such as an operation without bounds; nil where nothing does.
  var unbounded: String? { get }

  /// Lower bounds `[N, labels]` of z_y - z_j for every image in the box, with z the logits and y the label; 0
  /// where j = y. The label is certain wherever all others are above 0.
  ///
  /// The bounds hold in exact arithmetic. In Float32 both they and the logits are off by the rounding of
  /// their sums, some 1e-6 of the magnitudes that are added; a certificate passes a `widening` well above
  /// that.
  ///
  /// - Parameters:
  ///   - images: of the shape `[N, H, W, C]`, pixels in [0, 1].
  ///   - labels: N of them.
  ///   - widening: what the features before the last layer are taken to be uncertain by, as a share of their
  ///     size.
  func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor
}

extension BoundedClassifier {
  /// Nothing keeps it from bounding its logits.
  public var unbounded: String? { nil }
}
