import Files
import FoundationEssentials

/// What the labels of a data set are called, from a file of a person.
///
/// Either one name a line, for 0 (or, where the labels begin there, 1) and so on, or the `mapping.txt` of
/// EMNIST: lines of a label and the codes of its characters, such as `36 97` or `1 65 97`. UTF-8, with any
/// kind of line end.
public struct LabelNames: Sendable, Equatable {
  /// A name for each label, in order: all different, of at most 100 characters that print.
  public let names: [String]
  /// The label that the first name is for, where the file says it.
  public let first: Int?

  /// The most labels of a set: they are bytes.
  public static let largestCount = 256
  static let longestName = 100

  /// Whether a name can stand in a table.
  static func isPrintable(_ name: String) -> Bool {
    !name.isEmpty && name.count <= longestName && name.visible(limit: 2 * longestName) == name
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: `FileError.missing(path:remedy:)`, `FileError.unreadable(path:reason:)`, and
  ///   `FileError.malformed(path:expected:found:)` for what is no list of different names.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(AtomicFile.read(path), path: path)
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors.
  public init(_ data: Data, path: String) throws(FileError) {
    guard data.count <= 1 << 20, let text = String(data: data, encoding: .utf8) else {
      throw .malformed(
        path: path, expected: "names of labels, one a line, in UTF-8",
        found: data.count > 1 << 20 ? "\(data.count) bytes" : "other bytes")
    }
    let plain = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    var lines = plain.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.trimmed() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard (1...Self.largestCount).contains(lines.count) else {
      throw .malformed(
        path: path, expected: "names of 1 to \(Self.largestCount) labels, one a line", found: "\(lines.count)"
      )
    }
    if let mapping = Self.mapping(lines) {
      (names, first) = mapping
    } else {
      (names, first) = (lines, nil)
    }
    try check(path)
  }

  private func check(_ path: String) throws(FileError) {
    for (line, name) in names.enumerated() {
      guard Self.isPrintable(name) else {
        throw .malformed(
          path: path, expected: "a name of 1 to \(Self.longestName) characters that print in each line",
          found: name.isEmpty ? "none in line \(line + 1)" : "\(name) in line \(line + 1)")
      }
      if let other = names.firstIndex(of: name), other != line {
        throw .malformed(
          path: path, expected: "different names",
          found: "\(name) in line \(other + 1) and in line \(line + 1)")
      }
    }
  }

  /// Labels in a row, each with the codes of its characters; nil for anything else.
  private static func mapping(_ lines: [String]) -> (names: [String], first: Int?)? {
    var entries: [(label: Int, name: String)] = []
    for line in lines {
      let numbers = line.split(whereSeparator: \.isWhitespace).map { Int($0) }
      guard numbers.count >= 2, let label = numbers[0] else { return nil }
      let characters = numbers.dropFirst().map { code in
        code.flatMap(UInt32.init(exactly:)).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
      }
      guard !characters.contains(nil) else { return nil }
      entries.append((label, characters.compactMap { $0 }.joined(separator: "/")))
    }
    entries.sort { $0.label < $1.label }
    let first = entries[0].label
    guard first >= 0, entries.indices.allSatisfy({ entries[$0].label == first + $0 }) else { return nil }
    return (entries.map(\.name), first)
  }
}

/// A label that a person named.
package enum LabelName {
  /// The position of the label called `text`, in any case, where any character may stand for one that is no
  /// letter or digit (no folder can be called T-shirt/top); else of the one with that number.
  package static func index(of text: String, in names: [String]) -> Int? {
    func key(_ text: String) -> String {
      String(text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
    if let exact = names.firstIndex(of: text) { return exact }
    if let label = names.firstIndex(where: { key($0) == key(text) }) { return label }
    return Int(text).flatMap { names.indices.contains($0) ? $0 : nil }
  }
}
