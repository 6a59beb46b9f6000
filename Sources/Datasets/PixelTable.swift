import Files
import Glibc

/// Images and their labels as a table of text: an image a line, its label and its pixels, row by row.
///
/// The form of Kaggle's MNIST and Fashion-MNIST (`label,pixel1,…,pixel784`), with or without a line of names.
/// The label stands first, or where the names say; columns called `id` or not at all are passed over. Fields
/// are whole numbers from 0 to 255, quoted or not, between commas, semicolons or tabs. Grey, square images
/// only. Reads the file line by line.
struct PixelTable {
  /// Rows and columns of an image.
  private(set) var side = 0
  /// `[N, side, side]`; empty where only the labels were read.
  private(set) var pixels: [UInt8] = []
  private(set) var labels: [UInt8] = []

  private let path: String
  private var columns: Columns?
  private var row: [UInt8] = []

  /// What stands where in a line.
  private struct Columns {
    enum Content { case label, pixel, other }
    let separator: UInt8
    let contents: [Content]
    let pixels: Int

    init(separator: UInt8, _ contents: [Content]) {
      (self.separator, self.contents) = (separator, contents)
      pixels = contents.count { $0 == .pixel }
    }
  }

  private static let labelTitles: Set<String> = ["label", "labels", "class", "target", "y"]
  private static let otherTitles: Set<String> = ["", "id", "index", "unnamed: 0"]

  /// - Parameter labelsOnly: do not look at the pixels.
  /// - Throws: ``FileError/missing(path:remedy:)``, ``FileError/unreadable(path:reason:)``, and
  ///   ``FileError/malformed(path:expected:found:)`` with the line for everything that is not as above.
  init(contentsOf path: String, labelsOnly: Bool = false) throws(FileError) {
    self.path = path
    var lines = try FileLines(path)
    while var line = try lines.next() {
      if lines.number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = .init(rebasing: line[3...]) }
      if line.allSatisfy({ Self.isBlank($0) }) { continue }
      if let columns {
        try read(line, number: lines.number, columns, labelsOnly: labelsOnly)
      } else {
        let (columns, isNames) = try columns(line, number: lines.number)
        self.columns = columns
        side = Int(Double(columns.pixels).squareRoot())
        row = [UInt8](repeating: 0, count: columns.pixels)
        if !isNames { try read(line, number: lines.number, columns, labelsOnly: labelsOnly) }
      }
    }
    guard !labels.isEmpty else {
      throw .malformed(path: path, expected: "at least one image, a line each", found: "none")
    }
  }

  // MARK: - The first line

  private func columns(
    _ line: UnsafeBufferPointer<UInt8>, number: Int
  ) throws(FileError) -> (Columns, isNames: Bool) {
    let separator = [44, 59, 9].first { line.contains($0) } ?? 44
    let fields = line.split(separator: separator, omittingEmptySubsequences: false).map { field in
      String(decoding: field, as: UTF8.self).trimmed { " \t\r\"".contains($0) }
    }
    let titles = fields.map { $0.lowercased() }
    let isNames =
      titles.contains(where: Self.labelTitles.contains)
      || fields.prefix(2).contains { $0.first?.isLetter == true }
    guard isNames else {
      let contents = [.label] + [Columns.Content](repeating: .pixel, count: fields.count - 1)
      return (try checked(Columns(separator: separator, contents), number), false)
    }
    guard let label = titles.firstIndex(where: Self.labelTitles.contains) else {
      throw .malformed(
        path: path, expected: "a column called label",
        found:
          "\(fields.count) columns from \(fields[0]) to \(fields[fields.count - 1]), images without labels")
    }
    let contents = titles.enumerated().map { column, title -> Columns.Content in
      column == label ? .label : Self.otherTitles.contains(title) ? .other : .pixel
    }
    return (try checked(Columns(separator: separator, contents), number), true)
  }

  private func checked(_ columns: Columns, _ number: Int) throws(FileError) -> Columns {
    func isSquare(_ count: Int) -> Bool {
      let side = Int(Double(count).squareRoot())
      return count > 0 && side * side == count
    }
    guard isSquare(columns.pixels) else {
      let count = columns.contents.count
      let meaning = count > 1 && isSquare(count) ? ", which are pixels without a label" : ""
      throw .malformed(
        path: path, expected: "a label and the pixels of a square image in each line, such as 1 + 784",
        found: "\(count) \(count == 1 ? "field" : "fields") in line \(number)\(meaning)")
    }
    return columns
  }

  // MARK: - Images

  private mutating func read(
    _ line: UnsafeBufferPointer<UInt8>, number: Int, _ columns: Columns, labelsOnly: Bool
  ) throws(FileError) {
    let separator = columns.separator
    var (place, column, pixel) = (0, 0, 0)
    var label: UInt8 = 0
    while true {
      let content = column < columns.contents.count ? columns.contents[column] : .other
      if content == .other || labelsOnly && content == .pixel {
        place = line[place...].firstIndex(of: separator) ?? line.count
      } else {
        let start = place
        guard let value = Self.byte(line, &place, separator) else {
          let end = line[start...].firstIndex(of: separator) ?? line.count
          let text = String(decoding: line[start..<end], as: UTF8.self).trimmed()
          throw .malformed(
            path: path, expected: "whole numbers from 0 to 255",
            found: "\"\(text)\" in line \(number), field \(column + 1)")
        }
        if content == .label {
          label = value
        } else {
          row[pixel] = value
          pixel += 1
        }
      }
      column += 1
      guard place < line.count else { break }
      place += 1
    }
    guard column == columns.contents.count else {
      throw .malformed(
        path: path, expected: "\(columns.contents.count) fields in each line",
        found: "\(column) in line \(number)")
    }
    labels.append(label)
    guard !labelsOnly else { return }
    pixels += row
    guard pixels.count <= IDX.largestSize else {
      throw .malformed(path: path, expected: "at most \(IDX.largestSize) pixels", found: "more")
    }
  }

  /// The number of a field and nothing else, up to the next separator or the end; nil for all but a byte.
  private static func byte(
    _ line: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ separator: UInt8
  ) -> UInt8? {
    func skipBlanks() {
      while place < line.count, isBlank(line[place]) || line[place] == 34, line[place] != separator {
        place += 1
      }
    }
    skipBlanks()
    var (value, digits) = (0, 0)
    while place < line.count, case let digit = line[place] &- 48, digit < 10 {
      value = min(value * 10 + Int(digit), 256)
      digits += 1
      place += 1
    }
    // Tables that went through floating point say 5.0.
    if digits > 0, place < line.count, line[place] == 46 {
      repeat { place += 1 } while place < line.count && line[place] == 48
    }
    skipBlanks()
    guard digits > 0, value < 256, place == line.count || line[place] == separator else { return nil }
    return UInt8(value)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}
