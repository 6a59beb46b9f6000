/// A mask of one's own: which pixels of a set of images may change, one mask for all images or one for each.
///
/// Numbers of 0 and 1, row-major `[H, W]` or `[N, H, W]`; 1 where a pixel may change, in all its channels.
/// Mask i of several belongs to image i: whoever picks images picks their masks by the same indices
/// (``at(_:)``).
public struct PixelMask: Sendable, Equatable {
  /// What it is called in results: the name of its file.
  public let name: String
  /// SHA-256 of its file; empty for a mask that was not read from a file.
  public let sha256: String
  /// `[H, W]`, or `[N, H, W]` for a mask an image.
  public let shape: [Int]
  /// 0 or 1 each, row-major.
  public let pixels: [UInt8]

  /// A mask that is in memory already.
  ///
  /// - Parameter shape: `[H, W]` or `[N, H, W]`.
  /// - Precondition: `pixels` are 0 or 1, and fill the shape.
  public init(_ pixels: [UInt8], shape: [Int], name: String = "", sha256: String = "") {
    precondition(
      (2...3).contains(shape.count) && shape.allSatisfy { $0 >= 0 } && pixels.count == shape.reduce(1, *),
      "PixelMask: \(pixels.count) values for the shape \(shape)")
    precondition(pixels.allSatisfy { $0 <= 1 }, "PixelMask: a value is neither 0 nor 1")
    self.name = name
    self.sha256 = sha256
    self.shape = shape
    self.pixels = pixels
  }

  /// Rows of a mask.
  public var height: Int { shape[shape.count - 2] }
  /// Columns of a mask.
  public var width: Int { shape[shape.count - 1] }
  /// The number of masks, N, where each image has its own; nil for one mask of all images.
  public var count: Int? { shape.count == 3 ? shape[0] : nil }

  /// The values for image `index`, row-major `[H, W]`.
  public func values(at index: Int) -> ArraySlice<UInt8> {
    let size = height * width
    let start = count == nil ? 0 : index * size
    return pixels[start..<start + size]
  }

  /// The masks of the images at `indices`, in that order; a mask of all images stays as it is.
  public func at(_ indices: [Int]) -> PixelMask {
    guard count != nil else { return self }
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.count * height * width)
    for index in indices { chosen += values(at: index) }
    return PixelMask(chosen, shape: [indices.count, height, width], name: name, sha256: sha256)
  }

  /// The masks of the first `n` images, or all of them where there are fewer.
  public func prefix(_ n: Int) -> PixelMask { n >= count ?? 0 ? self : at(Array(0..<n)) }

  /// How many images have a mask of zeros alone, so that nothing in them may change.
  public var closedCount: Int {
    guard let count else { return 0 }
    return (0..<count).count { !values(at: $0).contains(1) }
  }
}
