/// A table as GitHub's Markdown has it: a row of names, one of dashes and colons, and rows of cells between
/// strokes. Says how a line is cut into cells, not which lines are rows.
struct MarkdownTable: Sendable {
  enum Alignment: Sendable { case none, left, centre, right }

  let alignments: [Alignment]
  let header: [[Unicode.Scalar]]
  /// As many cells as the header has, or fewer.
  private(set) var rows: [[[Unicode.Scalar]]] = []

  /// - Returns: nil where the lines do not begin a table.
  init?(header: some BidirectionalCollection<Unicode.Scalar>, dashes: ArraySlice<Unicode.Scalar>) {
    guard dashes.allSatisfy({ "-:|".unicodeScalars.contains($0) || $0.isMarkdownBlank }) else { return nil }
    let alignments = Self.cells(dashes).compactMap(Self.alignment)
    guard !alignments.isEmpty, header.contains("|"), alignments.count == Self.cells(dashes).count else {
      return nil
    }
    self.header = Self.cells(header)
    self.alignments = alignments
    guard self.header.count == alignments.count else { return nil }
  }

  mutating func append(_ line: ArraySlice<Unicode.Scalar>) {
    rows.append(Array(Self.cells(line).prefix(header.count)))
  }

  private static func alignment(_ cell: [Unicode.Scalar]) -> Alignment? {
    guard let first = cell.first, let last = cell.last else { return nil }
    let dashes = cell.dropFirst(first == ":" ? 1 : 0).dropLast(last == ":" ? 1 : 0)
    guard !dashes.isEmpty, dashes.allSatisfy({ $0 == "-" }) else { return nil }
    return switch (first, last) {
    case (":", ":"): .centre
    case (":", _): .left
    case (_, ":"): .right
    default: Alignment.none
    }
  }

  /// The cells of a line; a stroke after a backslash is part of one, even in code.
  private static func cells(_ line: some BidirectionalCollection<Unicode.Scalar>) -> [[Unicode.Scalar]] {
    var cells: [[Unicode.Scalar]] = [[]]
    for scalar in line.trimmed() {
      if scalar != "|" {
        cells[cells.count - 1].append(scalar)
      } else if cells[cells.count - 1].last == "\\" {
        cells[cells.count - 1][cells[cells.count - 1].count - 1] = "|"
      } else {
        cells.append([])
      }
    }
    if cells.first?.isEmpty == true { cells.removeFirst() }
    if cells.last?.isEmpty == true { cells.removeLast() }
    return cells.map { Array($0.trimmed()) }
  }
}
