import FoundationEssentials

/// Checks the fields of a file that was decoded from JSON; an error names the first that is not what it
/// should be.
package struct FieldCheck {
  private let path: String

  package init(path: String) { self.path = path }

  /// - Parameters:
  ///   - isRight: whether the field is what it should be.
  ///   - field: its name, with those above it: `settings.batchSize`.
  ///   - expected: goes on from "expected settings.batchSize": "from 1 to 10".
  /// - Throws: ``FileError/malformed(path:expected:found:)`` where it is not.
  package func callAsFunction(
    _ isRight: Bool, _ field: String, _ expected: String, found: @autoclosure () -> Any
  ) throws(FileError) {
    guard isRight else {
      throw .malformed(path: path, expected: "\(field) \(expected)", found: "\(found())")
    }
  }

  /// The value that `text` holds.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the field that is missing or of another
  ///   kind.
  package func decoded<Value: Decodable>(_ type: Value.Type, from text: String) throws(FileError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .malformed(path: path, expected: Self.expectation(error), found: "something else")
    }
  }

  private static func expectation(_ error: any Error) -> String {
    func field(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    return switch error as? DecodingError {
    case .typeMismatch(let type, let place), .valueNotFound(let type, let place):
      "\(field(place.codingPath)) of the type \(type)"
    case .keyNotFound(let key, let place): "a field \(field(place.codingPath + [key]))"
    case .dataCorrupted(let place) where !place.codingPath.isEmpty:
      "a possible value of \(field(place.codingPath))"
    default: "JSON"
    }
  }
}
