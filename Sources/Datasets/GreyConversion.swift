/// Colour images made grey, as Pillow's `convert("L")` does it.
public enum GreyConversion {
  /// What it does to images, for a person.
  public static let note = "colour converted to grey (ITU-R 601)"

  /// What was done to pixels of `found` values, for a person; nil for nothing.
  package static func note(from found: Int, to channels: Int) -> String? {
    switch (found, channels) {
    case (3, 1): note
    case (1, 3): "grey written as colour"
    default: nil
    }
  }

  /// Pixels of the channels that are wanted: colour made grey, or grey repeated.
  package static func pixels(_ pixels: [UInt8], from found: Int, to channels: Int) -> [UInt8] {
    switch (found, channels) {
    case (3, 1): luma(pixels)
    case (1, 3): pixels.flatMap { [$0, $0, $0] }
    default: pixels
    }
  }

  /// The luma of ITU-R 601, 0.299 red + 0.587 green + 0.114 blue, in multiples of 2⁻¹⁶, rounded. Grey stays
  /// what it is.
  ///
  /// - Parameter pixels: `[…, 3]`, red, green and blue of each pixel.
  /// - Returns: `[…]`.
  /// - Precondition: `pixels` holds a multiple of three values.
  public static func luma(_ pixels: [UInt8]) -> [UInt8] {
    precondition(pixels.count.isMultiple(of: 3), "\(pixels.count) values are no pixels of three")
    return stride(from: 0, to: pixels.count, by: 3).map { start in
      let (red, green, blue) = (Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
      return UInt8((19595 * red + 38470 * green + 7471 * blue + (1 << 15)) >> 16)
    }
  }
}
