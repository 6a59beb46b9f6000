import Datasets
import Eval
import Foundation
import Pictures
import Testing

/// Figures of coloured images against their definitions, on images small enough to count by hand.
@Suite struct ColorAccuracyTests {
  private let red = Color(hex: 0xFF0000), teal = Color(hex: 0x008080)

  /// Two images of 2×2 pixels; a label each.
  private let grey: [UInt8] = [255, 51, 0, 0, 255, 255, 255, 0]

  @Test func rightColoursAreRight() {
    let colored: [UInt8] = [
      255, 0, 0, 51, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 128, 128, 0, 128, 128, 0, 128, 128, 0, 0, 0,
    ]
    let found = ColorAccuracy(colored, of: grey, labels: [0, 1], colors: [red, teal])
    #expect(found.colorError == RatioEstimate([0, 0], of: [1, 1]))
    #expect(found.blackBackground.value == 1 && found.blackBackground.standardError == 0)
    #expect(found.labelFromColor == Proportion(correct: 2, count: 2))
  }

  /// The first image is green where it should be red; the second has a pixel in the background.
  @Test func wrongColoursAreCounted() {
    let colored: [UInt8] = [
      0, 255, 0, 0, 51, 0, 4, 4, 4, 0, 5, 0,
      0, 128, 128, 0, 128, 128, 51, 128, 128, 0, 0, 0,
    ]
    let found = ColorAccuracy(colored, of: grey, labels: [0, 1], colors: [red, teal])
    // 2 of the channels of a pixel are wrong by 1, those of another by 1/5; 1 of the second image by 1/5.
    let errors = [2 + 2.0 / 5, 1.0 / 5]
    #expect(abs(found.colorError.value - (errors[0] + errors[1]) / 15) < 1e-12)
    #expect(abs(found.blackBackground.value - 2.0 / 3) < 1e-12)
    // Green is nearer to teal than to red.
    #expect(found.labelFromColor == Proportion(correct: 1, count: 2))
    #expect(found.labelFromColorByLabel[0] == Proportion(correct: 0, count: 1))
    #expect(found.labelFromColorByLabel[1] == Proportion(correct: 1, count: 1))
  }

  /// The tint is weighted by the square of the greys: one bright red pixel outweighs three dark green ones.
  @Test func theTintIsThatOfTheBrightPixels() {
    let green = Color(hex: 0x00FF00)
    let colored: [UInt8] = [200, 0, 0, 0, 100, 0, 0, 100, 0, 0, 100, 0]
    let found = ColorAccuracy(colored, of: [200, 100, 100, 100], labels: [0], colors: [red, green])
    #expect(found.labelFromColor.correct == 1)
  }

  @Test func aBlackImageHasNoColour() {
    let found = ColorAccuracy([UInt8](repeating: 0, count: 12), of: [0, 0, 0, 0], labels: [0], colors: [red])
    #expect(found.colorError.value == 0 && found.blackBackground.value == 1)
    #expect(
      found.labelFromColor.correct == 0 && found.labelFromColorByLabel == [Proportion(correct: 0, count: 1)])
  }

  /// The error of a ratio is, to first order, that of leaving out one image after the other (the
  /// jackknife's).
  @Test func theErrorIsThatOfDrawingImagesAgain() {
    let parts = (0..<200).map { Double(($0 * 37) % 101) / 7 }
    let wholes = zip(parts, 0...).map { $0 + 20 + Double(($1 * 53) % 17) }
    let found = RatioEstimate(parts, of: wholes)
    let (part, whole) = (parts.reduce(0, +), wholes.reduce(0, +))
    let without = parts.indices.map { (part - parts[$0]) / (whole - wholes[$0]) }
    let n = Double(parts.count)
    let mean = without.reduce(0, +) / n
    let jackknife = ((n - 1) / n * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    #expect(found.value == part / whole)
    #expect(abs(found.standardError / jackknife - 1) < 0.01)
  }
}
