import Autograd
import Datasets

/// The pixels of a set of images that may change, under an attack or within a certificate: those of a
/// region, or of a mask of one's own.
///
/// Where image i may change at row y and column x, m is 1, else 0:
///
/// | case | m[i, y, x] |
/// |---|---|
/// | everywhere | 1 |
/// | brighter than t | 1 where x[i, y, x, c] > t in any channel c of the clean image |
/// | mask | mask[i, y, x], or mask[y, x] for all images |
///
/// All channels of a pixel may change, or none. Masks belong to the images of one set by their indices:
/// whoever picks images takes ``at(_:)`` of the same indices.
public enum FreePixels: Sendable, Equatable {
  /// All pixels.
  case everywhere
  /// The pixels that are above this in the clean image, in any channel; pixels in [0, 1].
  case brighter(than: Double)
  /// The pixels where a mask is 1.
  case mask(PixelMask)

  /// The pixels that are brighter than black.
  public static let foreground = FreePixels.brighter(than: 0)

  /// Those of a region.
  ///
  /// - Parameters:
  ///   - region: which of the two.
  ///   - threshold: a pixel belongs to the foreground where it is above this; pixels in [0, 1].
  public init(_ region: Region, threshold: Double = 0) {
    switch region {
    case .everywhere: self = .everywhere
    case .foreground: self = .brighter(than: threshold)
    }
  }

  /// As results call them: `everywhere`, `foreground` or `mask`.
  public var name: String {
    switch self {
    case .everywhere: Region.everywhere.rawValue
    case .brighter: Region.foreground.rawValue
    case .mask: "mask"
    }
  }

  /// What pixels of the foreground are above, where that is not black.
  public var threshold: Double? {
    if case .brighter(let threshold) = self, threshold > 0 { threshold } else { nil }
  }

  /// The mask of one's own, where there is one.
  public var ownMask: PixelMask? { if case .mask(let mask) = self { mask } else { nil } }

  /// 1 where a pixel may change, 0 elsewhere, of the shape of `clean`; nil where all may.
  ///
  /// Computed once from the clean images, as ``Region/mask(of:threshold:)``.
  ///
  /// - Parameters:
  ///   - clean: `[n, H, W, C]`, pixels in [0, 1].
  ///   - indices: where these images stand in the set.
  public func mask(of clean: Tensor, at indices: [Int]) -> Tensor? {
    precondition(
      clean.rank == 4 && clean.shape[0] == indices.count,
      "FreePixels.mask: \(indices.count) indices of images \(clean.shape)")
    switch self {
    case .everywhere: return nil
    case .brighter(let threshold): return Region.foreground.mask(of: clean, threshold: Float(threshold))
    case .mask(let mask):
      precondition(
        [mask.height, mask.width] == Array(clean.shape[1...2])
          && indices.allSatisfy { (0..<(mask.count ?? .max)).contains($0) },
        "FreePixels.mask: masks \(mask.shape) for images \(clean.shape)")
      let values = indices.flatMap { index in mask.values(at: index).map { Float($0) } }
      return Tensor(values, shape: [indices.count, mask.height, mask.width, 1]).broadcast(to: clean.shape)
    }
  }

  /// Whether they are given for images of a shape `[N, H, W, C]`: a mask has their size, and there is one for
  /// each of them or one for all.
  public func fits(_ shape: [Int]) -> Bool {
    guard let ownMask else { return true }
    return shape.count == 4 && [ownMask.height, ownMask.width] == Array(shape[1...2])
      && ownMask.count ?? shape[0] == shape[0]
  }

  /// Those of the images at `indices`, in that order.
  public func at(_ indices: [Int]) -> FreePixels { ownMask.map { .mask($0.at(indices)) } ?? self }

  /// Those of the first `n` images.
  public func prefix(_ n: Int) -> FreePixels { ownMask.map { .mask($0.prefix(n)) } ?? self }
}
