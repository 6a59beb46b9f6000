import Kernels

/// Clouds of light over the image, which becomes darker so that its brightest pixel stays what it was.
struct Fog: Corruption {
  let name = "fog"
  let summary = "behind clouds of fog"
  /// At 4 the fog is rougher than at 3, and no more.
  let severities = SeverityOrder.unordered
  /// How much fog, in units of [0, 1], and how much smoother it is at half the size: `fog` of MNIST-C.
  private static let settings = [(1.5, 2.0), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)]
  /// The source cuts a corner from clouds of this side.
  private static let side = 256

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let (amount, decay) = Self.settings[severity - 1]
    var side = Self.side
    while side < max(image.height, image.width) { side *= 2 }
    let clouds = Self.clouds(side: side, decay: decay, key: key)
    let brightest = image.pixels.max() ?? 0
    return image.mapped { index, x in
      let cloud = clouds[index / image.width * side + index % image.width]
      return (x + amount * cloud) * brightest / (brightest + amount)
    }
  }

  /// A landscape of heights 0 to 1, `[side, side]`, that continues over its edges (diamond and square:
  /// Fournier, Fussell and Carpenter 1982).
  ///
  /// The middle of every square is the mean of its corners and a random share; then the middle of every edge
  /// is that of the four places around it; then the same at half the size, the random share divided by
  /// decay².
  ///
  /// - Parameter side: a power of 2.
  private static func clouds(side: Int, decay: Double, key: Key) -> [Double] {
    // Each height is a random number until its turn comes.
    var heights = [Double](repeating: 0, count: side * side)
    heights.withUnsafeMutableBufferPointer { heights in
      let heights = heights
      key.forEachRun(count: side * side) { start, bits, count in
        for i in 0..<count { heights[start + i] = 2 * Double(Key.uniform(bits[i])) - 1 }
      }
      heights[0] = 0
      let mask = side - 1
      func height(_ row: Int, _ column: Int) -> Double { heights[(row & mask) * side + (column & mask)] }
      var share = 1.0
      var step = side
      while step > 1 {
        let half = step / 2
        for row in stride(from: half, to: side, by: step) {
          for column in stride(from: half, to: side, by: step) {
            let corners =
              height(row - half, column - half) + height(row - half, column + half)
              + height(row + half, column - half) + height(row + half, column + half)
            heights[row * side + column] = corners / 4 + share * heights[row * side + column]
          }
        }
        for row in stride(from: 0, to: side, by: half) {
          // The edges that lie in a row of corners start half a step in, those between two rows at 0.
          for column in stride(from: row % step == 0 ? half : 0, to: side, by: step) {
            let around =
              height(row - half, column) + height(row + half, column)
              + height(row, column - half) + height(row, column + half)
            heights[row * side + column] = around / 4 + share * heights[row * side + column]
          }
        }
        share /= decay * decay
        step = half
      }
    }
    let lowest = heights.min() ?? 0
    let range = (heights.max() ?? 1) - lowest
    return heights.map { ($0 - lowest) / range }
  }
}
