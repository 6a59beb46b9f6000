import Autograd

/// Which pixels may change: under an attack, and within a certificate.
public enum Region: String, CaseIterable, Codable, Sendable {
  /// The pixels that are brighter than black in the clean image, in any channel.
  case foreground
  /// All pixels.
  case everywhere

  /// 1 where a pixel may change, 0 elsewhere, of the shape of `clean`.
  ///
  /// Computed once from the clean image; it does not follow the attacked one, or pixels that an attack
  /// brightens would join it.
  ///
  /// - Parameters:
  ///   - clean: `[N, H, W, C]`, pixels in [0, 1].
  ///   - threshold: a pixel belongs to the foreground where it is above this in any channel; in [0, 1].
  public func mask(of clean: Tensor, threshold: Float = 0) -> Tensor {
    switch self {
    case .everywhere: .ones(clean.shape)
    case .foreground:
      (clean - threshold).relu().sum(axes: [clean.shape.count - 1], keepDimensions: true).sign()
        .broadcast(to: clean.shape)
    }
  }
}
