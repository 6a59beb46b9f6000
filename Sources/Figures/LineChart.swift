import Pictures

/// Curves over a common x axis, with interval bands and single measured points: accuracy against the size of
/// a perturbation, loss against the step.
///
/// A value; ``drawing`` lays it out and ``TerminalChart`` draws it in characters. Points that are not finite
/// leave a gap, what lies outside a given axis range is cut off. Does no statistics: intervals are given.
public struct LineChart: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double
    /// Lower and upper bound of `y`, in its units.
    public var interval: ClosedRange<Double>?

    public init(_ x: Double, _ y: Double, interval: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  public enum Style: Sendable, Hashable {
    case solid
    case dashed
    /// Unjoined points, such as values that somebody else published; intervals become error bars.
    case markers
  }

  public struct Series: Sendable, Hashable {
    /// Stands in the legend; a series without a name is left out of it.
    public var name: String
    /// In the order in which they are joined.
    public var points: [Point]
    public var style: Style
    /// Without it, the palette's next one.
    public var color: Color?

    public init(_ name: String, _ points: [Point], style: Style = .solid, color: Color? = nil) {
      self.name = name
      self.points = points
      self.style = style
      self.color = color
    }
  }

  public var title: String
  /// A line under the title; empty for none.
  public var subtitle: String
  public var x: Axis
  public var y: Axis
  /// Drawn in order, later over earlier.
  public var series: [Series]
  /// Lines under the chart, each wrapped where it is too long.
  public var footnotes: [String]
  /// Of the whole drawing, in points.
  public var width: Double
  /// Of the area inside the axes, in points; the drawing is as high as its texts and legend need.
  public var plotHeight: Double

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
