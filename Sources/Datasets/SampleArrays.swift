import Files

/// Images and labels out of arrays of whatever form generators leave them in.
extension SampleImages {
  /// Images out of an array of NumPy, and their labels out of another.
  ///
  /// - Parameters:
  ///   - images: of uint8, taken as they are, or floating-point; `[N, H, W]`, `[N, H, W, 1]`, `[N, 1, H, W]`,
  ///     `[N, H, W, 3]` or `[N, 3, H, W]`, or `[N, D]` with the square number D of pixels.
  ///   - labels: integers `[N]` or `[N, 1]`, or one-hot rows `[N, labelCount]`.
  ///   - labelCount: every label is below it.
  ///   - pixelRange: black and white in floating-point images. What lies between becomes the nearest of 256
  ///     bytes; what lies outside is clamped, and counted in ``range`` where that changes its byte.
  ///   - channels: 1 for grey images, which colour becomes; 3 for RGB, which grey becomes.
  ///   - source: how the images are called in tables; the path of the array by default.
  /// - Precondition: the pixel range is finite and not empty.
  /// - Throws: `FileError.malformed(path:expected:found:)` for everything else, for a shape that can be
  ///   read in two ways, for no images at all and for values that are not numbers.
  public init(
    _ images: NPYArray, labels: NPYArray? = nil, labelCount: Int = 10,
    pixelRange: ClosedRange<Double> = 0...1, channels: Int = 1, source: String? = nil
  ) throws(FileError) {
    try self.init(
      images, labels: labels.map(LabelArray.init), names: (0..<labelCount).map(String.init),
      pixelRange: pixelRange, channels: channels, source: source)
  }

  /// The same with labels in any form of ``LabelArray``.
  ///
  /// - Parameter names: what the labels are called.
  package init(
    _ images: NPYArray, labels: LabelArray?, names: [String], pixelRange: ClosedRange<Double> = 0...1,
    channels: Int = 1, source: String? = nil
  ) throws(FileError) {
    let form = try ImageForm(of: images)
    let (values, range) = try Self.bytes(of: images, pixelRange: pixelRange)
    let found = form.isColor ? 3 : 1
    let notes = [range.note, GreyConversion.note(from: found, to: channels)]
    self.init(
      source: source ?? images.path, height: form.height, width: form.width, channels: channels,
      pixels: GreyConversion.pixels(form.interleaved(values), from: found, to: channels),
      labels: try labels.map { labels throws(FileError) in
        try labels.labels(imageCount: images.shape[0], labelCount: names.count, names: names)
      },
      range: range, notes: notes.compactMap { $0 })
  }

  private static func bytes(
    of array: NPYArray, pixelRange: ClosedRange<Double>
  ) throws(FileError) -> ([UInt8], PixelValues) {
    if array.element == .uint8 {
      let bytes = try array.bytes()
      return (bytes, .ofBytes((bytes.min() ?? 0)...(bytes.max() ?? 0), count: bytes.count))
    }
    guard array.element.isFloatingPoint else {
      throw .malformed(
        path: array.path, expected: "images of uint8 or floating-point numbers", found: "\(array.element)")
    }
    let (black, white) = (pixelRange.lowerBound, pixelRange.upperBound)
    precondition(white > black && (white - black).isFinite, "\(pixelRange) is no range of pixels")
    var (least, greatest, clampedCount) = (Double.infinity, -Double.infinity, 0)
    var noNumber: (value: Double, position: Int)?
    var bytes: [UInt8] = []
    bytes.reserveCapacity(array.count)
    try array.forEachDouble { value in
      guard value.isFinite else {
        if noNumber == nil { noNumber = (value, bytes.count) }
        bytes.append(0)
        return
      }
      least = min(least, value)
      greatest = max(greatest, value)
      let place = ((value - black) / (white - black) * 255).rounded()
      let clamped = min(max(place, 0), 255)
      if clamped != place { clampedCount += 1 }
      bytes.append(UInt8(clamped))
    }
    if let (value, position) = noNumber {
      throw .malformed(
        path: array.path, expected: "pixels that are numbers",
        found: "\(value) in image \(position / (array.count / array.shape[0])), at position \(position)")
    }
    let range = PixelValues(
      expected: pixelRange, found: least...greatest, clampedCount: clampedCount, count: bytes.count)
    return (bytes, range)
  }
}
