import Eval
import Files
import Foundation

/// The checks of the judges that need generators.
struct GeneratorChecks {
  let check: JudgeCheck
  let size: Int

  /// As many as the reference has; more would only be slower.
  private static let count = 5000

  /// T11: the distance falls while a training goes well.
  ///
  /// - Parameter folder: of a run with checkpoints.
  func training(_ folder: String) throws -> [Check] {
    let paths = ScoreItem.items(folder).compactMap { item -> String? in
      if case .checkpoint(let path, _, _) = item { path } else { nil }
    }
    let scores = try paths.map { path in
      let images = try GeneratorSamples(contentsOf: path).images(count: Self.count, size: size, seed: 1)
      return try check.judges.map {
        try check.score($0, images.pixels, labels: images.labels).features.frechetDistance
      }
    }
    let steps = scores.indices.map(Double.init)
    let order = RankCorrelation.kendall(scores.map { $0[0] }, scores.map { $0[1] })
    return check.judges.enumerated().map { index, judge in
      let distances = scores.map { $0[index] }
      let correlation = RankCorrelation.spearman(steps, distances)
      return Check(
        "T11",
        "over \(paths.count) checkpoints of \(folder), the distance by \(judge.name) falls (Spearman below -0.8)",
        holds: correlation < -0.8,
        "\(Text.fixed(correlation, 2)): "
          + distances.map { String(format: "%.3g", $0) }.joined(separator: " → ")
          + "; Kendall's τ between the judges \(Text.fixed(order, 2))")
    }
  }

  /// T12: less noise, more typical images: precision rises, recall falls.
  func truncation(_ path: String) throws -> [Check] {
    let generator = try GeneratorSamples(contentsOf: path)
    let factors: [Float] = [1, 0.7, 0.3]
    let sets = try factors.map {
      try generator.images(count: Self.count, size: size, seed: 1, truncation: $0)
    }
    return try check.judges.map { judge in
      let neighbors = try sets.map {
        try check.score(judge, $0.pixels, labels: $0.labels).features.neighbors
      }
      let (precision, recall) = (neighbors.map(\.precision), neighbors.map(\.recall))
      func text(_ values: [Double]) -> String { values.map { Text.fixed($0, 3) }.joined(separator: " → ") }
      return Check(
        "T12", "\(path) with its noise at 1, 0.7 and 0.3: precision by \(judge.name) rises, recall falls",
        holds: precision[0] < precision[2] && recall[0] > recall[1] && recall[1] > recall[2],
        "\(text(precision)); \(text(recall))")
    }
  }
}
