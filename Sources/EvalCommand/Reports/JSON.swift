import Files
import Foundation

/// How results become JSON: snake_case keys in alphabetical order, so that equal results are equal bytes.
enum JSON {
  static func text(_ value: some Encodable) throws -> String { try encode(value, [.prettyPrinted]) }

  /// The same on one line.
  static func line(_ value: some Encodable) throws -> String { try encode(value, []) }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// Lines of comma-separated values (RFC 4180).
struct CSV {
  private(set) var text: String

  init(_ header: [String]) {
    text = ""
    add(header)
  }

  mutating func add(_ fields: [String]) {
    text += fields.map(Self.quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
