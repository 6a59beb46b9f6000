import Figures
import Files
import FoundationEssentials

/// A chart on a page: the drawing itself, and where scripts run a slider that reads off its values.
enum ChartFigure {
  /// A drawing.
  ///
  /// - Throws: `FileError` where a picture in it cannot be encoded.
  static func markup(_ drawing: Drawing) throws(FileError) -> Markup {
    "<figure class=\"chart\">\(Markup.made(try SVG.text(of: drawing)))</figure>\n"
  }

  /// Curves, whose values are read off at each of their points.
  ///
  /// - Parameters:
  ///   - name: what the points count, such as `ε`.
  ///   - value: how a value is written.
  static func markup(
    _ chart: LineChart, name: String, value: (Double) -> String
  ) throws(FileError) -> Markup {
    let places = Set(chart.series.flatMap { $0.points.map(\.x) }).sorted()
    let step = max(1, places.count / mostReadings)
    let points = places.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    guard points.count > 1 else { return try markup(chart.drawing) }
    let texts = points.map { x -> String in
      let values = chart.series.compactMap { series in
        series.points.first { $0.x == x && $0.y.isFinite }.map { "\(series.name) \(value($0.y))" }
      }
      return "\(name) = \(Text.short(x)): " + values.joined(separator: "; ")
    }
    let area = chart.plotArea
    let readings = Readings(
      name: name, x: points.map { chart.position(x: $0, y: 0).x.rounded() }, top: area.y, bottom: area.maxY,
      texts: texts)
    let data = (try? JSON.line(readings)) ?? "{}"
    return """
      <figure class="chart" data-points="\(data)">\(Markup.made(try SVG.text(of: chart.drawing)))</figure>

      """
  }

  /// Points that a slider can stand at, at about the most.
  private static let mostReadings = 300

  private struct Readings: Encodable {
    let name: String
    let x: [Double]
    let top, bottom: Double
    let texts: [String]
  }
}
