import Pictures

/// A picture as a list of shapes, texts and bitmaps on a canvas; painted in order, later over earlier.
///
/// Lengths are in points (one CSS pixel), the origin is the upper left corner, y grows downwards. The canvas
/// is white. A drawing only says what is to be seen: ``SVG`` and ``Raster`` render it.
public struct Drawing: Sendable, Hashable {
  /// Of the canvas, in points.
  public var width: Double
  /// Of the canvas, in points.
  public var height: Double
  /// What the drawing is called where it cannot be seen (screen readers); not painted.
  public var title: String
  /// In the order in which they are painted.
  public var elements: [Element]

  /// An empty canvas, or one with elements; what lies outside it is not seen.
  public init(width: Double, height: Double, title: String = "", elements: [Element] = []) {
    self.width = width
    self.height = height
    self.title = title
    self.elements = elements
  }

  /// A place on the canvas.
  public struct Point: Sendable, Hashable {
    /// Points to the right of the left edge.
    public var x: Double
    /// Points below the upper edge.
    public var y: Double

    /// The place at these coordinates.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// An upright rectangle on the canvas.
  public struct Rectangle: Sendable, Hashable {
    /// The left edge.
    public var x: Double
    /// The upper edge.
    public var y: Double
    /// In points.
    public var width: Double
    /// In points.
    public var height: Double

    /// The rectangle with this upper left corner and size.
    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    /// The right edge.
    public var maxX: Double { x + width }
    /// The lower edge.
    public var maxY: Double { y + height }
    /// Halfway between the left and the right edge.
    public var midX: Double { x + width / 2 }
    /// Halfway between the upper and the lower edge.
    public var midY: Double { y + height / 2 }

    /// The rectangle that is larger by `margin` on every side.
    public func expanded(by margin: Double) -> Rectangle {
      Rectangle(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
  }

  /// An outline that can be filled, stroked or both.
  public enum Shape: Sendable, Hashable {
    /// Upright, with corners rounded by the radius in points; 0 leaves them sharp.
    case rectangle(Rectangle, radius: Double = 0)
    /// A circle; the radius is in points.
    case circle(center: Point, radius: Double)
    /// Open: the last point is not joined to the first.
    case polyline([Point])
    /// Closed.
    case polygon([Point])
  }

  /// What covers the inside of a shape.
  public struct Fill: Sendable, Hashable {
    /// The colour that is laid over what was painted before.
    public var color: Color
    /// 0 (nothing) to 1 (covers).
    public var opacity: Double

    /// A fill that covers what is below it, unless its opacity is less than 1.
    public init(_ color: Color, opacity: Double = 1) {
      self.color = color
      self.opacity = opacity
    }
  }

  /// A line with round ends and corners.
  public struct Stroke: Sendable, Hashable {
    /// The line's colour; it covers what is below it.
    public var color: Color
    /// In points.
    public var width: Double
    /// Lengths drawn and left out in turn; empty for an unbroken line.
    public var dashes: [Double]

    /// An unbroken line of one point, unless told otherwise.
    public init(_ color: Color, width: Double = 1, dashes: [Double] = []) {
      self.color = color
      self.width = width
      self.dashes = dashes
    }
  }

  /// One line of text. Its position is on the baseline.
  public struct Text: Sendable, Hashable {
    /// Which part of the text stands at its position.
    public enum Anchor: Sendable, Hashable {
      /// The text begins there.
      case start
      /// The middle of the text is there.
      case middle
      /// The text ends there.
      case end
    }

    /// How heavy the letters are.
    public enum Weight: Sendable, Hashable {
      /// As running text.
      case regular
      /// As headings.
      case bold
    }

    /// What is written; it is not wrapped.
    public var string: String
    /// Where the anchor is, on the baseline.
    public var position: Point
    /// Of the font, in points.
    public var size: Double
    /// The colour of the letters.
    public var color: Color
    /// Which part of the text stands at the position.
    public var anchor: Anchor
    /// How heavy the letters are.
    public var weight: Weight
    /// Clockwise about the position.
    public var degrees: Double

    /// An upright line of text that begins at the position, unless told otherwise.
    public init(
      _ string: String, at position: Point, size: Double, color: Color, anchor: Anchor = .start,
      weight: Weight = .regular, degrees: Double = 0
    ) {
      self.string = string
      self.position = position
      self.size = size
      self.color = color
      self.anchor = anchor
      self.weight = weight
      self.degrees = degrees
    }
  }

  /// One thing that is painted.
  public indirect enum Element: Sendable, Hashable {
    /// A shape; without fill and stroke nothing is seen of it.
    case shape(Shape, fill: Fill?, stroke: Stroke?)
    /// A line of text.
    case text(Text)
    /// Stretched to the rectangle without smoothing.
    case bitmap(Bitmap, in: Rectangle)
    /// Only the part inside the rectangle is painted.
    case clipped([Element], to: Rectangle)
  }
}

extension Drawing {
  mutating func fill(_ shape: Shape, _ color: Color, opacity: Double = 1) {
    elements.append(.shape(shape, fill: Fill(color, opacity: opacity), stroke: nil))
  }

  mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
    elements.append(.shape(.polyline([start, end]), fill: nil, stroke: stroke))
  }

  mutating func text(
    _ string: String, at position: Point, size: Double, color: Color, anchor: Text.Anchor = .start,
    weight: Text.Weight = .regular, degrees: Double = 0
  ) {
    guard !string.isEmpty else { return }
    elements.append(
      .text(
        Text(
          string, at: position, size: size, color: color, anchor: anchor, weight: weight, degrees: degrees)))
  }
}
