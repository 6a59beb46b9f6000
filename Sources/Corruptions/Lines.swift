import Glibc
import Kernels

/// A dotted white line from the left edge to the right.
struct DottedLine: Corruption {
  let name = "dotted-line"
  let summary = "dotted white lines from left to right, one a severity"
  let source = "MNIST-C (Mu and Gilmer 2019) for severity 1; more lines are ours"

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    (0..<severity).reduce(image) { image, line in
      let key = key.derived(line)
      let (start, end) = (key.integer(0, in: 0..<image.height - 1), key.integer(1, in: 0..<image.height - 1))
      let light = image.light(ofLineFrom: (0, Double(start)), to: (Double(image.width - 1), Double(end)))
      // Two columns without, two with, as `dotted_line` of MNIST-C.
      return image.mapped { index, x in index % image.width % 4 < 2 ? x : x + light[index] }
    }
  }
}

/// A white zigzag from left to right.
struct Zigzag: Corruption {
  let name = "zigzag"
  let summary = "white zigzag lines from left to right, one a severity"
  let source = "MNIST-C (Mu and Gilmer 2019) for severity 1; more lines are ours"

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    (0..<severity).reduce(image) { image, line in
      let corners = Self.corners(image, key: key.derived(line))
      return zip(corners, corners.dropFirst()).reduce(image) { image, piece in
        let light = image.light(ofLineFrom: piece.0, to: piece.1)
        return image.mapped { index, x in x + light[index] }
      }
    }
  }

  /// Turns of 4 pixels' length and 2 pixels' height to both sides of a slightly inclined line, from column 2
  /// to the last but two: `zigzag` of MNIST-C.
  private static func corners(_ image: GreyImage, key: Key) -> [(x: Double, y: Double)] {
    let (first, last) = (2.0, Double(image.width - 3))
    let start = Double(key.integer(0, in: 0..<image.height - 1))
    let rise = Double(key.integer(1, in: -5..<5))
    let angle = atan(rise / (last - first))
    let length = (last - first) / cos(angle)
    var corners = [(x: 0.0, y: 0.0)]
    for place in stride(from: 2.0, through: length, by: 4) {
      corners.append((place, corners.count % 2 == 1 ? 2 : -2))
    }
    // The end, the nearer to the line the longer the last piece.
    let rest = length.truncatingRemainder(dividingBy: 4)
    corners.append((length, corners[corners.count - 1].y / (2 * max(1, rest))))
    return corners.map { x, y in
      (first + cos(angle) * x - sin(angle) * y, start + sin(angle) * x + cos(angle) * y)
    }
  }
}

extension GreyImage {
  /// What a white line adds to each pixel, `[height, width]`: 1 on it, and less until it vanishes 1.45 pixels
  /// above and below (`line_from_points` of MNIST-C). The columns are those from `start` until before `end`.
  fileprivate func light(
    ofLineFrom start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) -> [Double] {
    let slope = (end.y - start.y) / (end.x - start.x)
    let (first, end) = (start.x.rounded(.down), end.x.rounded(.up))
    return rebuilt { row, column in
      guard Double(column) >= first, Double(column) < end else { return 0 }
      let distance = abs(Double(row) - start.y - slope * (Double(column) - start.x))
      return distance < 2.3 ? max(0, 1 + log(1 - distance / 2.3)) : 0
    }.pixels
  }
}
