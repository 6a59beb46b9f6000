import Pictures

/// A picture as a list of shapes, texts and bitmaps on a canvas; painted in order, later over earlier.
///
/// Lengths are in points (one CSS pixel), the origin is the upper left corner, y grows downwards. The canvas
/// is white. A drawing only says what is to be seen: ``SVG`` and ``Raster`` render it.
public struct Drawing: Sendable, Hashable {
  public var width: Double
  public var height: Double
  /// What the drawing is called where it cannot be seen (screen readers); not painted.
  public var title: String
  public var elements: [Element]

  public init(width: Double, height: Double, title: String = "", elements: [Element] = []) {
    self.width = width
    self.height = height
    self.title = title
    self.elements = elements
  }

  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  public struct Rectangle: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var midX: Double { x + width / 2 }
    public var midY: Double { y + height / 2 }

    /// The rectangle that is larger by `margin` on every side.
    public func expanded(by margin: Double) -> Rectangle {
      Rectangle(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
  }

  public enum Shape: Sendable, Hashable {
    case rectangle(Rectangle, radius: Double = 0)
    case circle(center: Point, radius: Double)
    /// Open: the last point is not joined to the first.
    case polyline([Point])
    /// Closed.
    case polygon([Point])
  }

  public struct Fill: Sendable, Hashable {
    public var color: Color
    /// 0 (nothing) to 1 (covers).
    public var opacity: Double

    public init(_ color: Color, opacity: Double = 1) {
      self.color = color
      self.opacity = opacity
    }
  }

  /// A line with round ends and corners.
  public struct Stroke: Sendable, Hashable {
    public var color: Color
    public var width: Double
    /// Lengths drawn and left out in turn; empty for an unbroken line.
    public var dashes: [Double]

    public init(_ color: Color, width: Double = 1, dashes: [Double] = []) {
      self.color = color
      self.width = width
      self.dashes = dashes
    }
  }

  /// One line of text. Its position is on the baseline.
  public struct Text: Sendable, Hashable {
    public enum Anchor: Sendable, Hashable { case start, middle, end }
    public enum Weight: Sendable, Hashable { case regular, bold }

    public var string: String
    public var position: Point
    public var size: Double
    public var color: Color
    public var anchor: Anchor
    public var weight: Weight
    /// Clockwise about the position.
    public var degrees: Double

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

  public indirect enum Element: Sendable, Hashable {
    case shape(Shape, fill: Fill?, stroke: Stroke?)
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
