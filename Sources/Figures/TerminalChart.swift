/// A ``LineChart`` in characters: curves in braille dots, with axes and a legend.
///
/// Every series has a sign of its own that stands on its curve and in the legend, so the chart reads without
/// colour; colours are ANSI escapes and only there when asked for. Shows neither interval bands, nor
/// subtitle, nor footnotes.
public struct TerminalChart: Sendable, Hashable {
  /// What is drawn; its width and height in points do not matter.
  public var chart: LineChart
  /// Cells across the whole chart; at least 24 are used.
  public var width: Int
  /// Lines inside the axes; at least 4 are used.
  public var height: Int
  /// Whether series are coloured by ANSI escapes.
  public var color: Bool

  /// A chart in characters.
  ///
  /// - Parameters:
  ///   - chart: its width and height in points do not matter.
  ///   - width: cells across the whole chart; at least 24 are used.
  ///   - height: lines inside the axes; at least 4 are used.
  ///   - color: off for a file, or a terminal without colours.
  public init(_ chart: LineChart, width: Int = 80, height: Int = 18, color: Bool) {
    self.chart = chart
    self.width = max(24, width)
    self.height = max(4, height)
    self.color = color
  }

  /// The chart, each line ended by a line break, without trailing spaces.
  public var text: String {
    let yScale = chart.yScale(ticks: max(2, height / 3 + 1))
    let labelWidth = yScale.labels.map(TerminalText.width).max() ?? 0
    let columns = max(8, width - labelWidth - 2)
    let xScale = chart.xScale(ticks: max(2, columns / 9))
    var canvas = BrailleCanvas(columns: columns, rows: height)
    draw(on: &canvas, xScale, yScale)

    var lines: [String] = []
    if !chart.title.isEmpty { lines.append(fitted(chart.title)) }
    if !chart.y.title.isEmpty { lines.append(fitted(chart.y.title)) }
    lines += plotLines(canvas, yScale, labelWidth: labelWidth)
    lines += xAxisLines(xScale, columns: columns, indent: labelWidth + 1)
    lines += legendLines(indent: labelWidth + 2)
    return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) + "\n" }.joined()
  }

  /// A title on one line that fits, after `before` cells.
  private func fitted(_ text: String, before: Int = 0) -> String {
    TerminalText.shortened(TerminalText.clean(text), to: width - before)
  }

  private static let signs: [Character] = ["●", "▲", "■", "◆", "○", "△", "□", "◇"]
  private static let markerSigns: [Character] = ["×", "+", "*", "#"]

  private func sign(ofSeries index: Int) -> Character {
    let isMarkers = chart.series[index].style == .markers
    let signs = isMarkers ? Self.markerSigns : Self.signs
    let before = chart.series.prefix(index).count { ($0.style == .markers) == isMarkers }
    return signs[before % signs.count]
  }

  private func draw(on canvas: inout BrailleCanvas, _ xScale: Scale, _ yScale: Scale) {
    func place(_ point: LineChart.Point) -> (x: Double, y: Double) {
      (xScale.fraction(of: point.x), yScale.fraction(of: point.y))
    }
    for (index, series) in chart.series.enumerated() where series.style != .markers {
      for run in series.runs {
        for (start, end) in zip(run, run.dropFirst()) {
          canvas.line(from: place(start), to: place(end), layer: index)
        }
      }
    }
    // Single points matter most, so their signs take their places first.
    for (index, series) in chart.series.enumerated() where series.style == .markers {
      for run in series.runs {
        for position in run.map(place) {
          canvas.sign(sign(ofSeries: index), x: position.x, y: position.y, layer: index)
        }
      }
    }
    for (index, series) in chart.series.enumerated() where series.style != .markers {
      // Apart from each other, or they would hide the curve.
      let distance = 7 / Double(canvas.columns)
      var last = -Double.infinity
      for position in series.runs.joined().map(place) where abs(position.x - last) >= distance {
        let isPut = canvas.sign(sign(ofSeries: index), x: position.x, y: position.y, layer: index)
        if isPut { last = position.x }
      }
    }
  }

  private func plotLines(_ canvas: BrailleCanvas, _ yScale: Scale, labelWidth: Int) -> [String] {
    var labels: [Int: String] = [:]
    for (tick, label) in zip(yScale.ticks, yScale.labels) {
      let fraction = yScale.fraction(of: tick)
      labels[Int(((1 - fraction) * Double(4 * height - 1)).rounded()) / 4] = label
    }
    return canvas.cells.enumerated().map { row, cells in
      let label = TerminalText.pad(labels[row] ?? "", to: labelWidth, right: true)
      return "\(label) \(labels[row] == nil ? "│" : "┤")\(line(of: cells))"
    }
  }

  /// Neighbours of one colour share their escape codes.
  private func line(of cells: [BrailleCanvas.Cell]) -> String {
    var result = ""
    var (run, layer) = ("", -1)
    func flushed() -> String { layer < 0 ? run : TerminalText.colored(run, layer, enabled: color) }
    for cell in cells {
      let character = cell.character
      let next = character == " " ? -1 : cell.layer
      if next != layer {
        result += flushed()
        (run, layer) = ("", next)
      }
      run.append(character)
    }
    return result + flushed()
  }

  private func xAxisLines(_ scale: Scale, columns: Int, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    var rule = Array(repeating: Character("─"), count: columns)
    var labels = Array(repeating: Character(" "), count: indent + columns + 1)
    var end = -1
    for (tick, label) in zip(scale.ticks, scale.labels) {
      let column = Int((scale.fraction(of: tick) * Double(columns - 1)).rounded())
      guard rule.indices.contains(column) else { continue }
      rule[column] = "┬"
      let start = min(max(end + 1, indent + 1 + column - label.count / 2), labels.count - label.count)
      guard start > end, start >= 0 else { continue }
      labels.replaceSubrange(start..<start + label.count, with: label)
      end = start + label.count
    }
    var lines = ["\(space)└\(String(rule))", String(labels)]
    if !chart.x.title.isEmpty {
      let title = fitted(chart.x.title, before: indent + 1)
      let before = indent + 1 + max(0, (columns - TerminalText.width(of: title)) / 2)
      lines.append(String(repeating: " ", count: before) + title)
    }
    return lines
  }

  private func legendLines(indent: Int) -> [String] {
    var lines: [String] = []
    var used = width
    for (index, series) in chart.series.enumerated() where !series.name.isEmpty {
      let name = fitted(series.name, before: indent + 2)
      let entry = TerminalText.colored("\(sign(ofSeries: index))", index, enabled: color) + " \(name)"
      let entryWidth = 2 + TerminalText.width(of: name)
      if used + 3 + entryWidth <= width {
        lines[lines.count - 1] += "   \(entry)"
        used += 3 + entryWidth
      } else {
        lines.append(String(repeating: " ", count: indent) + entry)
        used = indent + entryWidth
      }
    }
    return lines
  }
}
