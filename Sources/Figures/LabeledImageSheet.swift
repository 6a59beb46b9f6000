import Pictures

/// Rows of pictures with a label before each: examples of every class of a data set.
///
/// Pictures are magnified by a whole number and not otherwise changed. Rows may differ in length.
public struct LabeledImageSheet: Sendable, Hashable {
  /// The pictures of one label.
  public struct Row: Sendable, Hashable {
    /// What stands before the pictures.
    public var label: String
    /// From left to right.
    public var images: [Bitmap]

    /// A row of pictures, which may differ in size.
    public init(_ label: String, _ images: [Bitmap]) {
      self.label = label
      self.images = images
    }
  }

  /// The heading; left out where it is empty.
  public var title: String
  /// A line under the title; left out where it is empty.
  public var subtitle: String
  /// From top to bottom.
  public var rows: [Row]
  /// Points a pixel, at least 1.
  public var scale: Int
  /// Lines under the rows, each wrapped where it is too long.
  public var footnotes: [String]

  /// A sheet that shows each pixel as two points square, unless told otherwise.
  ///
  /// - Precondition: `scale` ≥ 1.
  public init(title: String, subtitle: String = "", rows: [Row], scale: Int = 2, footnotes: [String] = []) {
    precondition(scale >= 1, "an image sheet needs a scale of at least 1")
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.scale = scale
    self.footnotes = footnotes
  }

  /// The sheet laid out; as wide as its longest row needs.
  public var drawing: Drawing {
    let (size, gap) = (13.0, 5.0)
    let left = (Page.margin + TextMetrics.widest(rows.map(\.label), size: size) + 14).rounded(.up)
    let widths = rows.map { row in row.images.reduce(0) { $0 + Double($1.width * scale) + gap } - gap }
    let width = left + max(widths.max() ?? 0, 120) + Page.margin

    var page = Page(width: width, title: title, subtitle: subtitle)
    page.bottom.round()
    for row in rows {
      let height = max(size * 1.5, Double((row.images.map(\.height).max() ?? 0) * scale))
      page.drawing.text(
        row.label, at: .init(left - 14, page.bottom + height / 2 + 0.36 * size), size: size,
        color: Palette.ink, anchor: .end)
      var x = left
      for image in row.images {
        let box = Drawing.Rectangle(
          x: x, y: page.bottom, width: Double(image.width * scale), height: Double(image.height * scale))
        page.drawing.elements.append(.bitmap(image, in: box))
        x = box.maxX + gap
      }
      page.bottom += height + gap
    }
    return page.finished(footnotes: footnotes)
  }
}
