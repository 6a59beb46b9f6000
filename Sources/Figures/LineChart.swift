import Pictures

/// Curves over a common x axis, with interval bands and single measured points: accuracy against the size of
/// a perturbation, loss against the step.
///
/// A value; ``drawing`` lays it out and ``TerminalChart`` draws it in characters. Points that are not finite
/// leave a gap, what lies outside a given axis range is cut off. Does no statistics: intervals are given.
public struct LineChart: Sendable, Hashable {
  /// A point of a curve, or one that stands alone.
  public struct Point: Sendable, Hashable {
    /// In the units of the x axis.
    public var x: Double
    /// In the units of the y axis.
    public var y: Double
    /// Lower and upper bound of `y`, in its units.
    public var interval: ClosedRange<Double>?

    /// A point, with an interval where it has one.
    public init(_ x: Double, _ y: Double, interval: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// How the points of a series are drawn.
  public enum Style: Sendable, Hashable {
    /// Joined by an unbroken line; intervals become a band.
    case solid
    /// Joined by a dashed line; intervals become a band.
    case dashed
    /// Unjoined points, such as values that somebody else published; intervals become error bars.
    case markers
  }

  /// Points that belong together, in one colour.
  public struct Series: Sendable, Hashable {
    /// Stands in the legend; a series without a name is left out of it.
    public var name: String
    /// In the order in which they are joined.
    public var points: [Point]
    /// Whether and how the points are joined.
    public var style: Style
    /// Without it, the palette's next one.
    public var color: Color?

    /// A series; one with an empty name is left out of the legend.
    public init(_ name: String, _ points: [Point], style: Style = .solid, color: Color? = nil) {
      self.name = name
      self.points = points
      self.style = style
      self.color = color
    }
  }

  /// The heading; left out where it is empty.
  public var title: String
  /// A line under the title; empty for none.
  public var subtitle: String
  /// The axis at the bottom; by default it reaches from the least to the largest value.
  public var x: Axis
  /// The axis at the left; by default it grows to the next ticks beyond values and intervals.
  public var y: Axis
  /// Drawn in order, later over earlier.
  public var series: [Series]
  /// Lines under the chart, each wrapped where it is too long.
  public var footnotes: [String]
  /// Of the whole drawing, in points.
  public var width: Double
  /// Of the area inside the axes, in points; the drawing is as high as its texts and legend need.
  public var plotHeight: Double

  /// A chart 760 points wide, unless told otherwise; nothing is laid out yet.
  public init(
    title: String, subtitle: String = "", x: Axis, y: Axis, series: [Series], footnotes: [String] = [],
    width: Double = 760, plotHeight: Double = 380
  ) {
    self.title = title
    self.subtitle = subtitle
    self.x = x
    self.y = y
    self.series = series
    self.footnotes = footnotes
    self.width = width
    self.plotHeight = plotHeight
  }

  /// The colour of the `index`-th series: its own, or the palette's.
  package func color(ofSeries index: Int) -> Color { series[index].color ?? Palette.color(index) }

  /// - Parameter count: the most ticks that have room.
  package func xScale(ticks count: Int) -> Scale {
    x.scale(for: series.flatMap { $0.points.map(\.x) }, ticks: count, expands: false)
  }

  /// - Parameter count: the most ticks that have room.
  package func yScale(ticks count: Int) -> Scale {
    let values = series.flatMap { series in
      series.points.flatMap { point in
        [point.y] + (point.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
      }
    }
    return y.scale(for: values, ticks: count, expands: true)
  }
}
