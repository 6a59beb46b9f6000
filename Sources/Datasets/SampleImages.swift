/// Images to be judged, as bytes: what a PNG of each would hold.
///
/// Grey or RGB, all of one size, with a label each or with none. Made from arrays by
/// ``init(_:labels:labelCount:pixelRange:channels:source:)``; reading folders and finding arrays in files is
/// the business of those who call. At least one image.
public struct SampleImages: Sendable, Equatable {
  /// How the images are called in tables: where they came from.
  public let source: String
  /// Rows of an image.
  public let height: Int
  /// Columns of an image.
  public let width: Int
  /// Values of a pixel: 1 for grey, 3 for RGB.
  public let channels: Int
  /// Row-major `[N, H, W, C]`; 0 is black.
  public let pixels: [UInt8]
  /// `[N]`: what each image is meant to show, where that is known.
  public let labels: [Int]?
  /// The values that the images had before they became bytes.
  public let range: PixelValues
  /// What was done to the images on the way, in words.
  public let notes: [String]

  /// Images that are bytes already.
  ///
  /// - Precondition: the pixels fill at least one image, and there is a label for each or none.
  public init(
    source: String, height: Int, width: Int, channels: Int = 1, pixels: [UInt8], labels: [Int]? = nil,
    range: PixelValues, notes: [String] = []
  ) {
    let size = height * width * channels
    precondition(
      min(height, width, channels) > 0 && !pixels.isEmpty && pixels.count.isMultiple(of: size),
      "\(pixels.count) values are no images of \(height)×\(width)×\(channels)")
    precondition(
      labels.map { $0.count == pixels.count / size } ?? true,
      "\(labels?.count ?? 0) labels for \(pixels.count / size) images")
    self.source = source
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.range = range
    self.notes = notes
  }

  /// The number of values of one image, H · W · C.
  public var valuesPerImage: Int { height * width * channels }

  /// The number of images, N.
  public var count: Int { pixels.count / valuesPerImage }

  /// `[N, H, W]`, of RGB `[N, H, W, 3]`.
  public var shape: [Int] { [count, height, width] + (channels == 1 ? [] : [channels]) }

  /// The same images in another size, with a note of it; themselves where they have that size.
  ///
  /// - Precondition: the size is at least 1×1.
  public func resized(
    height newHeight: Int, width newWidth: Int, filter: ResizingFilter = .bilinear
  ) -> SampleImages {
    guard newHeight != height || newWidth != width else { return self }
    let resize = ImageResizing(
      from: (height, width), to: (newHeight, newWidth), channels: channels, filter: filter)
    return SampleImages(
      source: source, height: newHeight, width: newWidth, channels: channels, pixels: resize(pixels),
      labels: labels,
      range: range, notes: notes + [resize.note])
  }
}
