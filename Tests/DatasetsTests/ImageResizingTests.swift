import Datasets
import Testing

/// Resized and grey images are Pillow's, byte for byte.
@Suite struct ImageResizingTests {
  @Test func theFixturesAreThere() {
    #expect(PixelFixtures.all.resizing.count == 7)
    #expect(PixelFixtures.all.grey.count == 128)
  }

  @Test(arguments: PixelFixtures.all.resizing)
  func isPillows(fixture: PixelFixtures.Resizing) {
    let resize = ImageResizing(
      from: (fixture.size[0], fixture.size[1]), to: (fixture.newSize[0], fixture.newSize[1]))
    #expect(resize([UInt8](fixture.pixels)) == [UInt8](fixture.resized))
  }

  @Test func everyImageIsResizedByItself() throws {
    let fixture = try #require(PixelFixtures.all.resizing.first)
    let resize = ImageResizing(from: (32, 32), to: (28, 28))
    let black = [UInt8](repeating: 0, count: 1024)
    let images = black + fixture.pixels + black
    let expected = [UInt8](repeating: 0, count: 784)
    #expect(resize(images) == expected + fixture.resized + expected)
  }

  @Test func theSameSizeChangesNothing() {
    let pixels = (0...255).map { UInt8($0) }
    #expect(ImageResizing(from: (4, 8), to: (4, 8))(pixels) == pixels)
  }

  /// The weights of every place add up to one, so a plain image stays plain, white included.
  @Test(arguments: [0, 1, 127, 254, 255] as [UInt8], [(3, 5), (29, 31), (64, 7)])
  func aPlainImageStaysPlain(grey: UInt8, size: (Int, Int)) {
    let resized = ImageResizing(from: size, to: (28, 28))([UInt8](repeating: grey, count: size.0 * size.1))
    #expect(resized == [UInt8](repeating: grey, count: 784))
  }

  @Test func itSaysWhatItDoes() {
    let note = ImageResizing(from: (32, 16), to: (28, 14)).note
    #expect(note == "resized from 32×16 to 28×14 (bilinear, antialiased, as Pillow's)")
  }

  @Test func colourBecomesPillowsGrey() {
    #expect(GreyConversion.luma([UInt8](PixelFixtures.all.color)) == [UInt8](PixelFixtures.all.grey))
  }

  @Test func greyStaysGrey() {
    let grey = (0...255).map { UInt8($0) }
    #expect(GreyConversion.luma(grey.flatMap { [$0, $0, $0] }) == grey)
  }
}
