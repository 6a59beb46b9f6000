import Pictures

/// How a picture of any size becomes an image of one size: a square of grey or of RGB.
public struct PictureFitting: Sendable, Equatable {
  /// What becomes of a picture that is not square.
  public enum Fit: String, Sendable, CaseIterable {
    /// The middle of the picture, as large a square as there is, resized.
    case crop
    /// The whole picture, resized, with the background beside it.
    case pad
  }

  /// Whether a picture that is not square is cropped or padded.
  public var fit: Fit
  /// Rows and columns of an image.
  public var size: Int
  /// What transparency is laid over, and what is beside a padded picture.
  public var background: Color
  /// Whether colour becomes grey (``GreyConversion``); else grey becomes RGB.
  public var isGrey: Bool

  /// A fitting; by default to 28×28 RGB pixels.
  ///
  /// - Precondition: `size` is at least 1.
  public init(_ fit: Fit = .crop, size: Int = 28, background: Color = .black, isGrey: Bool = false) {
    precondition(size >= 1, "PictureFitting: images of \(size)×\(size)")
    self.fit = fit
    self.size = size
    self.background = background
    self.isGrey = isGrey
  }

  /// Values of a pixel.
  public var channels: Int { isGrey ? 1 : 3 }
  var valuesPerImage: Int { size * size * channels }

  /// What is done, in words that change with the result.
  package var note: String {
    let shape = "\(size)×\(size) \(isGrey ? "grey" : "RGB")"
    let background = "background #" + String(0x1000000 | background.hex, radix: 16).dropFirst()
    return (fit == .crop ? "the middle square" : "padded") + ", resized to \(shape) "
      + "(\(ResizingFilter.bilinear), antialiased, as Pillow's), \(background)"
  }

  /// - Returns: the image, `[size, size, channels]`.
  package func callAsFunction(_ bitmap: Bitmap) -> [UInt8] {
    switch fit {
    case .crop:
      let side = min(bitmap.width, bitmap.height)
      let square = bitmap.part(
        x: (bitmap.width - side) / 2, y: (bitmap.height - side) / 2, width: side, height: side)
      return resized(square, height: size, width: size)
    case .pad:
      let longer = max(bitmap.width, bitmap.height)
      func scaled(_ side: Int) -> Int { max(1, (side * size * 2 + longer) / (longer * 2)) }
      let (height, width) = (scaled(bitmap.height), scaled(bitmap.width))
      let inner = resized(bitmap, height: height, width: width)
      var image = Array(repeatElement(paper, count: size * size).joined())
      let (top, left, rowLength) = ((size - height) / 2, (size - width) / 2, width * channels)
      for row in 0..<height {
        let start = ((top + row) * size + left) * channels
        image.replaceSubrange(start..<start + rowLength, with: inner[row * rowLength..<(row + 1) * rowLength])
      }
      return image
    }
  }

  /// Resized in as few channels as will do: colour is made grey before, grey is repeated behind.
  private func resized(_ bitmap: Bitmap, height: Int, width: Int) -> [UInt8] {
    let fewest = min(bitmap.channels, channels)
    let resize = ImageResizing(
      from: (bitmap.height, bitmap.width), to: (height, width), channels: fewest)
    let pixels = GreyConversion.pixels(bitmap.pixels, from: bitmap.channels, to: fewest)
    return GreyConversion.pixels(resize(pixels), from: fewest, to: channels)
  }

  /// The background's values of a pixel.
  private var paper: [UInt8] {
    GreyConversion.pixels([background.red, background.green, background.blue], from: 3, to: channels)
  }
}
