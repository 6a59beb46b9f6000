import Pictures

/// The sign that stands at an unjoined point. Series differ in shape as well as in colour.
enum Marker: CaseIterable {
  case circle, diamond, square, triangle

  /// The `index`-th series' sign among the series of `chart` that are drawn with markers.
  init(ofSeries index: Int, in chart: LineChart) {
    let before = chart.series.prefix(index).count { $0.style == .markers }
    self = Self.allCases[before % Self.allCases.count]
  }

  func draw(at center: Drawing.Point, _ color: Color, in drawing: inout Drawing) {
    let (x, y) = (center.x, center.y)
    let shape: Drawing.Shape =
      switch self {
      case .circle: .circle(center: center, radius: 4.5)
      case .diamond: .polygon([.init(x, y - 6), .init(x + 6, y), .init(x, y + 6), .init(x - 6, y)])
      case .square: .rectangle(.init(x: x - 4.5, y: y - 4.5, width: 9, height: 9))
      case .triangle: .polygon([.init(x, y - 6), .init(x + 5.5, y + 4), .init(x - 5.5, y + 4)])
      }
    drawing.elements.append(.shape(shape, fill: .init(color), stroke: .init(.white, width: 1.5)))
  }
}
