import FoundationEssentials

/// How results become JSON: snake_case keys in alphabetical order, so that equal results are equal bytes.
///
/// JSON has no number for what is not finite, and no table should show one: every command lets its result
/// pass here before anything of it is printed or written.
package enum JSON {
  package static func text(_ value: some Encodable) throws -> String { try encode(value, [.prettyPrinted]) }

  /// The same on one line.
  package static func line(_ value: some Encodable) throws -> String { try encode(value, []) }

  /// Reads what ``text(_:)`` and ``line(_:)`` write.
  ///
  /// - Throws: `DecodingError`; the caller knows the path, and what was expected there.
  package static func value<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: data)
  }

  /// - Throws: ``NotFinite`` where a number of the result is none; whoever has the data that it follows from
  ///   names those.
  package static func check(_ value: some Encodable) throws { _ = try encode(value, []) }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch EncodingError.invalidValue(let found, let context) {
      throw NotFinite(field: field(context.codingPath), value: "\(found)")
    }
  }

  /// A place in a file, such as `results[0].judges.conv.precision`.
  package static func field(_ path: [any CodingKey]) -> String {
    path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? snakeCase(key.stringValue) : "\(text).\(snakeCase(key.stringValue))"
    }
  }

  private static func snakeCase(_ name: String) -> String {
    name.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
  }
}

/// A result that is not a number, or beyond all numbers.
public struct NotFinite: Error, CustomStringConvertible {
  /// Where in the result.
  public let field: String
  /// What stands there, such as `nan` or `inf`.
  public let value: String

  /// One sentence for a person, with the field and the value.
  public var description: String {
    "\(field.visible()): the result is \(value.visible()), where a finite number was expected; nothing is reported"
  }
}
