/// Whether generated images lie nearer to the training images than fresh real ones do: C_T (Meehan, Chaudhuri
/// and Dasgupta 2020, §3).
///
/// In each cell π of the image space with generated distances Q and held-out ones P to the nearest training
/// image, the rank sum U counts the pairs where Q is the larger (ties half), and
///
///     Z = (U - |P||Q|/2) / σ_U,      C_T = Σ P(π)·Z(π) / Σ P(π)
///
/// Far below 0: the images are copies. Far above 0: they are further from the data than data is. For images
/// of the data's own distribution each Z is about normal with deviation 1. Here a cell is a predicted label,
/// not a k-means cluster, and the nearest training image may be of any label; σ_U is corrected for ties.
public enum CopyingTest {
  /// Cells with fewer images of either kind tell nothing.
  public static let fewestInCell = 20

  /// C_T: Z averaged over the cells, weighted by their held-out images.
  ///
  /// - Parameters:
  ///   - generated: the distance of each generated image, with its cell.
  ///   - heldOut: the distance of each real image that was not trained on, with its cell.
  /// - Returns: nil where no cell has enough images.
  public static func statistic(
    generated: (distances: [Int], cells: [Int]), heldOut: (distances: [Int], cells: [Int])
  ) -> Double? {
    let q = Dictionary(grouping: generated.cells.indices) { generated.cells[$0] }
    let p = Dictionary(grouping: heldOut.cells.indices) { heldOut.cells[$0] }
    var (sum, mass) = (0.0, 0.0)
    for cell in p.keys.sorted() {
      guard let real = p[cell], let fake = q[cell], min(real.count, fake.count) >= fewestInCell,
        let z = standardizedRankSum(
          of: fake.map { generated.distances[$0] }, against: real.map { heldOut.distances[$0] })
      else { continue }
      sum += Double(real.count) * z
      mass += Double(real.count)
    }
    return mass > 0 ? sum / mass : nil
  }

  /// Mann and Whitney's U of `x` against `y`, less its mean, in standard deviations; nil where all values are
  /// equal.
  public static func standardizedRankSum(of x: [Int], against y: [Int]) -> Double? {
    let (n, m) = (Double(x.count), Double(y.count))
    let all = (x.map { ($0, true) } + y.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var (rankSum, ties) = (0.0, 0.0)
    var start = 0
    while start < all.count {
      var end = start
      while end < all.count, all[end].0 == all[start].0 { end += 1 }
      // Equal values share the middle of their ranks.
      let rank = Double(start + end + 1) / 2
      rankSum += rank * Double(all[start..<end].count { $0.1 })
      let size = Double(end - start)
      ties += size * size * size - size
      start = end
    }
    let u = rankSum - n * (n + 1) / 2
    let total = n + m
    let variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    return variance > 0 ? (u - n * m / 2) / variance.squareRoot() : nil
  }
}
