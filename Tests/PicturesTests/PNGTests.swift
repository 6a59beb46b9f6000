import Files
import Foundation
import Pictures
import Testing

/// What is written can be read again, and what is not a whole PNG is refused in a sentence.
@Suite struct PNGTests {
  /// 5 × 3 pixels, all different.
  private static func sample(channels: Int) -> Bitmap {
    let pixels = (0..<15 * channels).map { UInt8($0 * 5) }
    return Bitmap(width: 5, height: 3, channels: channels, pixels: pixels)
  }

  @Test(arguments: [1, 3]) func aRoundTripKeepsEveryPixel(channels: Int) throws {
    let bitmap = Self.sample(channels: channels)
    let decoded = try PNG.decode(PNG.encode(bitmap), path: "sample.png")
    #expect(decoded == bitmap)
    let corner: Color =
      channels == 1 ? Color(red: 70, green: 70, blue: 70) : Color(red: 210, green: 215, blue: 220)
    #expect(decoded[4, 2] == corner)
  }

  @Test func everyGreyValueSurvives() throws {
    let bitmap = Bitmap(width: 16, height: 16, channels: 1, pixels: (0...255).map { UInt8($0) })
    #expect(try PNG.decode(PNG.encode(bitmap), path: "grey.png") == bitmap)
  }

  @Test(arguments: [(1, UInt8(0)), (3, UInt8(2))])
  func theHeaderSaysWhatIsInside(channels: Int, colorType: UInt8) throws {
    let bytes = [UInt8](try PNG.encode(Self.sample(channels: channels)))
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(Array(bytes[16..<26]) == [0, 0, 0, 5, 0, 0, 0, 3, 8, colorType])
  }

  @Test func theSameBitmapGivesTheSameBytes() throws {
    #expect(try PNG.encode(Self.sample(channels: 3)) == PNG.encode(Self.sample(channels: 3)))
  }

  /// Two pixels each, written chunk by chunk after the PNG specification: red and transparent (colour type
  /// 6), red and blue from a palette (colour type 3), black and white in 16-bit grey, and two greys of 16
  /// bits.
  @Test func otherKindsBecomeGreyOrRGBOnBlack() throws {
    func decode(_ base64: String) throws -> Bitmap {
      try PNG.decode(#require(Data(base64Encoded: base64)), path: "other.png")
    }
    let red: [UInt8] = [255, 0, 0]
    #expect(try decode(Self.transparent).pixels == red + [0, 0, 0])
    #expect(try decode(Self.palette).pixels == red + [0, 0, 255])
    // As bright as their upper eight bits.
    #expect(try decode(Self.sixteenBitGreys).pixels == [64, 128])
    let grey = try decode(Self.sixteenBit)
    #expect(grey.channels == 1 && grey.pixels == [0, 255])
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try PNG.encode(Self.sample(channels: 3))
    for length in 0..<data.count {
      expectMalformed(data.prefix(length))
    }
  }

  @Test func aFlippedBitInThePixelsIsRefused() throws {
    let data = try PNG.encode(Self.sample(channels: 3))
    let start = try #require(data.range(of: Data("IDAT".utf8))).upperBound
    for position in start..<data.count - 16 {
      var damaged = data
      damaged[position] ^= 0x10
      expectMalformed(damaged)
    }
  }

  @Test(arguments: [(5, 4), (6, 3), (5, 2), (4, 3), (16000, 16000), (1 << 31 - 1, 3), (0, 3), (5, 0)])
  func aHeaderThatLiesAboutTheSizeIsRefused(width: Int, height: Int) throws {
    var data = try PNG.encode(Self.sample(channels: 3))
    data.replaceSubrange(16..<20, with: Self.bigEndian(UInt32(width)))
    data.replaceSubrange(20..<24, with: Self.bigEndian(UInt32(height)))
    data.replaceSubrange(29..<33, with: Self.bigEndian(Self.checksum(data[12..<29])))
    expectMalformed(data)
  }

  /// 60,000 × 60,000 pixels of nothing: 200 kB that would be 3.6 GB. Refused by the header, whatever follows.
  @Test(arguments: [(60_000, 60_000), (60_000, 1200), (1, 70_000_000), (70_000_000, 1)])
  func aPictureLargerThanMemoryIsRefusedByItsHeader(width: Int, height: Int) throws {
    var data = try PNG.encode(Self.sample(channels: 1))
    data.replaceSubrange(16..<20, with: Self.bigEndian(UInt32(width)))
    data.replaceSubrange(20..<24, with: Self.bigEndian(UInt32(height)))
    data.replaceSubrange(29..<33, with: Self.bigEndian(Self.checksum(data[12..<29])))
    let content = Data("IDAT".utf8) + Data(count: 200_000)
    let chunk = Data(Self.bigEndian(200_000)) + content + Data(Self.bigEndian(Self.checksum(content)))
    data.insert(contentsOf: chunk, at: 33)
    let error = #expect(throws: FileError.self) { try PNG.decode(data, path: "bomb.png") }
    #expect(error?.description.contains("at most \(Picture.maximumPixels) pixels") == true)
  }

  @Test func aChunkThatClaimsMoreThanTheFileIsRefused() throws {
    var data = try PNG.encode(Self.sample(channels: 1))
    let start = try #require(data.range(of: Data("IDAT".utf8))).lowerBound
    data.replaceSubrange(start - 4..<start, with: [0xFF, 0xFF, 0xFF, 0xFF])
    expectMalformed(data)
  }

  @Test func otherBytesAreRefused() {
    expectMalformed(Data("GIF89a, not a PNG".utf8))
    expectMalformed(Data(repeating: 0, count: 100))
  }

  private func expectMalformed(_ data: Data, _ location: SourceLocation = #_sourceLocation) {
    do {
      let bitmap = try PNG.decode(data, path: "bad.png")
      Issue.record("read \(bitmap.width) × \(bitmap.height) from a bad PNG", sourceLocation: location)
    } catch {
      guard case .malformed(path: "bad.png", _, _) = error else {
        Issue.record("\(error)", sourceLocation: location)
        return
      }
    }
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 as the PNG specification defines it.
  private static func checksum(_ bytes: Data) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
      }
    }
  }

  private static let transparent =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAD0lEQVR4nGP4z8AARAwMAAz8Af9c/RSVAAAAAElFTkSuQmCC"
  private static let palette =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEX/AAAAAP9sof2OAAAAC0lEQVR4nGNgYAQAAAQAAr96P0oAAAAASUVORK5CYII="
  private static let sixteenBitGreys =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGN0cHBwAAACigEC/GR/iwAAAABJRU5ErkJggg=="
  private static let sixteenBit =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYPj/HwADAgH/5ncLrgAAAABJRU5ErkJggg=="
}
