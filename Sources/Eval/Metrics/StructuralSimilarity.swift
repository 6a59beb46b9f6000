import Glibc
import Kernels

/// How alike two grey images look (Wang, Bovik, Sheikh and Simoncelli 2004, §III.B).
///
///     SSIM = (2μₓμ_y + C₁)(2σ_xy + C₂) / ((μₓ² + μ_y² + C₁)(σₓ² + σ_y² + C₂))
///     C₁ = (0.01·255)²,   C₂ = (0.03·255)²
///
/// in windows weighted by a Gaussian of 11×11 pixels and deviation 1.5, averaged over all windows that lie
/// within the image, as in the paper's code. 1 for equal images. One scale only: the five of MS-SSIM need
/// images of 161 pixels.
public enum StructuralSimilarity {
  package static let window = 11
  private static let weights: [Double] = {
    let raw = (0..<window).map { exp(-Double(($0 - window / 2) * ($0 - window / 2)) / (2 * 1.5 * 1.5)) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }()

  /// The mean SSIM of two images over all windows, at most 1.
  ///
  /// - Parameters:
  ///   - a: `[height, width]`, pixels of 0 to 255.
  ///   - b: likewise.
  ///   - height: rows of either image.
  ///   - width: columns of either image.
  /// - Precondition: both sides are at least as long as a window, 11 pixels.
  public static func between(_ a: [UInt8], _ b: [UInt8], height: Int, width: Int) -> Double {
    precondition(
      a.count == height * width && b.count == a.count && min(height, width) >= window,
      "StructuralSimilarity: \(a.count) and \(b.count) pixels as \(height)×\(width)")
    let (x, y) = (a.map(Double.init), b.map(Double.init))
    func means(_ values: [Double]) -> [Double] { smoothed(values, height, width) }
    let (meanX, meanY) = (means(x), means(y))
    let squaresX = means(zip(x, x).map(*))
    let squaresY = means(zip(y, y).map(*))
    let products = means(zip(x, y).map(*))
    let (c1, c2) = (0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255)
    var sum = 0.0
    for i in meanX.indices {
      let (mx, my) = (meanX[i], meanY[i])
      let covariance = products[i] - mx * my
      let variances = squaresX[i] - mx * mx + squaresY[i] - my * my
      sum += (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (variances + c2))
    }
    return sum / Double(meanX.count)
  }

  /// The weighted means of all windows within the image, by rows and then by columns.
  private static func smoothed(_ x: [Double], _ height: Int, _ width: Int) -> [Double] {
    let columns = width - window + 1
    var rows = [Double](repeating: 0, count: height * columns)
    for r in 0..<height {
      for c in 0..<columns {
        for (k, weight) in weights.enumerated() { rows[r * columns + c] += weight * x[r * width + c + k] }
      }
    }
    let lines = height - window + 1
    var result = [Double](repeating: 0, count: lines * columns)
    for r in 0..<lines {
      for (k, weight) in weights.enumerated() {
        for c in 0..<columns { result[r * columns + c] += weight * rows[(r + k) * columns + c] }
      }
    }
    return result
  }

  /// The mean similarity of random pairs of different images: high where images of a class repeat each other
  /// (Odena, Olah and Shlens 2017, §4.2).
  ///
  /// - Parameters:
  ///   - pixels: `[N, height, width]`
  ///   - members: the images to draw from, by their numbers.
  ///   - height: rows of an image, 11 or more.
  ///   - width: columns of an image, 11 or more.
  ///   - pairs: how many are drawn; one may be drawn again.
  ///   - key: what the pairs follow from.
  /// - Returns: nil for fewer than two images.
  public static func amongPairs(
    of pixels: [UInt8], members: [Int], height: Int, width: Int, pairs: Int = 200, key: Key
  ) -> Double? {
    guard members.count >= 2 else { return nil }
    let size = height * width
    func image(_ index: Int) -> [UInt8] { Array(pixels[index * size..<(index + 1) * size]) }
    var values = [Double](repeating: 0, count: pairs)
    values.withUnsafeMutableBufferPointer { values in
      let values = values
      Parallel.forEach(chunks: pairs) { pair in
        let first = Int(key.word(2 * pair) % UInt64(members.count))
        // Any other one, all alike.
        let step = 1 + Int(key.word(2 * pair + 1) % UInt64(members.count - 1))
        let second = (first + step) % members.count
        values[pair] = between(image(members[first]), image(members[second]), height: height, width: width)
      }
    }
    return values.reduce(0, +) / Double(pairs)
  }
}
