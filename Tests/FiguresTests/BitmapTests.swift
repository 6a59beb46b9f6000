import Figures
import Pictures
import Testing

/// Bitmaps and grids of them: pixels land where they should, and keep their values.
@Suite struct BitmapTests {
  private static func dot(_ value: UInt8) -> Bitmap {
    Bitmap(width: 2, height: 1, channels: 1, pixels: [value, 0])
  }

  @Test func valuesAreRoundedAndClampedButNeverStretched() {
    let values: [Float] = [0, 0.25, 0.5, 1, -3, 7, .nan, .infinity]
    let bitmap = Bitmap(width: 8, height: 1, channels: 1, values: values)
    #expect(bitmap.pixels == [0, 64, 128, 255, 0, 255, 0, 255])
  }

  @Test func scalingRepeatsPixels() {
    let bitmap = Bitmap(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6]).scaled(by: 2)
    let row: [UInt8] = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]
    #expect(bitmap == Bitmap(width: 4, height: 2, channels: 3, pixels: row + row))
  }

  @Test func gridPlacesRowByRow() {
    let grid = ImageGrid(columns: 2, spacing: 1, scale: 2)
    let bitmap = grid.bitmap(of: [Self.dot(10), Self.dot(20), Self.dot(30)])
    #expect(bitmap.width == 2 * 4 + 3 && bitmap.height == 2 * 2 + 3)
    func grey(_ value: UInt8) -> Color { Color(red: value, green: value, blue: value) }
    #expect(bitmap[1, 1] == grey(10) && bitmap[2, 2] == grey(10) && bitmap[3, 1] == .black)
    #expect(bitmap[6, 1] == grey(20) && bitmap[1, 4] == grey(30))
    #expect(bitmap[0, 0] == .white && bitmap[5, 1] == .white && bitmap[6, 4] == .white)
  }

  @Test func aGridOfOneImageHasNoEmptyColumns() {
    let bitmap = ImageGrid(columns: 10, spacing: 0).bitmap(of: [Self.dot(200)])
    #expect(bitmap.pixels == [200, 200, 200, 0, 0, 0])
  }

  @Test func colorsContrastAsTheGuidelinesSay() {
    #expect(abs(Color.black.contrast(with: .white) - 21) < 1e-9)
    #expect(Color.white.contrast(with: .white) == 1)
    // The reference value of WCAG's best known grey, the lightest that passes 4.5 on white.
    #expect(abs(Color(hex: 0x767676).contrast(with: .white) - 4.54) < 0.005)
  }

  @Test func theSequentialScaleDarkensSteadily() {
    let luminances = (0...100).map { Palette.sequential(Double($0) / 100).luminance }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 > $1 })
  }
}
