/// The key to the series of a ``LineChart``: in equal columns where at least two fit, else one entry after
/// the other. A name that is wider than the chart is wrapped.
struct Legend {
  private static let size = 12.5
  private static let lineHeight = 17.0
  private static let rowGap = 5.0
  private static let swatchWidth = 30.0
  private static let textOffset = swatchWidth + 8
  private static let columnGap = 24.0

  private let chart: LineChart
  private let shown: [Int]

  init(of chart: LineChart) {
    self.chart = chart
    shown = chart.series.indices.filter { !chart.series[$0].name.isEmpty }
  }

  /// Draws the key at the page's end and moves the end below it.
  func draw(on page: inout Page, left: Double) {
    guard !shown.isEmpty else { return }
    let available = page.drawing.width - Page.margin - left
    let names = shown.map {
      TextMetrics.wrap(chart.series[$0].name, width: available - Self.textOffset, size: Self.size)
    }
    let widths = names.map { Self.textOffset + TextMetrics.widest($0, size: Self.size) }
    for row in rows(widths, available: available) {
      for (index, x) in row {
        drawSwatch(
          ofSeries: shown[index], x: left + x, y: page.bottom + Self.lineHeight / 2, in: &page.drawing)
        for (line, text) in names[index].enumerated() {
          let middle = page.bottom + (Double(line) + 0.5) * Self.lineHeight
          page.drawing.text(
            text, at: .init(left + x + Self.textOffset, middle + 0.36 * Self.size), size: Self.size,
            color: Palette.ink)
        }
      }
      let lines = row.map { names[$0.index].count }.max() ?? 1
      page.bottom += Double(lines) * Self.lineHeight + Self.rowGap
    }
  }

  /// Where each entry begins, row by row.
  private func rows(_ widths: [Double], available: Double) -> [[(index: Int, x: Double)]] {
    let column = (widths.max() ?? 0) + Self.columnGap
    let columns = Int((available + Self.columnGap) / column)
    // Two rows of two look better than three entries and a stray one.
    let rowCount = (widths.count + max(1, columns) - 1) / max(1, columns)
    let perRow = columns >= 2 ? (widths.count + rowCount - 1) / rowCount : Int.max

    var rows: [[(index: Int, x: Double)]] = []
    var x = Double.infinity
    for (index, width) in widths.enumerated() {
      if x + width > available || (rows.last?.count ?? 0) >= perRow {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((index, x))
      x += columns >= 2 ? column : width + Self.columnGap
    }
    return rows
  }

  private func drawSwatch(ofSeries index: Int, x: Double, y: Double, in drawing: inout Drawing) {
    let series = chart.series[index]
    let color = chart.color(ofSeries: index)
    if series.style == .markers {
      Marker(ofSeries: index, in: chart).draw(at: .init(x + Self.swatchWidth / 2, y), color, in: &drawing)
      return
    }
    if series.points.contains(where: { $0.interval != nil }) {
      drawing.fill(
        .rectangle(.init(x: x, y: y - 6, width: Self.swatchWidth, height: 12)), color, opacity: 0.18)
    }
    drawing.line(from: .init(x + 1, y), to: .init(x + Self.swatchWidth - 1, y), series.stroke(color))
  }
}
