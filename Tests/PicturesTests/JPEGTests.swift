import Files
import Foundation
import Pictures
import Testing

/// JPEGs of every kind against what Pillow makes of them.
@Suite struct JPEGTests {
  /// What Pillow wrote and read (Tests/Fixtures/make_picture_fixtures.py).
  struct Sample: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let file: Data
    let size: [Int]
    let channels: Int
    let pixels: Data
    var description: String { name }
  }

  static let samples: [Sample] = {
    let url = Bundle.module.url(forResource: "jpegs", withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? JSONDecoder().decode([Sample].self, from: Data(contentsOf: $0)) } ?? []
  }()

  @Test func thereAreSamples() { #expect(Self.samples.count == 23) }

  @Test(arguments: samples) func pixelsAreThoseOfPillow(_ sample: Sample) throws {
    // The name says nothing: the bytes do.
    let picture = try Picture(sample.file, path: "\(sample.name).png")
    let bitmap = picture.bitmap
    #expect([bitmap.height, bitmap.width, bitmap.channels] == sample.size + [sample.channels])
    #expect(bitmap.pixels == [UInt8](sample.pixels))
    #expect(!picture.isTransparent && !picture.hasProfile)
    #expect(
      picture.isTurned == ["2", "3", "4", "5", "6", "7", "8"].contains { sample.name == "orientation \($0)" })
  }

  @Test(arguments: samples.filter { $0.name != "bytes behind the end" })
  func everyCutIsRefused(_ sample: Sample) {
    for length in Array(stride(from: 0, to: sample.file.count, by: 11)) + [sample.file.count - 1] {
      #expect(throws: FileError.self) { try Picture(sample.file.prefix(length), path: sample.name) }
    }
  }

  @Test func aHugeHeaderCostsNothing() throws {
    var file = try #require(Self.samples.first { $0.name == "4:4:4" }).file
    let frame = try #require(file.firstRange(of: Data([0xFF, 0xC0])))
    file.replaceSubrange(frame.upperBound + 3..<frame.upperBound + 7, with: [0xEA, 0x60, 0xEA, 0x60])
    #expect(
      throws: FileError.malformed(
        path: "big.jpg", expected: "at most 67108864 pixels", found: "60000 × 60000")
    ) { try Picture(file, path: "big.jpg") }
  }

  @Test func twelveBitsAreRefused() throws {
    var file = try #require(Self.samples.first { $0.name == "grey" }).file
    let frame = try #require(file.firstRange(of: Data([0xFF, 0xC0])))
    file[frame.upperBound + 2] = 12
    #expect(
      throws: FileError.malformed(
        path: "a.jpg", expected: "a JPEG of 8 bits in grey, three or four colours",
        found: "12 bits in 1 components")
    ) { try Picture(file, path: "a.jpg") }
  }

  @Test func whatIsNoPictureIsNamed() {
    #expect(
      throws: FileError.malformed(path: "a.jpg", expected: "a PNG or JPEG picture", found: "an empty file")
    ) { try Picture(Data(), path: "a.jpg") }
    #expect(
      throws: FileError.malformed(
        path: "a.jpg", expected: "a PNG or JPEG picture", found: "a GIF picture; convert it to PNG")
    ) { try Picture(Data("GIF89a".utf8), path: "a.jpg") }
  }
}
