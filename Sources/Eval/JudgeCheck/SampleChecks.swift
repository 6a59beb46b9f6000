import Files
import FoundationEssentials
import Kernels

/// The distance between real samples falls as 1/N, by the factor that their covariance foretells.
package enum BiasLawCheck: JudgeCheckRule {
  package static let number = "T8"
  package static let summary = "the distance of N real images is the expected bias"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let (count, key) = (trial.count, trial.key.derived(8))
    return try trial.judges.map { judge in
      let features = trial.view(judge).features
      // The expansion is one for many more images than numbers; 625 are five times the 128 of our judges.
      let ratios = try [2, 4, 8].map { pieces in
        let size = count / pieces
        var (measured, expected) = (0.0, 0.0)
        // Pieces of several shuffles, sixteen in all, each against the rest: one distribution by
        // construction.
        for shuffle in 0..<16 / pieces {
          let order = key.derived(shuffle).permutation(count)
          for piece in 0..<pieces {
            let inside = piece * size..<(piece + 1) * size
            let rest = features.rows(Array(order[..<inside.lowerBound] + order[inside.upperBound...]))
            let own = FeatureMoments(features.rows(Array(order[inside])))
            measured += try FrechetDistance.between(FeatureMoments(rest), own)
            expected += try FrechetDistance.expectedBias(rest, count: size)
          }
        }
        return (count: size, ratio: measured / expected)
      }
      return decide(judge: judge.name, ratios)
    }
  }

  /// - Parameter ratios: the distance of so many images, as a share of the expected one.
  package static func decide(judge: String, _ ratios: [(count: Int, ratio: Double)]) -> Check {
    Check(
      number, "by \(judge), the distance of N real images is the expected bias, within 15 %",
      holds: ratios.allSatisfy { (0.85...1.15).contains($0.ratio) },
      ratios.map { Text.formatted("N %d: %.2f of it", $0.count, $0.ratio) }.joined(separator: ", "))
  }
}

/// Order, batches, threads, the two sides.
package enum InvarianceCheck: JudgeCheckRule {
  package static let number = "T13"
  package static let summary = "order, batches, sides and threads do not change a distance"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let count = trial.count
    return try trial.judges.map { judge in
      let view = trial.view(judge)
      let (a, b) = (trial.reference(judge).whole.frechet.moments, FeatureMoments(view.features))
      let distance = try FrechetDistance.between(a, b)
      func change(_ other: Double) -> Double { (other - distance).magnitude / distance }
      let shuffled = FeatureMoments(view.features.rows(trial.key.derived(13).permutation(count)))
      var parts = FeatureMoments(dimension: a.dimension)
      for start in stride(from: 0, to: count, by: 77) {
        parts.add(view.features.rows(Array(start..<min(count, start + 77))))
      }
      let threads = Parallel.threads
      Parallel.threads = threads == 1 ? 2 : 1
      let others = judge.view(trial.images)
      Parallel.threads = threads
      let largest = max(
        change(try FrechetDistance.between(a, shuffled)), change(try FrechetDistance.between(a, parts)),
        change(try FrechetDistance.between(b, a)))
      return decide(judge: judge.name, change: largest, threadsAgree: others == view)
    }
  }

  /// - Parameter change: of the distance, as a share of it.
  package static func decide(judge: String, change: Double, threadsAgree: Bool) -> Check {
    Check(
      number,
      "order, batches and sides change the distance by \(judge) by less than 1e-10, threads not at all",
      holds: change < 1e-10 && threadsAgree,
      Text.formatted("%.1g", change) + (threadsAgree ? "" : "; threads differ"))
  }
}
