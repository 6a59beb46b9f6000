import Foundation
import Testing

/// What NumPy wrote, and what is in it (Tests/Fixtures/make_array_fixtures.py).
struct ArrayFixtures: Decodable, Sendable {
  struct Array: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: Data
    let shape: [Int]
    let element: String
    let integers: [Int]?
    let reals: [Double]?
    var testDescription: String { name }
  }

  struct Refused: Decodable, Sendable, CustomTestStringConvertible {
    let words: String
    let file: Data
    var testDescription: String { words }
  }

  let arrays: [Array]
  let refused: [Refused]
  let archives: [String: Data]

  /// Empty where the file is missing or not of this form, which a test notices.
  static let all: ArrayFixtures = {
    let url = Bundle.module.url(forResource: "arrays", withExtension: "json", subdirectory: "Fixtures")
    let file = url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(ArrayFixtures.self, from: $0)
    }
    return file ?? ArrayFixtures(arrays: [], refused: [], archives: [:])
  }()
}
