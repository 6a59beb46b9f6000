import Kernels

/// White edges on black, by Canny's detector (1986) with the settings of scikit-image, as in MNIST-C.
struct CannyEdges: Corruption {
  let name = "canny-edges"
  let summary = "nothing but edges, white on black"
  let severities = SeverityOrder.single
  /// An edge begins where the gradient reaches `strong`, and goes on as long as it reaches `weak`; of Sobel's
  /// filter, four times the change from one pixel to the next but one.
  private static let (weak, strong) = (0.1, 0.2)

  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage {
    let ridges = Self.ridges(image)
    var edges = image.mapped { _, _ in 0 }
    var open = ridges.pixels.indices.filter { ridges.pixels[$0] >= Self.strong }
    while let index = open.popLast() {
      edges.pixels[index] = 1
      // A ridge never lies at the border, so these eight exist.
      let around = [-1, 0, 1].flatMap { row in [-1, 0, 1].map { index + row * image.width + $0 } }
      open += around.filter { ridges.pixels[$0] > 0 && edges.pixels[$0] == 0 }
    }
    return edges
  }

  /// The size of the gradient where it reaches `weak` and is nowhere larger one step along itself; 0
  /// elsewhere.
  private static func ridges(_ image: GreyImage) -> GreyImage {
    let (height, width) = (image.height, image.width)
    // The mean over the part of the Gaussian that lies within the image.
    let blurred = image.gaussianBlurred(deviation: 1, reach: 4, .black)
    let part = image.mapped { _, _ in 1 }.gaussianBlurred(deviation: 1, reach: 4, .black)
    let smooth = blurred.mapped { index, x in x / part.pixels[index] }

    let slope = [(-1, -1.0), (1, 1)]
    let mean = [(-1, 1.0), (0, 2), (1, 1)]
    let across = smooth.filtered(slope.map { (0, $0, $1) }, .nearest).filtered(
      mean.map { ($0, 0, $1) }, .nearest)
    let down = smooth.filtered(slope.map { ($0, 0, $1) }, .nearest).filtered(
      mean.map { (0, $0, $1) }, .nearest)
    let gradient = across.mapped { index, x in (x * x + down.pixels[index] * down.pixels[index]).squareRoot()
    }

    return gradient.mapped { index, m in
      let (row, column) = (index / width, index % width)
      guard (1..<height - 1).contains(row), (1..<width - 1).contains(column), m >= weak else { return 0 }
      let (x, y) = (across.pixels[index], down.pixels[index])
      // One step along the longer component, between the pixel straight ahead and the one diagonally ahead.
      let (stepX, stepY) = (x > 0 ? 1 : -1, (y > 0 ? 1 : -1) * width)
      let straight = abs(y) > abs(x) ? stepY : stepX
      let share = min(abs(x), abs(y)) / max(abs(x), abs(y))
      let isRidge = [1, -1].allSatisfy { side in
        let diagonal = gradient.pixels[index + side * (stepX + stepY)]
        return diagonal * share + gradient.pixels[index + side * straight] * (1 - share) <= m
      }
      return isRidge ? m : 0
    }
  }
}
