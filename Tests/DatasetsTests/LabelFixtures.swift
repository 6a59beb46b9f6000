import Foundation

/// Labels as NumPy saves them (Tests/Fixtures/make_array_fixtures.py).
struct LabelFixtures: Decodable, Sendable {
  struct File: Decodable, Sendable, CustomStringConvertible {
    /// Of those that are refused: what the error says.
    let name: String
    let file: Data
    var description: String { name }
  }

  let names: [String]
  let labels: [Int]
  let truths: Data
  let read: [File]
  let refused: [File]

  /// Empty where the file is missing or not of this form, which a test notices.
  static let all: LabelFixtures = {
    let url = Bundle.module.url(forResource: "labels", withExtension: "json", subdirectory: "Fixtures")
    let file = url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(LabelFixtures.self, from: $0)
    }
    return file ?? LabelFixtures(names: [], labels: [], truths: Data(), read: [], refused: [])
  }()
}
