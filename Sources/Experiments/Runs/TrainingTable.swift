import Files
import FoundationEssentials

/// The figures of a training, step by step or epoch by epoch, read again from `losses.csv` or `history.csv`.
package struct TrainingTable: Sendable {
  package struct Row: Sendable {
    package let position: Int
    /// One for each name.
    package let values: [Double]
  }

  /// What a training was warned of.
  package struct Warning: Sendable {
    package let position: Int
    package let text: String
  }

  package let names: [String]
  package let rows: [Row]
  package let warnings: [Warning]

  /// - Parameter position: what the first column is called.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the line.
  package init(_ data: Data, position: String, path: String) throws(FileError) {
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .malformed(path: path, expected: "lines of figures", found: "other bytes")
    }
    let lines = CSVRows.parse(text)
    guard let header = lines.first, header.first == position else {
      throw .malformed(
        path: path, expected: "a first column \(position)", found: lines.first?.first ?? "an empty file")
    }
    let hasWarnings = header.last == "warning"
    names = Array(header.dropFirst().dropLast(hasWarnings ? 1 : 0))
    var (rows, warnings) = ([Row](), [Warning]())
    for (index, line) in lines.enumerated().dropFirst() {
      let fields = line.dropFirst().prefix(names.count)
      guard line.count == header.count, let position = Int(line[0]) else {
        throw .malformed(
          path: path, expected: "\(header.count) fields in line \(index + 1)",
          found: line.joined(separator: ","))
      }
      if hasWarnings, let warning = line.last, !warning.isEmpty {
        warnings.append(Warning(position: position, text: warning))
      }
      // A line for a warning alone.
      if fields.allSatisfy(\.isEmpty) { continue }
      let values = fields.compactMap(Double.init)
      guard values.count == names.count, values.allSatisfy(\.isFinite) else {
        throw .malformed(
          path: path, expected: "finite numbers in line \(index + 1)", found: line.joined(separator: ","))
      }
      rows.append(Row(position: position, values: values))
    }
    (self.rows, self.warnings) = (rows, warnings)
  }

  /// At most `count` rows, evenly spaced, with the first and the last.
  package func sample(_ count: Int) -> [Row] {
    guard rows.count > count, count > 1 else { return rows }
    return (0..<count).map { rows[$0 * (rows.count - 1) / (count - 1)] }
  }
}

extension StoredPart {
  /// The table `name` of a training's folder.
  package func table(_ name: String, position: String) throws(FileError) -> (data: Data, table: TrainingTable)
  {
    let data = try data(name)
    return (data, try TrainingTable(data, position: position, path: "\(folder)/\(name)"))
  }

  /// The first and the last of the grids that a training drew, by their names below its folder.
  package var grids: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/grids")) ?? []
    let steps = names.filter { GridName.step(of: $0) != nil }.sorted()
    return Text.distinct([steps.first, steps.last].compactMap { $0 }).map { "grids/\($0)" }
  }
}
