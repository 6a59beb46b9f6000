/// A matrix of counts as coloured cells: a confusion matrix.
///
/// Each cell shows its count; its colour is the count's share of its row, so that classes of different size
/// compare. Rows run downwards in the order given. Computes no other figures of the matrix.
public struct HeatMap: Sendable, Hashable {
  /// The heading; left out where it is empty.
  public var title: String
  /// A line under the title; left out where it is empty.
  public var subtitle: String
  /// Read from top to bottom, at the left.
  public var rowLabels: [String]
  /// Read from left to right, at the bottom.
  public var columnLabels: [String]
  /// `counts[row][column]`, none negative.
  public var counts: [[Int]]
  /// What the rows are, written upwards at the left.
  public var rowTitle: String
  /// What the columns are, written below their labels.
  public var columnTitle: String
  /// What the colour bar shows.
  public var scaleTitle: String
  /// Lines under the cells, each wrapped where it is too long.
  public var footnotes: [String]

  /// A heat map that suits a confusion matrix: rows are true labels, columns predicted ones.
  ///
  /// - Precondition: one row of counts a row label, one count a column label, and at least one of each.
  public init(
    title: String, subtitle: String = "", rowLabels: [String], columnLabels: [String], counts: [[Int]],
    rowTitle: String = "true", columnTitle: String = "predicted",
    scaleTitle: String = "share of the true class", footnotes: [String] = []
  ) {
    precondition(!rowLabels.isEmpty && !columnLabels.isEmpty, "a heat map without cells")
    precondition(
      counts.count == rowLabels.count && counts.allSatisfy { $0.count == columnLabels.count },
      "\(counts.count) rows of counts do not fit \(rowLabels.count) × \(columnLabels.count) labels")
    self.title = title
    self.subtitle = subtitle
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.counts = counts
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.scaleTitle = scaleTitle
    self.footnotes = footnotes
  }

  /// The share of its row that a cell holds, 0…1; 0 in a row of zeros.
  package func share(row: Int, column: Int) -> Double {
    let sum = counts[row].reduce(0, +)
    return sum > 0 ? Double(counts[row][column]) / Double(sum) : 0
  }

  /// The cells laid out with labels and a colour bar; counts that have no room are left out.
  public var drawing: Drawing {
    let layout = HeatMapLayout(self)
    var page = Page(width: layout.width, title: title, subtitle: subtitle)
    let cells = layout.cells(top: page.bottom)
    drawCells(in: cells, layout, on: &page.drawing)
    drawLabels(around: cells, layout, on: &page.drawing)
    drawScale(beside: cells, on: &page.drawing)
    page.bottom = cells.maxY + layout.columnLabelHeight + 34
    return page.finished(footnotes: footnotes)
  }

  private func drawCells(
    in area: Drawing.Rectangle, _ layout: HeatMapLayout, on drawing: inout Drawing
  ) {
    let cell = layout.cell
    for (row, values) in counts.enumerated() {
      for (column, count) in values.enumerated() {
        let (x, y) = (area.x + Double(column) * cell, area.y + Double(row) * cell)
        let color = Palette.sequential(share(row: row, column: column))
        drawing.fill(.rectangle(.init(x: x, y: y, width: cell - 1, height: cell - 1), radius: 2), color)
        guard layout.showsCounts else { continue }
        drawing.text(
          "\(count)", at: .init(x + (cell - 1) / 2, y + (cell - 1) / 2 + 0.36 * layout.countSize),
          size: layout.countSize, color: count == 0 ? Palette.muted : Palette.text(on: color), anchor: .middle
        )
      }
    }
  }

  private func drawLabels(
    around area: Drawing.Rectangle, _ layout: HeatMapLayout, on drawing: inout Drawing
  ) {
    let size = HeatMapLayout.labelSize
    for (row, label) in rowLabels.enumerated() {
      let y = area.y + (Double(row) + 0.5) * layout.cell + 0.36 * size
      drawing.text(label, at: .init(area.x - 8, y), size: size, color: Palette.secondary, anchor: .end)
    }
    for (column, label) in columnLabels.enumerated() {
      let x = area.x + (Double(column) + 0.5) * layout.cell
      if layout.turnsColumnLabels {
        drawing.text(
          label, at: .init(x + 0.4 * size, area.maxY + 14), size: size, color: Palette.secondary,
          anchor: .end,
          degrees: -40)
      } else {
        drawing.text(
          label, at: .init(x, area.maxY + 18), size: size, color: Palette.secondary, anchor: .middle)
      }
    }
    drawing.text(
      columnTitle, at: .init(area.midX, area.maxY + layout.columnLabelHeight + 26), size: 13,
      color: Palette.ink, anchor: .middle, weight: .bold)
    drawing.text(
      rowTitle, at: .init(Page.margin + 10, area.midY), size: 13, color: Palette.ink, anchor: .middle,
      weight: .bold, degrees: -90)
  }

  private func drawScale(beside area: Drawing.Rectangle, on drawing: inout Drawing) {
    let bar = Drawing.Rectangle(x: area.maxX + 22, y: area.y, width: 14, height: area.height - 1)
    let steps = 64
    for step in 0..<steps {
      // Each piece reaches to the end, so that no seam shows between neighbours.
      let fraction = Double(step) / Double(steps)
      let height = bar.height * (1 - fraction)
      drawing.fill(
        .rectangle(.init(x: bar.x, y: bar.y, width: bar.width, height: height)),
        Palette.sequential((Double(step) + 0.5) / Double(steps)))
    }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      let y = bar.maxY - share * bar.height
      drawing.text(
        NumberFormat.percent.text(share, decimals: 0),
        at: .init(bar.maxX + 6, y + (share == 1 ? 9 : share == 0 ? 0 : 4)),
        size: 11, color: Palette.secondary)
    }
    guard TextMetrics.width(of: scaleTitle, size: 12) <= bar.height else { return }
    drawing.text(
      scaleTitle, at: .init(bar.maxX + 56, bar.midY), size: 12, color: Palette.secondary, anchor: .middle,
      degrees: 90)
  }
}

/// The sizes that a heat map's labels ask for.
struct HeatMapLayout {
  static let labelSize = 12.5

  let cell: Double
  let countSize: Double
  let showsCounts: Bool
  let turnsColumnLabels: Bool
  let columnLabelHeight: Double
  private let left: Double
  private let rows: Int
  private let columns: Int

  init(_ map: HeatMap) {
    rows = map.rowLabels.count
    columns = map.columnLabels.count
    cell = min(90, max(14, (540 / Double(max(rows, columns))).rounded()))
    let longest = map.counts.joined().map { String($0).count }.max() ?? 1
    countSize = min(13, (cell - 8) / (0.64 * Double(longest)))
    showsCounts = countSize >= 6
    let widest = TextMetrics.widest(map.columnLabels, size: Self.labelSize)
    turnsColumnLabels = widest > cell - 4
    columnLabelHeight = turnsColumnLabels ? 0.643 * widest + 16 : 22
    // A turned label reaches to the left of its column.
    let reach = turnsColumnLabels ? 0.766 * widest - cell / 2 : 0
    let rowLabels = TextMetrics.widest(map.rowLabels, size: Self.labelSize)
    left = (Page.margin + 26 + max(rowLabels + 8, reach)).rounded()
  }

  var width: Double { left + Double(columns) * cell + 22 + 14 + 62 + Page.margin }

  func cells(top: Double) -> Drawing.Rectangle {
    Drawing.Rectangle(
      x: left, y: top.rounded(), width: Double(columns) * cell, height: Double(rows) * cell)
  }
}
