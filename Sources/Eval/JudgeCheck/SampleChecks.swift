import Foundation
import Kernels

/// T8, T13: the distance follows the size of a sample as it should, and nothing else about it.
extension JudgeCheck {
  /// T8: the distance between real samples falls as 1/N, by the factor that their covariance foretells.
  func biasLaw() throws -> [Check] {
    try each { judge in
      let features = judge.view(images).features
      // The expansion is one for many more images than numbers; 625 are five times the 128 of our judges.
      let ratios = try [2, 4, 8].map { pieces in
        let size = count / pieces
        var (measured, expected) = (0.0, 0.0)
        // Pieces of several shuffles, sixteen in all, each against the rest: one distribution by construction.
        for shuffle in 0..<16 / pieces {
          let order = key.derived(8).derived(shuffle).permutation(count)
          for piece in 0..<pieces {
            let inside = piece * size..<(piece + 1) * size
            let rest = features.rows(Array(order[..<inside.lowerBound] + order[inside.upperBound...]))
            let own = FeatureMoments(features.rows(Array(order[inside])))
            measured += try FrechetDistance.between(FeatureMoments(rest), own)
            expected += try FrechetDistance.expectedBias(rest, count: size)
          }
        }
        return (size: size, ratio: measured / expected)
      }
      return Check(
        "T8", "by \(judge.name), the distance of N real images is the expected bias, within 15 %",
        holds: ratios.allSatisfy { (0.85...1.15).contains($0.ratio) },
        ratios.map { String(format: "N %d: %.2f of it", $0.size, $0.ratio) }.joined(separator: ", "))
    }
  }

  /// T13: order, batches, threads, the two sides, a shift and a scale of the features.
  func invariances() throws -> [Check] {
    try each { judge in
      let view = judge.view(images)
      let (a, b) = (reference(judge).whole.frechet.moments, FeatureMoments(view.features))
      let distance = try FrechetDistance.between(a, b)
      func change(_ other: Double) -> Double { (other - distance).magnitude / distance }
      let shuffled = FeatureMoments(view.features.rows(key.derived(13).permutation(count)))
      var parts = FeatureMoments(dimension: a.dimension)
      for start in stride(from: 0, to: count, by: 77) {
        parts.add(view.features.rows(Array(start..<min(count, start + 77))))
      }
      let threads = Parallel.threads
      Parallel.threads = threads == 1 ? 2 : 1
      let others = judge.view(images)
      Parallel.threads = threads
      let largest = max(
        change(try FrechetDistance.between(a, shuffled)), change(try FrechetDistance.between(a, parts)),
        change(try FrechetDistance.between(b, a)))
      return Check(
        "T13",
        "order, batches and sides change the distance by \(judge.name) by less than 1e-10, threads not at all",
        holds: largest < 1e-10 && others == view,
        String(format: "%.1g", largest) + (others == view ? "" : "; threads differ"))
    }
  }
}
