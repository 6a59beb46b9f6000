import CGIF
import Figures
import Foundation
import Pictures
import Testing

/// Animations as giflib's own reader sees them.
@Suite struct GIFTests {
  /// The frames as colours, and the hundredths of a second of each.
  private func decoded(_ data: Data) throws -> (frames: [[Color]], delays: [Int32]) {
    final class Input {
      var rest: Data
      init(_ data: Data) { rest = data }
    }
    let input = Input(data)
    var code: Int32 = 0
    let file = try #require(
      DGifOpen(
        Unmanaged.passUnretained(input).toOpaque(),
        { file, target, count in
          guard let source = file?.pointee.UserData, let target else { return 0 }
          let input = Unmanaged<Input>.fromOpaque(source).takeUnretainedValue()
          let bytes = input.rest.prefix(Int(count))
          bytes.copyBytes(to: target, count: bytes.count)
          input.rest = input.rest.dropFirst(bytes.count)
          return Int32(bytes.count)
        }, &code))
    defer { DGifCloseFile(file, nil) }
    try #require(DGifSlurp(file) == GIF_OK)
    let size = Int(file.pointee.SWidth) * Int(file.pointee.SHeight)
    var frames: [[Color]] = []
    var delays: [Int32] = []
    for index in 0..<Int(file.pointee.ImageCount) {
      let image = file.pointee.SavedImages[index]
      let map = try #require(image.ImageDesc.ColorMap ?? file.pointee.SColorMap)
      frames.append(
        (0..<size).map { pixel in
          let color = map.pointee.Colors[Int(image.RasterBits[pixel])]
          return Color(red: color.Red, green: color.Green, blue: color.Blue)
        })
      var control = GraphicsControlBlock()
      try #require(DGifSavedExtensionToGCB(file, Int32(index), &control) == GIF_OK)
      delays.append(control.DelayTime)
    }
    return withExtendedLifetime(input) { (frames, delays) }
  }

  private func colors(_ bitmap: Bitmap) -> [Color] {
    (0..<bitmap.height).flatMap { y in (0..<bitmap.width).map { bitmap[$0, y] } }
  }

  @Test func greysAreExact() throws {
    let ramp = Bitmap(width: 16, height: 16, channels: 1, pixels: (0..<256).map { UInt8($0) })
    let back = Bitmap(width: 16, height: 16, channels: 1, pixels: (0..<256).map { UInt8(255 - $0) })
    let data = try GIF.encode([ramp, back.rgb], secondsPerFrame: 0.2)
    let (frames, delays) = try decoded(data)
    #expect(frames == [colors(ramp), colors(back)])
    #expect(delays == [20, 20])
    // The extension that repeats the animation for ever.
    #expect(data.range(of: Data("NETSCAPE2.0".utf8)) != nil)
    #expect(try GIF.encode([ramp, back.rgb], secondsPerFrame: 0.2) == data)
  }

  @Test func fewColorsAreNear() throws {
    let size = 32
    let pixels = (0..<size * size).flatMap { i -> [UInt8] in
      let (x, y) = (i % size, i / size)
      return [x < 16 ? 255 : 0, y < 16 ? 255 : 0, x < y ? 200 : 0]
    }
    let bitmap = Bitmap(width: size, height: size, channels: 3, pixels: pixels)
    let (frames, _) = try decoded(try GIF.encode([bitmap], secondsPerFrame: 1))
    for (mine, theirs) in zip(frames[0], colors(bitmap)) {
      #expect(abs(Int(mine.red) - Int(theirs.red)) < 9)
      #expect(abs(Int(mine.green) - Int(theirs.green)) < 9)
      #expect(abs(Int(mine.blue) - Int(theirs.blue)) < 9)
    }
  }
}
