/// A table as aligned text, for results on a terminal or in a log.
///
/// Columns are as wide as their widest cell and two spaces apart; a rule stands under the headings. Where
/// that is too wide, each row becomes a list, a line or more for each cell. No column is left out.
public struct TerminalTable: Sendable, Hashable {
  /// How the cells of a column stand in it.
  public enum Alignment: Sendable, Hashable {
    /// As words are.
    case left
    /// As numbers are.
    case right
  }

  /// A column's heading, and how its cells are aligned.
  public struct Column: Sendable, Hashable {
    /// The heading, above the rule; may be empty.
    public var title: String
    /// Of the cells and of the heading.
    public var alignment: Alignment

    /// A column, of words unless told otherwise.
    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// From left to right.
  public var columns: [Column]
  /// One cell a column each.
  public private(set) var rows: [[String]] = []

  /// A table with headings and no rows yet.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row below the others.
  ///
  /// - Precondition: `cells` holds one text a column.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(cells)
  }

  /// The table, each line ended by a line break, without trailing spaces.
  public var text: String { text(fitting: nil) }

  /// The table as it fits into `width` cells: as a list of its rows where its columns do not. nil for any
  /// width.
  public func text(fitting width: Int?) -> String {
    let titles = columns.map { TerminalText.clean($0.title) }
    let cells = rows.map { $0.map(TerminalText.clean) }
    let widths = columns.indices.map { column in
      ([titles] + cells).map { TerminalText.width(of: $0[column]) }.max() ?? 0
    }
    if let width, widths.reduce(2 * (widths.count - 1), +) > width {
      return cells.map { list(of: $0, titles, width) }.joined(separator: "\n")
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([titles, rule] + cells).map { line(of: $0, widths) + "\n" }.joined()
  }

  /// A row as lines: its first cell, and below it the others that are not empty, each with its column's
  /// title.
  private func list(of cells: [String], _ titles: [String], _ width: Int) -> String {
    let named = zip(titles, cells).map { $0.isEmpty ? $1 : "\($0): \($1)" }
    let others = zip(named, cells).dropFirst().filter { !$1.isEmpty }.map { "  \($0.0)" }
    return (named.prefix(1) + others).map { TerminalText.wrapped($0, to: width, indent: "    ") + "\n" }
      .joined()
  }

  private func line(of cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      TerminalText.pad(cells[column], to: widths[column], right: columns[column].alignment == .right)
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
