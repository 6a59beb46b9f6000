/// A table as aligned text, for results on a terminal or in a log.
///
/// Columns are as wide as their widest cell and two spaces apart; a rule stands under the headings. Nothing
/// is wrapped or cut off.
public struct TerminalTable: Sendable, Hashable {
  public enum Alignment: Sendable, Hashable { case left, right }

  public struct Column: Sendable, Hashable {
    public var title: String
    public var alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  public var columns: [Column]
  /// One cell a column each.
  public private(set) var rows: [[String]] = []

  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// - Precondition: `cells` holds one text a column.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(cells)
  }

  /// The table, each line ended by a line break, without trailing spaces.
  public var text: String {
    let titles = columns.map { TerminalText.clean($0.title) }
    let cells = rows.map { $0.map(TerminalText.clean) }
    let widths = columns.indices.map { column in
      ([titles] + cells).map { TerminalText.width(of: $0[column]) }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([titles, rule] + cells).map { line(of: $0, widths) + "\n" }.joined()
  }

  private func line(of cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      TerminalText.pad(cells[column], to: widths[column], right: columns[column].alignment == .right)
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
