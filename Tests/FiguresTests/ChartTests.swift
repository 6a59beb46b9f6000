import Figures
import Files
import Foundation
import Pictures
import Testing

/// What holds for every chart, and where each one puts its data.
@Suite struct ChartTests {
  @Test(arguments: Samples.drawings.indices) func chartsAreDeterministicAndWellFormed(index: Int) throws {
    let drawing = Samples.drawings[index].drawing
    let svg = try SVG.text(of: drawing)
    #expect(try svg == SVG.text(of: drawing))
    #expect(try ParsedSVG(svg).title == drawing.title)
    let png = try PNG.encode(Raster.bitmap(of: drawing))
    #expect(try png == PNG.encode(Raster.bitmap(of: drawing)))
    #expect(try PNG.decode(png, path: "chart.png").width == Int(drawing.width) * 2)
  }

  @Test(arguments: Samples.drawings.indices) func textsAreOnTheCanvasAndApart(index: Int) {
    let drawing = Samples.drawings[index].drawing
    let boxes = drawing.elements.compactMap { element -> (text: String, box: Drawing.Rectangle)? in
      guard case .text(let text) = element, text.degrees == 0 else { return nil }
      return (text.string, Self.box(of: text))
    }
    #expect(!boxes.isEmpty)
    for (place, (text, box)) in boxes.enumerated() {
      #expect(
        box.x >= 0 && box.maxX <= drawing.width && box.maxY <= drawing.height, "\(text) leaves the canvas")
      for (other, otherBox) in boxes[(place + 1)...] {
        let apart =
          box.maxX <= otherBox.x || otherBox.maxX <= box.x || box.maxY <= otherBox.y || otherBox.maxY <= box.y
        #expect(apart, "“\(text)” covers “\(other)”")
      }
    }
  }

  @Test func dataPointsLandWhereTheAxesSay() throws {
    // One marker in a colour of its own, on axes from 0 to 4 and 0 to 2.
    let color = Color(hex: 0xFF00FF)
    let chart = LineChart(
      title: "t", x: Axis("x", range: 0...4), y: Axis("y", range: 0...2),
      series: [.init("point", [.init(1, 1.5)], style: .markers, color: color)])
    let (origin, corner) = (chart.position(x: 0, y: 0), chart.position(x: 4, y: 2))
    let expected = Drawing.Point(
      origin.x + (corner.x - origin.x) / 4, origin.y + (corner.y - origin.y) * 3 / 4)
    #expect(abs(chart.position(x: 1, y: 1.5).x - expected.x) < 1e-9)
    #expect(abs(chart.position(x: 1, y: 1.5).y - expected.y) < 1e-9)
    #expect(origin.y - corner.y == chart.plotHeight)

    let bitmap = try Raster.bitmap(of: chart.drawing)
    #expect(bitmap[Int(expected.x * 2), Int(expected.y * 2)] == color)
    let ticks = try Self.tickPositions(in: chart.drawing, labels: ["0.0", "4.0"])
    #expect(abs(ticks[0].x - origin.x) <= 0.5 && abs(ticks[1].x - corner.x) <= 0.5)
  }

  @Test func aCurveDoesNotLeaveItsPlot() throws {
    let color = Color(hex: 0xFF00FF)
    let chart = LineChart(
      title: "", x: Axis("x", range: 0...1), y: Axis("y", range: 0...1),
      series: [.init("", [.init(-5, -4.5), .init(5, 5.5), .init(6, 1e300)], color: color)])
    let bitmap = try Raster.bitmap(of: chart.drawing)
    let (origin, corner) = (chart.position(x: 0, y: 0), chart.position(x: 1, y: 1))
    var (inked, strays) = (0, 0)
    for y in 0..<bitmap.height {
      for x in 0..<bitmap.width where bitmap[x, y] == color {
        let (px, py) = (Double(x) / 2, Double(y) / 2)
        let isInside =
          px >= origin.x - 3 && px <= corner.x + 3 && py <= origin.y + 3 && py >= corner.y - 3
        if isInside { inked += 1 } else { strays += 1 }
      }
    }
    #expect(inked > 0 && strays == 0)
  }

  @Test func aGapStaysOpen() {
    let runs = Samples.loss.series[0].runs
    #expect(runs.map { $0.map(\.x) } == [[0], [2000], [4000]])
  }

  @Test func noNameIsLostInTheLegend() throws {
    let texts = try ParsedSVG(SVG.text(of: Samples.loss.drawing)).texts.joined(separator: " ")
    for series in Samples.loss.series { #expect(texts.contains(series.name)) }
  }

  @Test func chartsOfNothingCanBeDrawn() throws {
    let empty = LineChart(title: "", x: Axis(), y: Axis(), series: [])
    let drawings = [
      empty.drawing, BarChart(title: "", bars: []).drawing, LabeledImageSheet(title: "", rows: []).drawing,
      PredictionSheet(title: "", labels: [], panels: []).drawing,
    ]
    for drawing in drawings { #expect(try Raster.bitmap(of: drawing).width > 0) }
    #expect(!TerminalChart(empty, color: false).text.isEmpty)
  }

  @Test func heatMapColorsAreSharesOfTheirRows() {
    let map = HeatMap(
      title: "", rowLabels: ["a", "b"], columnLabels: ["a", "b", "c"], counts: [[1, 2, 1], [0, 0, 0]])
    #expect((0..<3).map { map.share(row: 0, column: $0) } == [0.25, 0.5, 0.25])
    #expect((0..<3).map { map.share(row: 1, column: $0) } == [0, 0, 0])
  }

  @Test func heatMapTextReadsOnEveryColor() {
    for step in 0...100 {
      let background = Palette.sequential(Double(step) / 100)
      #expect(Palette.text(on: background).contrast(with: background) >= 4.2, "at \(step) %")
    }
  }

  @Test func barsAreAsLongAsTheirShare() {
    let chart = BarChart(
      title: "", bars: [.init("a", 0.5), .init("b", 1), .init("c", 0.25), .init("d", .nan)])
    let widths = chart.drawing.elements.compactMap { element -> Double? in
      guard case .shape(.rectangle(let box, _), _, _) = element else { return nil }
      return box.width
    }
    #expect(widths.count == 4 && widths[0] == widths[1] / 2 && widths[2] == widths[1] / 4 && widths[3] == 1)
  }

  @Test func imagesKeepTheirPixels() {
    let bitmaps = (Samples.imageSheet.drawing.elements + Samples.predictions.drawing.elements).compactMap {
      element -> (bitmap: Bitmap, box: Drawing.Rectangle)? in
      guard case .bitmap(let bitmap, let box) = element else { return nil }
      return (bitmap, box)
    }
    #expect(bitmaps.count == 106)
    #expect(bitmaps.allSatisfy { $0.bitmap == Samples.image && $0.box.x == $0.box.x.rounded() })
    #expect(Set(bitmaps.map(\.box.width)) == [56, 140])
  }

  private static func box(of text: Drawing.Text) -> Drawing.Rectangle {
    let width = TextMetrics.width(of: text.string, size: text.size, weight: text.weight)
    let left =
      switch text.anchor {
      case .start: text.position.x
      case .middle: text.position.x - width / 2
      case .end: text.position.x - width
      }
    // From the height of a capital to below the baseline.
    return .init(x: left, y: text.position.y - 0.73 * text.size, width: width, height: 0.93 * text.size)
  }

  /// Where the x axis' labels are centred.
  private static func tickPositions(in drawing: Drawing, labels: [String]) throws -> [Drawing.Point] {
    try labels.map { label in
      let positions = drawing.elements.compactMap { element -> Drawing.Point? in
        guard case .text(let text) = element, text.string == label, text.anchor == .middle else { return nil }
        return text.position
      }
      return try #require(positions.first)
    }
  }
}
