import Foundation
import Pictures
import Testing

/// Every kind of PNG against what Pillow makes of it: its samples as they are, over black where they are
/// transparent.
@Suite struct PNGPictureTests {
  /// What Pillow wrote and read (Tests/Fixtures/make_array_fixtures.py).
  struct Sample: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let file: Data
    let size: [Int]
    let channels: Int
    let transparent: Bool
    let gamma: Double?
    let pixels: Data
    var description: String { name }
  }

  static let samples: [Sample] = {
    let url = Bundle.module.url(forResource: "samples", withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? JSONDecoder().decode([Sample].self, from: Data(contentsOf: $0)) } ?? []
  }()

  @Test func thereAreSamples() { #expect(Self.samples.count == 47) }

  @Test(arguments: samples) func samplesAreThoseOfPillow(_ sample: Sample) throws {
    let picture = try Picture(sample.file, path: sample.name)
    let bitmap = picture.bitmap
    #expect([bitmap.height, bitmap.width, bitmap.channels] == sample.size + [sample.channels])
    #expect(bitmap.pixels == [UInt8](sample.pixels))
    #expect(picture.isTransparent == sample.transparent)
    #expect(picture.gamma == sample.gamma)
    #expect(!picture.hasProfile)
  }

  @Test(arguments: samples) func everyCutIsRefused(_ sample: Sample) {
    for length in stride(from: 0, to: sample.file.count, by: 7) {
      #expect(throws: (any Error).self) { try Picture(sample.file.prefix(length), path: sample.name) }
    }
  }
}
