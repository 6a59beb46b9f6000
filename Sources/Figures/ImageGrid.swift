import Pictures

/// Tiles pictures of one size into one picture, row by row.
///
/// Shows the pixels as they are: scaled by whole numbers only, never stretched in contrast.
public struct ImageGrid: Sendable, Hashable {
  /// Pictures in a row, at least 1.
  public var columns: Int
  /// Pixels between neighbours and around the whole, at least 0.
  public var spacing: Int
  /// How many pixels wide a pixel becomes, at least 1.
  public var scale: Int
  /// What shows between the pictures.
  public var background: Color

  /// A way to tile pictures; ``bitmap(of:)`` does it.
  ///
  /// - Precondition: `columns` ≥ 1, `spacing` ≥ 0, `scale` ≥ 1.
  public init(columns: Int, spacing: Int = 2, scale: Int = 1, background: Color = .white) {
    precondition(columns >= 1 && spacing >= 0 && scale >= 1, "an image grid needs columns and a scale")
    self.columns = columns
    self.spacing = spacing
    self.scale = scale
    self.background = background
  }

  /// All `images` in one; RGB. Places that are left over in the last row keep the background.
  ///
  /// - Precondition: there is at least one image, and all have the same width and height.
  public func bitmap(of images: [Bitmap]) -> Bitmap {
    precondition(!images.isEmpty, "an image grid of no images")
    let (tileWidth, tileHeight) = (images[0].width, images[0].height)
    precondition(
      images.allSatisfy { $0.width == tileWidth && $0.height == tileHeight },
      "the images of a grid must have one size")

    let usedColumns = min(columns, images.count)
    let rows = (images.count + columns - 1) / columns
    let (stepX, stepY) = (tileWidth * scale + spacing, tileHeight * scale + spacing)
    var result = Bitmap(
      width: usedColumns * stepX + spacing, height: rows * stepY + spacing, filledWith: background)
    for (index, image) in images.enumerated() {
      result.place(
        image.rgb.scaled(by: scale),
        x: spacing + index % columns * stepX,
        y: spacing + index / columns * stepY)
    }
    return result
  }
}
