/// An 8-bit picture: grey (1 channel) or RGB (3 channels), row-major, channels interleaved.
///
/// A plain value: it knows nothing about files or colour spaces, and never changes the contrast of what it
/// is given.
public struct Bitmap: Sendable, Hashable {
  /// Pixels in a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// `height × width × channels` values, row-major.
  public private(set) var pixels: [UInt8]

  /// A picture of the values of its pixels, in the order of ``pixels``.
  ///
  /// - Precondition: `pixels` holds `height × width × channels` values, and `channels` is 1 or 3.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3, "a bitmap has 1 or 3 channels, not \(channels)")
    precondition(width > 0 && height > 0, "a bitmap of \(width)×\(height) pixels is empty")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) values are not a bitmap of \(width)×\(height)×\(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// From values in 0…1, rounded to the nearest of 256 steps; what lies outside (or is not a number) is
  /// clamped, never rescaled.
  ///
  /// - Precondition: as for ``init(width:height:channels:pixels:)``.
  public init(width: Int, height: Int, channels: Int, values: [Float]) {
    let pixels = values.map { value in
      value.isNaN ? 0 : UInt8((min(max(value, 0), 1) * 255).rounded())
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// One colour everywhere; RGB.
  public init(width: Int, height: Int, filledWith color: Color) {
    let pixel = [color.red, color.green, color.blue]
    self.init(
      width: width, height: height, channels: 3,
      pixels: (0..<width * height).flatMap { _ in pixel })
  }

  /// The pixel in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> Color {
    get {
      let start = (y * width + x) * channels
      guard channels == 3 else { return Color(red: pixels[start], green: pixels[start], blue: pixels[start]) }
      return Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
    }
  }

  /// The same picture with three channels.
  public var rgb: Bitmap {
    guard channels == 1 else { return self }
    return Bitmap(width: width, height: height, channels: 3, pixels: pixels.flatMap { [$0, $0, $0] })
  }

  /// Every pixel as a square of `factor` × `factor` equal pixels.
  ///
  /// - Precondition: `factor` ≥ 1.
  public func scaled(by factor: Int) -> Bitmap {
    precondition(factor >= 1, "a bitmap cannot be scaled by \(factor)")
    guard factor > 1 else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count * factor * factor)
    for y in 0..<height {
      var row: [UInt8] = []
      row.reserveCapacity(width * factor * channels)
      for x in 0..<width {
        let start = (y * width + x) * channels
        for _ in 0..<factor { row += pixels[start..<start + channels] }
      }
      for _ in 0..<factor { result += row }
    }
    return Bitmap(width: width * factor, height: height * factor, channels: channels, pixels: result)
  }

  /// The pixels of a rectangle.
  ///
  /// - Precondition: it lies within the picture.
  public func part(x: Int, y: Int, width: Int, height: Int) -> Bitmap {
    precondition(
      x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height,
      "\(width)×\(height) pixels at (\(x), \(y)) are no part of \(self.width)×\(self.height)")
    guard (width, height) != (self.width, self.height) else { return self }
    let rows = (y..<y + height).lazy.map { row in
      let start = (row * self.width + x) * channels
      return pixels[start..<start + width * channels]
    }
    return Bitmap(width: width, height: height, channels: channels, pixels: Array(rows.joined()))
  }

  /// Copies `other`, which has the same channels and fits, to where its upper left pixel is at (`x`, `y`).
  package mutating func place(_ other: Bitmap, x: Int, y: Int) {
    precondition(other.channels == channels, "bitmaps of different channels")
    let rowLength = other.width * channels
    for row in 0..<other.height {
      let target = ((y + row) * width + x) * channels
      let source = row * rowLength
      pixels.replaceSubrange(target..<target + rowLength, with: other.pixels[source..<source + rowLength])
    }
  }
}
