import Glibc

/// What a filter sees beyond the edge of an image.
package enum Border {
  /// The pixel at the edge, again and again.
  case nearest
  /// The image mirrored in its outermost pixels, which are not repeated.
  case mirrored
  /// Nothing: 0.
  case black

  /// The place within `0..<count` that stands for `index`, if one does.
  func place(_ index: Int, of count: Int) -> Int? {
    switch self {
    case .black: return (0..<count).contains(index) ? index : nil
    case .nearest: return min(max(index, 0), count - 1)
    case .mirrored:
      guard count > 1 else { return 0 }
      let period = 2 * (count - 1)
      let folded = ((index % period) + period) % period
      return min(folded, period - folded)
    }
  }
}

extension GreyImage {
  /// The sum of neighbours, each at an offset and with a weight.
  package func filtered(_ taps: [(down: Int, right: Int, weight: Double)], _ border: Border) -> GreyImage {
    let margin = taps.reduce(0) { max($0, abs($1.down), abs($1.right)) }
    let padded = padded(by: margin, border)
    // With the margin around it, a neighbour is always equally far away.
    let steps = taps.map { (distance: $0.down * padded.width + $0.right, weight: $0.weight) }
    return rebuilt { row, column in
      let place = (row + margin) * padded.width + column + margin
      var sum = 0.0
      for step in steps { sum += step.weight * padded.pixels[place + step.distance] }
      return sum
    }
  }

  /// With `margin` pixels of what lies beyond the border on each side.
  private func padded(by margin: Int, _ border: Border) -> GreyImage {
    let columns = (-margin..<width + margin).map { border.place($0, of: width) }
    let pixels = (-margin..<height + margin).flatMap { row -> [Double] in
      guard let row = border.place(row, of: height) else { return columns.map { _ in 0 } }
      return columns.map { column in column.map { self.pixels[row * width + $0] } ?? 0 }
    }
    return GreyImage(height: height + 2 * margin, width: width + 2 * margin, pixels: pixels)
  }

  /// Columns, then rows, weighted by a Gaussian of `deviation` pixels that is cut off `reach` pixels away.
  func gaussianBlurred(deviation: Double, reach: Int, _ border: Border) -> GreyImage {
    let weights = Self.gaussianWeights(deviation: deviation, reach: reach)
    return filtered(weights.map { ($0, 0, $1) }, border).filtered(weights.map { (0, $0, $1) }, border)
  }

  /// The weights of a Gaussian at whole offsets up to `reach`; their sum is 1.
  package static func gaussianWeights(deviation: Double, reach: Int) -> [(offset: Int, weight: Double)] {
    let raw = (-reach...reach).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = raw.reduce(0, +)
    return zip(-reach...reach, raw).map { ($0, $1 / sum) }
  }

  /// As scikit-image's `gaussian` does it: cut off at four deviations, the edge repeated.
  func gaussianBlurred(deviation: Double) -> GreyImage {
    gaussianBlurred(deviation: deviation, reach: Int(4 * deviation + 0.5), .nearest)
  }
}
