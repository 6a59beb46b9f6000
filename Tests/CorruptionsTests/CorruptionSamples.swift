import Corruptions
import Datasets
import Foundation
import Kernels

/// One image after every corruption, by scikit-image, SciPy and OpenCV
/// (Tests/Fixtures/make_corruption_fixtures.py).
struct CorruptionFixtures: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomStringConvertible {
    let corruption: String
    let severity: Int
    let pixels: Data
    var description: String { "\(corruption) \(severity)" }
  }

  let seed: UInt64
  let size: Int
  let clean: Data
  let cases: [Case]

  var image: GreyImage { GreyImage(bytes: clean, height: size, width: size) }

  /// Empty where the file is missing or not of this form, which a test notices.
  static let all: CorruptionFixtures = {
    let url = Bundle.module.url(forResource: "corruptions", withExtension: "json", subdirectory: "Fixtures")
    let file = url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(CorruptionFixtures.self, from: $0)
    }
    return file ?? CorruptionFixtures(seed: 0, size: 0, clean: Data(), cases: [])
  }()
}

/// An entry of the catalogue, as an argument of a test.
struct CorruptionChoice: Sendable, CustomStringConvertible {
  let corruption: any Corruption
  var description: String { corruption.name }

  static let all = CorruptionCatalog.all.map { CorruptionChoice(corruption: $0) }

  static func those(_ severities: SeverityOrder) -> [CorruptionChoice] {
    all.filter { $0.corruption.severities == severities }
  }
}

/// Images to corrupt.
enum CorruptionSamples {
  /// Slanted ellipses with a gradient and some grain on black, 28×28: long and short, like clothes and shoes.
  static let ellipses: LabeledImages = {
    let count = 24
    let pixels = (0..<count).flatMap { index -> [UInt8] in
      let key = Key(seed: 11).derived(index)
      func number(_ place: Int, _ low: Double, _ high: Double) -> Double {
        low + (high - low) * Double(key.word(place) >> 11) * 0x1p-53
      }
      let (long, short) = (number(0, 9, 13), number(1, 3, 6))
      let (angle, base) = (number(2, 0, .pi), number(3, 80, 160))
      return (0..<28 * 28).map { pixel in
        let (x, y) = (Double(pixel % 28) - 13.5, Double(pixel / 28) - 13.5)
        let (u, v) = (x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle))
        guard u * u / (long * long) + v * v / (short * short) < 1 else { return 0 }
        return UInt8(base + 4 * u + number(10 + pixel, 0, 30))
      }
    }
    return LabeledImages(
      name: "ellipses", split: .test, height: 28, width: 28, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 3) }, labelNames: ["0", "1", "2"])
  }()

  /// The first of Fashion-MNIST's test images, where they are installed.
  static let fashion: LabeledImages? = {
    let dataset = DatasetCatalog.fashionMNIST
    guard let found = try? DatasetLocator().find(dataset) else { return nil }
    return (try? dataset.load(.test, from: found.folder))?.prefix(60)
  }()

  static func constant(_ value: Double, side: Int = 200) -> GreyImage {
    GreyImage(height: side, width: side, pixels: [Double](repeating: value, count: side * side))
  }
}
