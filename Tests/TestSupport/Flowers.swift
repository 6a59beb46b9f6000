import Files
import Foundation
import Pictures

/// Pictures that look a little like flowers, for want of photographs: petals around a middle, before leaves,
/// of many sizes and places. The same seed gives the same pictures.
package enum Flowers {
  private struct Kind {
    let name: String
    let petals: Double
    let petal, middle: [Double]
  }

  private static let kinds = [
    Kind(name: "daisy", petals: 12, petal: [240, 240, 235], middle: [230, 190, 40]),
    Kind(name: "rose", petals: 3, petal: [200, 30, 50], middle: [150, 10, 30]),
    Kind(name: "sunflower", petals: 18, petal: [240, 190, 20], middle: [90, 50, 20]),
  ]

  package static let names = kinds.map(\.name)

  /// Writes a folder of pictures for each kind.
  ///
  /// - Parameter count: of each kind.
  package static func write(_ count: Int, to folder: String, seed: UInt64 = 1) throws {
    var random = Random(state: seed)
    for kind in kinds {
      try AtomicFile.createFolder("\(folder)/\(kind.name)")
      for index in 0..<count {
        try AtomicFile.write(
          try PNG.encode(picture(kind, &random)), to: "\(folder)/\(kind.name)/\(index).png")
      }
    }
  }

  private static func picture(_ kind: Kind, _ random: inout Random) -> Bitmap {
    let (width, height) = (24 + Int(random.next() * 40), 24 + Int(random.next() * 40))
    let size = Double(min(width, height)) * (0.3 + 0.2 * random.next())
    let (x0, y0) = (Double(width) * (0.4 + 0.2 * random.next()), Double(height) * (0.4 + 0.2 * random.next()))
    let (turn, light) = (random.next() * 6, 0.7 + 0.3 * random.next())
    let leaves = [20 + 60 * random.next(), 70 + 60 * random.next(), 20 + 30 * random.next()]
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (dx, dy) = (Double(x) - x0, Double(y) - y0)
        let (radius, angle) = ((dx * dx + dy * dy).squareRoot() / size, atan2(dy, dx) + turn)
        let reach = 0.75 + 0.25 * cos(kind.petals * angle)
        let color = radius < 0.25 ? kind.middle : radius < reach ? kind.petal : leaves
        for channel in color {
          pixels.append(UInt8(min(255, max(0, channel * light + 12 * random.next() - 6))))
        }
      }
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// SplitMix64 (Steele, Lea and Flood 2014), as numbers in [0, 1).
  private struct Random {
    var state: UInt64

    mutating func next() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return Double((word ^ word >> 31) >> 11) * 0x1p-53
    }
  }
}
