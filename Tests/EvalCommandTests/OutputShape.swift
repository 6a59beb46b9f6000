import Foundation

/// What of an output does not depend on its numbers: its tables and its other lines.
///
/// A table is a line of titles, a line of ─ below it, and the lines that keep its columns.
struct OutputShape {
  /// What is compared less strictly, since the data or the machine decide it.
  struct Leniency {
    /// Tables, by the title of their first column, whose rows are not compared.
    var tables: Set<String> = []
    /// Columns whose cells are not compared, but for where they stand.
    var columns: Set<String> = []
    /// How lines begin that need not be there.
    var lines: [String] = []
  }

  private(set) var tables: [OutputTable] = []
  /// In order, without empty ones.
  private(set) var lines: [String] = []

  init(_ text: String) {
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var index = 0
    func table() -> OutputTable? {
      index + 1 < all.count ? OutputTable(header: all[index], rule: all[index + 1]) : nil
    }
    while index < all.count {
      if var found = table() {
        index += 2
        while index < all.count, table() == nil, found.take(all[index]) { index += 1 }
        tables.append(found)
      } else {
        if !all[index].allSatisfy({ $0 == " " || $0 == "…" }) { lines.append(all[index]) }
        index += 1
      }
    }
  }

  // MARK: - Comparing

  /// What this shows that `real` does not have, one sentence each; empty where the shapes agree.
  func differences(from real: OutputShape, _ leniency: Leniency = Leniency()) -> [String] {
    tableDifferences(from: real, leniency) + lineDifferences(from: real, leniency)
  }

  private func tableDifferences(from real: OutputShape, _ leniency: Leniency) -> [String] {
    var rest = real.tables[...]
    return tables.flatMap { shown -> [String] in
      guard let place = rest.firstIndex(where: { shown.columns(in: $0) != nil }) else {
        return ["no table with the columns \(shown.titles), found \(rest.map(\.titles))"]
      }
      defer { rest = rest[(place + 1)...] }
      return leniency.tables.contains(shown.titles[0])
        ? [] : shown.rowDifferences(from: rest[place], ignoring: leniency.columns)
    }
  }

  private func lineDifferences(from real: OutputShape, _ leniency: Leniency) -> [String] {
    var rest = real.lines[...]
    return lines.compactMap { shown in
      if let place = rest.firstIndex(where: { Self.agree(shown, $0) }) {
        rest = rest[(place + 1)...]
        return nil
      }
      return leniency.lines.contains(where: shown.hasPrefix) ? nil : "no line \"\(shown)\""
    }
  }

  /// Whether a shown text is the real one, whatever the numbers; … at its end stands for the rest.
  static func agree(_ shown: String, _ real: String) -> Bool {
    let (shown, real) = (masked(shown), masked(real))
    return shown.hasSuffix("…")
      ? real.hasPrefix(shown.dropLast().trimmingCharacters(in: .whitespaces)) : shown == real
  }

  /// The text with # for each number.
  static func masked(_ text: String) -> String {
    text.replacing(/[-−]?[0-9]+([.,][0-9]+)*(e[-+]?[0-9]+)?/, with: "#")
  }

  // MARK: - JSON

  /// The names of the fields in a text of JSON, which may be cut.
  static func keys(_ text: String) -> Set<String> {
    Set(text.matches(of: /"([^"]+)"\s*:/).map { String($0.1) })
  }
}

/// A table as it was printed or shown.
struct OutputTable {
  private let starts: [Int]
  private(set) var titles: [String] = []
  /// The cells of each row.
  private(set) var rows: [[String]] = []
  /// Whether … says that columns are left out.
  private var hasMoreColumns = false
  /// … that rows are.
  private var hasMoreRows = false

  /// Nil where `rule` is no line of ─ and spaces.
  init?(header: String, rule: String) {
    guard rule.hasPrefix("─"), rule.allSatisfy({ $0 == "─" || $0 == " " }) else { return nil }
    let characters = Array(rule)
    starts = characters.indices.filter {
      characters[$0] == "─" && ($0 == 0 || characters[$0 - 1] == " ")
    }
    titles = cells(header).map { cell in
      let parts = cell.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.contains("…") { hasMoreColumns = true }
      return parts.filter { !$0.isEmpty && $0 != "…" }.joined(separator: "  ")
    }
  }

  private func cells(_ line: String) -> [String] {
    let characters = Array(line)
    return zip(starts, starts.dropFirst() + [characters.count]).map { start, end in
      let range = min(start, characters.count)..<max(min(start, characters.count), min(end, characters.count))
      return String(characters[range]).trimmingCharacters(in: .whitespaces)
    }
  }

  /// Takes a line as the next row, where it is one.
  mutating func take(_ line: String) -> Bool {
    if line.trimmingCharacters(in: .whitespaces) == "…" {
      hasMoreRows = true
      return true
    }
    let characters = Array(line)
    let keepsColumns = starts.dropFirst().allSatisfy { start in
      characters[min(start - 2, characters.count)..<min(start, characters.count)].allSatisfy { $0 == " " }
    }
    // A line that is no longer than the first column is one of its own.
    let row = cells(line)
    guard keepsColumns, row.dropFirst().contains(where: { !$0.isEmpty }) else { return false }
    rows.append(row)
    return true
  }

  // MARK: - Comparing

  /// Where the columns of this stand in `real`; nil where one is not there, stands elsewhere, or is left out
  /// without a word.
  func columns(in real: OutputTable) -> [Int]? {
    var found: [Int] = []
    for title in titles {
      let rest = real.titles.indices.dropFirst(found.last.map { $0 + 1 } ?? 0)
      guard let place = rest.first(where: { real.titles[$0] == title }) else { return nil }
      found.append(place)
    }
    return hasMoreColumns || found.count == real.titles.count ? found : nil
  }

  /// What the rows of this have that those of `real`, which has its columns, do not.
  func rowDifferences(from real: OutputTable, ignoring columns: Set<String>) -> [String] {
    let places = self.columns(in: real) ?? []
    let compared = titles.indices.filter { !columns.contains(titles[$0]) }
    func cells(_ row: [String], unlike other: [String]) -> [String] {
      compared.filter { !OutputShape.agree(row[$0], other[places[$0]]) }.map {
        "\(row[0]), \(titles[$0]): \"\(other[places[$0]])\" for \"\(row[$0])\""
      }
    }
    var (rest, differences) = (real.rows[...], [String]())
    for row in rows {
      let called = rest.indices.filter { OutputTable.isTitle(row[0], of: rest[$0][0]) }
      // Several rows may be called the same.
      if let place = called.first(where: { cells(row, unlike: rest[$0]).isEmpty }) ?? called.first {
        differences += cells(row, unlike: rest[place])
        rest = rest[(place + 1)...]
      } else {
        differences.append("no row \"\(row[0])\" among \(rest.map { $0[0] })")
      }
    }
    if !hasMoreRows, differences.isEmpty, rows.count != real.rows.count {
      differences.append("not all of the rows \(real.rows.map { $0[0] })")
    }
    return differences
  }

  /// The titles of rows are compared with their numbers.
  private static func isTitle(_ shown: String, of real: String) -> Bool {
    shown.hasSuffix("…") ? real.hasPrefix(shown.dropLast()) : shown == real
  }
}
