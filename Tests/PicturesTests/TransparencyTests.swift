import Files
import Foundation
import Pictures
import Testing

/// What is transparent shows the background, as much as its alpha says.
@Suite struct TransparencyTests {
  @Test func aPixelIsMixedWithTheBackground() {
    let samples = TransparentSamples([200, 100, 0, 0, 200, 100, 0, 255, 200, 100, 0, 51], channels: 4)
    #expect(samples.isTransparent)
    // 51 of 255 is a fifth.
    #expect(
      samples.laidOver(Color(hex: 0xFFCC00)) == [255, 204, 0, 200, 100, 0, 244, 183, 0])
    #expect(samples.laidOver(.black) == [0, 0, 0, 200, 100, 0, 40, 20, 0])
  }

  @Test func greyOverAColourIsRGB() {
    let samples = TransparentSamples([100, 255, 100, 0], channels: 2)
    #expect(samples.channelsOver(.white) == 1 && samples.laidOver(.white) == [100, 255])
    #expect(samples.channelsOver(Color(hex: 0x010203)) == 3)
    #expect(samples.laidOver(Color(hex: 0x010203)) == [100, 100, 100, 1, 2, 3])
  }

  @Test func whatIsOpaqueStaysAsItIs() {
    let samples = TransparentSamples([7, 255, 9, 255], channels: 2)
    #expect(!samples.isTransparent && samples.laidOver(Color(hex: 0xFFCC00)) == [7, 9])
    #expect(TransparentSamples([1, 2, 3], channels: 3).laidOver(.white) == [1, 2, 3])
  }
}

/// The eight ways to turn a picture, against the definitions of EXIF: where the first row and column go.
@Suite struct OrientationTests {
  /// 1 2 3
  /// 4 5 6
  private let picture = Bitmap(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])

  @Test(arguments: [
    (1, [1, 2, 3, 4, 5, 6]), (2, [3, 2, 1, 6, 5, 4]), (3, [6, 5, 4, 3, 2, 1]), (4, [4, 5, 6, 1, 2, 3]),
    (5, [1, 4, 2, 5, 3, 6]), (6, [4, 1, 5, 2, 6, 3]), (7, [6, 3, 5, 2, 4, 1]), (8, [3, 6, 2, 5, 1, 4]),
  ]) func picturesAreTurned(number: Int, pixels: [UInt8]) throws {
    let orientation = try #require(Orientation(rawValue: number))
    let turned = picture.turned(orientation)
    #expect(turned.pixels == pixels && (turned.width, turned.height) == (number < 5 ? (3, 2) : (2, 3)))
  }

  private func block(_ number: UInt8, isLittle: Bool) -> [UInt8] {
    isLittle
      ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, number, 0, 0, 0]
      : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, number, 0, 0]
  }

  @Test(arguments: [true, false]) func aBlockSaysIt(isLittle: Bool) {
    #expect(Orientation(exif: block(6, isLittle: isLittle)[...]) == .clockwise)
    #expect(Orientation(exif: block(9, isLittle: isLittle)[...]) == .upright)
    let whole = block(6, isLittle: isLittle)
    for length in 0..<whole.count - 2 {
      #expect(Orientation(exif: whole[..<length]) == .upright, "\(length)")
    }
  }

  /// A PNG may bring such a block too.
  @Test func aPNGIsTurnedAsWell() throws {
    var png = try PNG.encode(picture)
    let content = Data("eXIf".utf8) + Data(block(3, isLittle: false))
    var chunk = Data([0, 0, 0, UInt8(content.count - 4)]) + content
    chunk += withUnsafeBytes(of: checksum(content).bigEndian) { Data($0) }
    png.insert(contentsOf: chunk, at: 33)
    let found = try Picture(png, path: "a.png")
    #expect(found.isTurned && found.bitmap.pixels == [6, 5, 4, 3, 2, 1])
  }

  /// CRC-32, as the PNG specification gives it (annex D).
  private func checksum(_ data: Data) -> UInt32 {
    ~data.reduce(~0) { register, byte in
      (0..<8).reduce(register ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
      }
    }
  }
}
