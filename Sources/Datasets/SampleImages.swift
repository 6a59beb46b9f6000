/// Images to be judged, as bytes: what a PNG of each would hold.
///
/// Grey, all of one size, with a label each or with none. Made from arrays by
/// ``init(_:labels:labelCount:pixelRange:source:)``; reading folders and finding arrays in files is the
/// business of those who call. At least one image.
public struct SampleImages: Sendable, Equatable {
  /// How the images are called in tables: where they came from.
  public let source: String
  public let height: Int
  public let width: Int
  /// Row-major `[N, H, W]`; 0 is black.
  public let pixels: [UInt8]
  /// `[N]`: what each image is meant to show, where that is known.
  public let labels: [Int]?
  /// The values that the images had before they became bytes.
  public let range: PixelValues
  /// What was done to the images on the way, in words.
  public let notes: [String]

  /// - Precondition: the pixels fill at least one image, and there is a label for each or none.
  public init(
    source: String, height: Int, width: Int, pixels: [UInt8], labels: [Int]? = nil, range: PixelValues,
    notes: [String] = []
  ) {
    precondition(
      height > 0 && width > 0 && !pixels.isEmpty && pixels.count.isMultiple(of: height * width),
      "\(pixels.count) pixels are no images of \(height)×\(width)")
    precondition(
      labels.map { $0.count == pixels.count / (height * width) } ?? true,
      "\(labels?.count ?? 0) labels for \(pixels.count / (height * width)) images")
    self.source = source
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
    self.range = range
    self.notes = notes
  }

  /// The number of images, N.
  public var count: Int { pixels.count / (height * width) }

  /// `[N, H, W]`.
  public var shape: [Int] { [count, height, width] }

  /// The same images in another size, with a note of it; themselves where they have that size.
  ///
  /// - Precondition: the size is at least 1×1.
  public func resized(
    height newHeight: Int, width newWidth: Int, filter: ResizingFilter = .bilinear
  ) -> SampleImages {
    guard newHeight != height || newWidth != width else { return self }
    let resize = ImageResizing(from: (height, width), to: (newHeight, newWidth), filter: filter)
    return SampleImages(
      source: source, height: newHeight, width: newWidth, pixels: resize(pixels), labels: labels,
      range: range, notes: notes + [resize.note])
  }
}
