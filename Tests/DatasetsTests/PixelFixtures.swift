import Foundation

/// What Pillow made of images (Tests/Fixtures/make_array_fixtures.py).
struct PixelFixtures: Decodable, Sendable {
  struct Resizing: Decodable, Sendable, CustomStringConvertible {
    let size: [Int]
    let newSize: [Int]
    let pixels: Data
    let resized: Data
    var description: String { "\(size) to \(newSize)" }
  }

  let resizing: [Resizing]
  let color: Data
  let grey: Data

  /// Empty where the file is missing or not of this form, which a test notices.
  static let all: PixelFixtures = {
    let url = Bundle.module.url(forResource: "pixels", withExtension: "json", subdirectory: "Fixtures")
    let file = url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(PixelFixtures.self, from: $0)
    }
    return file ?? PixelFixtures(resizing: [], color: Data(), grey: Data())
  }()
}
