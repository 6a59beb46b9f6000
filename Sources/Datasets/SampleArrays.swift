import Files

/// Images and labels out of arrays of whatever form generators leave them in.
extension SampleImages {
  /// - Parameters:
  ///   - images: of uint8, taken as they are, or floating-point; `[N, H, W]`, `[N, H, W, 1]`, `[N, 1, H, W]`,
  ///     `[N, H, W, 3]`, which becomes grey, or `[N, D]` with the square number D of pixels.
  ///   - labels: integers `[N]` or `[N, 1]`.
  ///   - labelCount: every label is below it.
  ///   - pixelRange: black and white in floating-point images. What lies between becomes the nearest of 256
  ///     bytes; what lies outside is clamped, and counted in ``range`` where that changes its byte.
  ///   - source: how the images are called in tables; the path of the array by default.
  /// - Precondition: the pixel range is finite and not empty.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for everything else, for a shape that can be read
  ///   in two ways, for no images at all and for values that are not numbers.
  public init(
    _ images: NPYArray, labels: NPYArray? = nil, labelCount: Int = 10,
    pixelRange: ClosedRange<Double> = 0...1, source: String? = nil
  ) throws(FileError) {
    let form = try ImageForm(of: images)
    let (values, range) = try Self.bytes(of: images, pixelRange: pixelRange)
    let notes = [range.note, form.isColor ? GreyConversion.note : nil]
    self.init(
      source: source ?? images.path, height: form.height, width: form.width,
      pixels: form.isColor ? GreyConversion.luma(values) : values,
      labels: try labels.map { labels throws(FileError) in
        try Self.labels(labels, imageCount: images.shape[0], labelCount: labelCount)
      },
      range: range, notes: notes.compactMap { $0 })
  }

  /// The labels in an array, checked.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for all but `imageCount` integers in
  ///   `0..<labelCount`, as `[N]` or `[N, 1]`.
  public static func labels(
    _ array: NPYArray, imageCount: Int, labelCount: Int
  ) throws(FileError) -> [Int] {
    guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
      let isOneHot = array.shape.count == 2 && array.shape[1] == labelCount
      throw .malformed(
        path: array.path, expected: "labels of the shape [N] or [N, 1]",
        found: "\(array.shape)" + (isOneHot ? ", which looks one-hot: save its argmax" : ""))
    }
    guard array.count == imageCount else {
      throw .malformed(
        path: array.path, expected: "\(imageCount) labels, one for each image", found: "\(array.count)")
    }
    let labels = try array.integers()
    if let index = labels.firstIndex(where: { !(0..<labelCount).contains($0) }) {
      throw .malformed(
        path: array.path, expected: "labels from 0 to \(labelCount - 1)",
        found: "\(labels[index]) at position \(index)")
    }
    return labels
  }

  private static func bytes(
    of array: NPYArray, pixelRange: ClosedRange<Double>
  ) throws(FileError) -> ([UInt8], PixelRange) {
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
    let range = PixelRange(
      expected: pixelRange, found: least...greatest, clampedCount: clampedCount, count: bytes.count)
    return (bytes, range)
  }
}

/// How the pixels of an array make images. In every form that is read they come image by image and row by row.
private struct ImageForm: Hashable {
  let height: Int
  let width: Int
  let isColor: Bool

  init(of array: NPYArray) throws(FileError) {
    let shape = array.shape
    guard shape.isEmpty || !shape.contains(0) else {
      throw .malformed(path: array.path, expected: "at least one image", found: "the shape \(shape)")
    }
    let forms = Self.forms(of: shape)
    guard forms.count == 1, let form = forms.first else {
      throw .malformed(
        path: array.path,
        expected: "images [N, H, W], [N, H, W, 1], [N, 1, H, W], [N, H, W, 3] or [N, square number]",
        found: "\(shape)" + (forms.isEmpty ? "" : ", which can be read in two ways"))
    }
    self = form
  }

  private init(_ height: Int, _ width: Int, isColor: Bool = false) {
    self.height = height
    self.width = width
    self.isColor = isColor
  }

  /// All ways to read the shape.
  private static func forms(of shape: [Int]) -> Set<ImageForm> {
    switch shape.count {
    case 2:
      let side = Int(Double(shape[1]).squareRoot())
      return side * side == shape[1] ? [ImageForm(side, side)] : []
    case 3: return [ImageForm(shape[1], shape[2])]
    case 4:
      var forms: Set<ImageForm> = []
      if shape[3] == 1 { forms.insert(ImageForm(shape[1], shape[2])) }
      if shape[1] == 1 { forms.insert(ImageForm(shape[2], shape[3])) }
      if shape[3] == 3 { forms.insert(ImageForm(shape[1], shape[2], isColor: true)) }
      return forms
    default: return []
    }
  }
}
