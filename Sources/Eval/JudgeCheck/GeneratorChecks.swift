import Files
import FoundationEssentials

/// The distance falls while a training goes well.
package enum CheckpointsCheck: JudgeCheckRule {
  package static let number = "T11"
  package static let summary = "the distance falls while a generator learns"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    guard let checkpoints = trial.checkpoints else { return [] }
    let scores = try checkpoints.draw.map { draw in
      let images = try draw()
      return try trial.judges.map {
        try trial.score($0, images.pixels, labels: images.labels).features.frechetDistance
      }
    }
    let distances = trial.judges.indices.map { judge in scores.map { $0[judge] } }
    // Of the first two judges; one alone agrees with itself.
    let order = RankCorrelation.kendall(distances[0], distances[min(1, distances.count - 1)])
    return zip(trial.judges, distances).map { judge, distances in
      decide(checkpoints.name, judge: judge.name, distances, agreement: order)
    }
  }

  /// - Parameters:
  ///   - distances: of each checkpoint, in the order of the steps.
  ///   - agreement: Kendall's τ between the judges.
  package static func decide(_ name: String, judge: String, _ distances: [Double], agreement: Double) -> Check
  {
    let correlation = RankCorrelation.spearman(distances.indices.map(Double.init), distances)
    return Check(
      number,
      "over \(distances.count) checkpoints of \(name), the distance by \(judge) falls (Spearman below -0.8)",
      holds: correlation < -0.8,
      Text.formatted("%.2f: ", correlation) + Trend(values: distances).text
        + Text.formatted("; Kendall's τ between the judges %.2f", agreement))
  }
}

/// Less noise, more typical images: precision rises, recall falls.
package enum TruncationCheck: JudgeCheckRule {
  package static let number = "T12"
  package static let summary = "less noise makes a generator's images more typical"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    guard let truncation = trial.truncation else { return [] }
    let sets = try [1, 0.7, 0.3].map { try truncation.draw($0) }
    return try trial.judges.map { judge in
      let neighbors = try sets.map {
        try trial.score(judge, $0.pixels, labels: $0.labels).features.neighbors
      }
      return decide(
        truncation.name, judge: judge.name, precision: Trend(values: neighbors.map(\.precision)),
        recall: Trend(values: neighbors.map(\.recall)))
    }
  }

  /// - Parameters:
  ///   - precision: with the noise at 1, 0.7 and 0.3; between, it may waver.
  ///   - recall: likewise.
  package static func decide(_ name: String, judge: String, precision: Trend, recall: Trend) -> Check {
    Check(
      number, "\(name) with its noise at 1, 0.7 and 0.3: precision by \(judge) rises, recall falls",
      holds: precision.values[0] < precision.values[2] && recall.falls,
      "\(precision.text(decimals: 3)); \(recall.text(decimals: 3))")
  }
}
