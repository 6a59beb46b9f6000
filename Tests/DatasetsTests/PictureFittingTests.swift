import Datasets
import Foundation
import Pictures
import Testing

/// Pictures cropped, padded and resized, against Pillow.
@Suite struct PictureFittingTests {
  /// What Pillow made (Tests/Fixtures/make_picture_fixtures.py).
  struct Sample: Decodable, Sendable, CustomStringConvertible {
    let size: [Int]
    let channels: Int
    let pixels: Data
    let grey: Bool
    let fit: String
    let side: Int
    let fitted: Data
    var description: String { "\(size)×\(channels) \(fit) to \(side)\(grey ? ", grey" : "")" }
  }

  static let samples: [Sample] = {
    let url = Bundle.module.url(forResource: "fittings", withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? JSONDecoder().decode([Sample].self, from: Data(contentsOf: $0)) } ?? []
  }()

  @Test func thereAreSamples() { #expect(Self.samples.count == 64) }

  @Test(arguments: samples) func imagesAreThoseOfPillow(_ sample: Sample) throws {
    let fitting = PictureFitting(
      try #require(PictureFitting.Fit(rawValue: sample.fit)), size: sample.side,
      background: Color(hex: 0xFFCC00),
      isGrey: sample.grey)
    let bitmap = Bitmap(
      width: sample.size[1], height: sample.size[0], channels: sample.channels, pixels: [UInt8](sample.pixels)
    )
    #expect(fitting(bitmap) == [UInt8](sample.fitted))
  }
}
