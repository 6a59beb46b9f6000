import Experiments
import Figures
import Files

/// The rows of the reports as a table.
public enum RowListing {
  /// One row for each: what it trains and for how long, in the report's length and in minutes, and its
  /// claims.
  public static func text(_ rows: [PublishedRow], _ layout: Layout) -> String {
    var table = TerminalTable([
      .init("row"), .init("what"), .init("trained for"), .init("minutes", .right), .init("claims", .right),
      .init("report"),
    ])
    for row in rows {
      table.add([
        row.id, row.title, row.length ?? "", row.length == nil ? "" : Text.roughly(row.minutes),
        "\(row.claims.count)", row.source,
      ])
    }
    return layout.fitted(table)
  }
}

extension Text {
  fileprivate static func roughly(_ minutes: Double) -> String { minutes < 1 ? "<1" : "\(Int(minutes))" }
}
