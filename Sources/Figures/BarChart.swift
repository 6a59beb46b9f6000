/// Horizontal bars with their values: the probabilities that a classifier gives to its ten classes.
///
/// Bars begin at zero; a value below zero or not finite has no bar, only its number.
public struct BarChart: Sendable, Hashable {
  /// One bar with its label.
  public struct Bar: Sendable, Hashable {
    /// What stands before the bar, shortened where it needs almost half of the width.
    public var label: String
    /// What the bar's length says, and what is written behind it.
    public var value: Double

    /// A bar; whether it is drawn depends on its value.
    public init(_ label: String, _ value: Double) {
      self.label = label
      self.value = value
    }
  }

  /// The heading; left out where it is empty.
  public var title: String
  /// A line under the title; left out where it is empty.
  public var subtitle: String
  /// From top to bottom.
  public var bars: [Bar]
  /// Which bar stands out; none without it.
  public var highlighted: Int?
  /// The value whose bar is as long as there is room; without it, the largest one. 1 suits probabilities.
  public var maximum: Double?
  /// How the values behind the bars are written.
  public var format: NumberFormat
  /// Decimals of the written values.
  public var decimals: Int
  /// Lines under the chart, each wrapped where it is too long.
  public var footnotes: [String]
  /// Of the whole drawing, in points.
  public var width: Double

  /// A chart that suits probabilities: bars up to 1, values in percent.
  public init(
    title: String, subtitle: String = "", bars: [Bar], highlighted: Int? = nil, maximum: Double? = 1,
    format: NumberFormat = .percent, decimals: Int = 1, footnotes: [String] = [], width: Double = 560
  ) {
    self.title = title
    self.subtitle = subtitle
    self.bars = bars
    self.highlighted = highlighted
    self.maximum = maximum
    self.format = format
    self.decimals = decimals
    self.footnotes = footnotes
    self.width = width
  }

  /// The chart laid out; as high as its bars and texts need.
  public var drawing: Drawing {
    var page = Page(width: width, title: title, subtitle: subtitle)
    let rows = BarRows(
      bars: bars, highlighted: highlighted, marked: nil, maximum: maximum, format: format, decimals: decimals)
    let area = Drawing.Rectangle(
      x: Page.margin, y: page.bottom, width: page.innerWidth, height: 28 * Double(bars.count))
    rows.draw(in: area, on: &page.drawing)
    page.bottom = area.maxY
    return page.finished(footnotes: footnotes)
  }
}

/// The bars themselves, without title: a part of other pictures too.
struct BarRows {
  var bars: [BarChart.Bar]
  /// Drawn in the accent colour.
  var highlighted: Int?
  /// Whose label is bold.
  var marked: Int?
  var maximum: Double?
  var format: NumberFormat
  var decimals: Int

  func draw(in area: Drawing.Rectangle, on drawing: inout Drawing) {
    guard !bars.isEmpty else { return }
    let rowHeight = area.height / Double(bars.count)
    let size = min(13, 0.78 * rowHeight)
    let values = bars.map { format.text($0.value, decimals: decimals) }
    let labelRoom = min(1.12 * TextMetrics.widest(bars.map(\.label), size: size), 0.45 * area.width)
    let valueRoom = 1.12 * TextMetrics.widest(values, size: size) + 6
    let left = (area.x + labelRoom + 8).rounded()
    let room = max(4, area.maxX - valueRoom - left)
    let largest = maximum ?? bars.map(\.value).filter(\.isFinite).max() ?? 1

    for (index, bar) in bars.enumerated() {
      let middle = area.y + (Double(index) + 0.5) * rowHeight
      let baseline = middle + 0.36 * size
      let isHighlighted = index == highlighted
      let share = largest > 0 && bar.value.isFinite ? min(max(bar.value / largest, 0), 1) : 0
      drawing.text(
        TextMetrics.fit(bar.label, width: labelRoom, size: size), at: .init(left - 8, baseline), size: size,
        color: isHighlighted || index == marked ? Palette.ink : Palette.secondary, anchor: .end,
        weight: index == marked ? .bold : .regular)
      let height = 0.68 * rowHeight
      // Even a bar of nothing leaves a trace of where it begins.
      drawing.fill(
        .rectangle(
          .init(x: left, y: middle - height / 2, width: max(1, share * room), height: height),
          radius: share * room > 4 ? 2 : 0),
        isHighlighted ? Palette.color(0) : Palette.quietBar)
      drawing.text(
        values[index], at: .init(left + share * room + 6, baseline), size: size,
        color: isHighlighted ? Palette.ink : Palette.muted, weight: isHighlighted ? .bold : .regular)
    }
  }
}
