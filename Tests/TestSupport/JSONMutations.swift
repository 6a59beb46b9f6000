import Foundation

/// Every field of a JSON text, set to values that it should not have.
package enum JSONMutations {
  package struct Mutation: Sendable, CustomStringConvertible {
    /// `journal.records.0.step`
    package let field: String
    package let value: String
    package let text: String
    package var description: String { "\(field) = \(value)" }
  }

  /// As JSON; the last ones are none, or numbers that no type holds.
  package static let values = [
    "-1", "0", "1", "9223372036854775807", "4611686018427387904", "0.5", "1e300", "\"\"", "null", "true",
    "[]", "[1]",
    "{}", "NaN", "1e999",
  ]

  /// The text with each of its fields in turn, those of fields and lists included, set to each of ``values``,
  /// and left out.
  package static func all(of text: String) throws -> [Mutation] {
    let root = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let original = try string(root)
    var mutations: [Mutation] = []
    for path in paths(root) {
      let field = path.joined(separator: ".")
      for value in values {
        let changed = try string(replacing(root, path[...], by: mark))
        mutations.append(
          Mutation(
            field: field, value: value, text: changed.replacingOccurrences(of: "\"\(mark)\"", with: value)))
      }
      mutations.append(
        Mutation(field: field, value: "nothing", text: try string(replacing(root, path[...], by: nil))))
    }
    return mutations.filter { $0.text != original }
  }

  private static let mark = "the mutated value"

  private static func string(_ value: Any) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
  }

  private static func paths(_ value: Any) -> [[String]] {
    if let fields = value as? [String: Any] {
      return fields.keys.sorted().flatMap { key in [[key]] + paths(fields[key] ?? "").map { [key] + $0 } }
    }
    if let elements = value as? [Any] {
      return elements.indices.flatMap { index in
        [["\(index)"]] + paths(elements[index]).map { ["\(index)"] + $0 }
      }
    }
    return []
  }

  /// - Parameter new: nil to leave the field out.
  private static func replacing(_ value: Any, _ path: ArraySlice<String>, by new: String?) -> Any {
    guard let name = path.first else { return new ?? value }
    let isLast = path.count == 1
    if var fields = value as? [String: Any] {
      fields[name] = isLast && new == nil ? nil : replacing(fields[name] ?? "", path.dropFirst(), by: new)
      return fields
    }
    if var elements = value as? [Any], let index = Int(name) {
      if isLast && new == nil {
        elements.remove(at: index)
      } else {
        elements[index] = replacing(elements[index], path.dropFirst(), by: new)
      }
      return elements
    }
    return value
  }
}
