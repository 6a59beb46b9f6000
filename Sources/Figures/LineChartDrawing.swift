import Pictures

/// A ``LineChart`` laid out: title, plot, legend below the plot (it never covers a curve), footnotes.
extension LineChart {
  /// The chart laid out; texts that are too long are wrapped.
  public var drawing: Drawing {
    var page = Page(width: width, title: title, subtitle: subtitle)
    let plot = Plot(self, top: page.bottom, width: page.drawing.width)
    plot.drawFrame(of: self, in: &page.drawing)
    plot.drawSeries(of: self, in: &page.drawing)
    page.bottom = plot.area.maxY + (x.title.isEmpty ? 30 : 52)
    Legend(of: self).draw(on: &page, left: plot.area.x)
    return page.finished(footnotes: footnotes)
  }

  /// Where a data point is drawn, in points of the drawing.
  package func position(x: Double, y: Double) -> Drawing.Point { plot.position(x, y) }

  /// The area inside the axes, in points of the drawing.
  package var plotArea: Drawing.Rectangle { plot.area }

  private var plot: Plot {
    let page = Page(width: width, title: title, subtitle: subtitle)
    return Plot(self, top: page.bottom, width: page.drawing.width)
  }
}

/// The area inside the axes, and where a value is in it.
private struct Plot {
  static let tickSize = 12.0
  static let titleSize = 13.0

  let area: Drawing.Rectangle
  let xScale: Scale
  let yScale: Scale

  init(_ chart: LineChart, top: Double, width: Double) {
    xScale = chart.xScale(ticks: max(2, Int(width / 65)))
    yScale = chart.yScale(ticks: max(2, Int(chart.plotHeight / 50)))
    let labels = TextMetrics.widest(yScale.labels, size: Self.tickSize)
    let left = (Page.margin + (chart.y.title.isEmpty ? 0 : 26) + labels + 8).rounded() + 0.5
    let right =
      width - max(Page.margin, TextMetrics.widest(xScale.labels.suffix(1), size: Self.tickSize) / 2 + 4)
    area = Drawing.Rectangle(
      x: left, y: top.rounded() + 0.5, width: max(10, (right - left).rounded()),
      height: max(10, chart.plotHeight.rounded()))
  }

  func position(_ x: Double, _ y: Double) -> Drawing.Point {
    // Cairo counts in fixed point, so the coordinates of wild data end here: far beyond any canvas.
    func near(_ value: Double) -> Double { min(max(value, -1e6), 1e6) }
    return Drawing.Point(
      near(area.x + xScale.fraction(of: x) * area.width),
      near(area.maxY - yScale.fraction(of: y) * area.height))
  }

  func drawFrame(of chart: LineChart, in drawing: inout Drawing) {
    for (tick, label) in zip(yScale.ticks, yScale.labels) {
      let y = (position(0, tick).y - 0.5).rounded() + 0.5
      drawing.line(from: .init(area.x, y), to: .init(area.maxX, y), .init(Palette.grid))
      drawing.text(
        label, at: .init(area.x - 8, y + 4), size: Self.tickSize, color: Palette.secondary, anchor: .end)
    }
    for (tick, label) in zip(xScale.ticks, xScale.labels) {
      let x = (position(tick, 0).x - 0.5).rounded() + 0.5
      drawing.line(from: .init(x, area.y), to: .init(x, area.maxY), .init(Palette.grid))
      drawing.line(from: .init(x, area.maxY), to: .init(x, area.maxY + 5), .init(Palette.axis))
      drawing.text(
        label, at: .init(x, area.maxY + 20), size: Self.tickSize, color: Palette.secondary, anchor: .middle)
    }
    drawing.line(from: .init(area.x, area.maxY), to: .init(area.maxX, area.maxY), .init(Palette.axis))
    drawing.text(
      chart.x.title, at: .init(area.midX, area.maxY + 43), size: Self.titleSize, color: Palette.ink,
      anchor: .middle)
    drawing.text(
      chart.y.title, at: .init(Page.margin + 10, area.midY), size: Self.titleSize, color: Palette.ink,
      anchor: .middle, degrees: -90)
  }

  func drawSeries(of chart: LineChart, in drawing: inout Drawing) {
    var bands = Drawing(width: 0, height: 0)
    var curves = Drawing(width: 0, height: 0)
    var markers = Drawing(width: 0, height: 0)
    for (index, series) in chart.series.enumerated() {
      let color = chart.color(ofSeries: index)
      if series.style == .markers {
        let marker = Marker(ofSeries: index, in: chart)
        for point in series.points where isInside(point) {
          drawErrorBar(of: point, color, in: &curves)
          marker.draw(at: position(point.x, point.y), color, in: &markers)
        }
      } else {
        for run in series.runs {
          drawBand(of: run, color, in: &bands)
          drawCurve(of: run, series.stroke(color), in: &curves)
        }
      }
    }
    drawing.elements.append(.clipped(bands.elements + curves.elements, to: area.expanded(by: 2)))
    drawing.elements += markers.elements
  }

  private func isInside(_ point: LineChart.Point) -> Bool {
    point.isFinite && xScale.range.contains(point.x) && yScale.range.contains(point.y)
  }

  private func drawCurve(of run: [LineChart.Point], _ stroke: Drawing.Stroke, in drawing: inout Drawing) {
    guard run.count > 1 else {
      for point in run {
        drawing.fill(.circle(center: position(point.x, point.y), radius: stroke.width), stroke.color)
      }
      return
    }
    drawing.elements.append(
      .shape(.polyline(run.map { position($0.x, $0.y) }), fill: nil, stroke: stroke))
  }

  private func drawBand(of run: [LineChart.Point], _ color: Color, in drawing: inout Drawing) {
    let bounded = run.compactMap { point in point.interval.map { (x: point.x, interval: $0) } }
    guard bounded.count > 1 else { return }
    let upper = bounded.map { position($0.x, $0.interval.upperBound) }
    let lower = bounded.reversed().map { position($0.x, $0.interval.lowerBound) }
    drawing.fill(.polygon(upper + lower), color, opacity: 0.18)
  }

  private func drawErrorBar(of point: LineChart.Point, _ color: Color, in drawing: inout Drawing) {
    guard let interval = point.interval else { return }
    let ends = [interval.lowerBound, interval.upperBound].map { position(point.x, $0) }
    drawing.line(from: ends[0], to: ends[1], .init(color, width: 1.5))
  }
}

extension LineChart.Series {
  /// The points without the gaps: pieces of finite points.
  package var runs: [[LineChart.Point]] {
    points.split { !$0.isFinite }.map(Array.init)
  }

  func stroke(_ color: Color) -> Drawing.Stroke {
    Drawing.Stroke(color, width: 2.25, dashes: style == .dashed ? [7, 5] : [])
  }
}
