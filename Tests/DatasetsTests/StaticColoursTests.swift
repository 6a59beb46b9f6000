import Datasets
import Pictures
import Testing

/// Grey times the label's colour.
@Suite struct StaticColoursTests {
  @Test func aPixelIsItsGreyTimesTheColour() {
    let names = DatasetCatalog.fashionMNIST.labelNames
    let images = LabeledImages(
      name: "x", split: .train, height: 1, width: 3, pixels: [0, 255, 128, 0, 255, 51], labels: [3, 9],
      labelNames: names)
    let coloured = StaticColours(labelNames: names)(images)
    #expect(coloured.shape == [2, 1, 3, 3] && coloured.labels == [3, 9])
    // A red dress, and a boot of 139, 69, 19.
    #expect(coloured.pixels == [0, 0, 0, 224, 0, 0, 112, 0, 0, 0, 0, 0, 139, 69, 19, 28, 14, 4])
  }

  /// No two are one colour in another brightness.
  @Test(arguments: [
    DatasetCatalog.fashionMNIST.labelNames, ["a"], ["a", "b", "c"], (0..<47).map(String.init),
  ])
  func coloursDiffer(_ names: [String]) {
    let colors = StaticColours(labelNames: names).colors
    #expect(colors.count == names.count)
    for (i, one) in colors.enumerated() {
      for other in colors[..<i] {
        let (a, b) = (
          [one.red, one.green, one.blue].map(Double.init),
          [other.red, other.green, other.blue].map(Double.init)
        )
        let (lengthA, lengthB) = (
          a.reduce(0) { $0 + $1 * $1 }.squareRoot(), b.reduce(0) { $0 + $1 * $1 }.squareRoot()
        )
        #expect(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / (lengthA * lengthB) < 0.999, "\(one) \(other)")
      }
    }
  }

  @Test func huesGoAround() {
    let colors = StaticColours(labelNames: ["a", "b", "c"]).colors
    #expect(colors == [Color(hex: 0xFF0000), Color(hex: 0x00FF00), Color(hex: 0x0000FF)])
  }
}
