import Datasets
import Files
import Kernels

/// Wrong labels for a share p: the accuracy is (1 - p)·a + p·(1 - a)/(L - 1), and no distance moves.
package enum SwappedLabelsCheck: JudgeCheckRule {
  package static let number = "T5"
  package static let summary = "swapped labels lower the label accuracy as they should, and move no distance"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let share = 0.3
    let key = trial.key.derived(5)
    let labelCount = trial.labelNames.count
    let swapped = trial.labels.enumerated().map { index, label in
      let word = key.word(index)
      guard Double(word >> 11) * 0x1p-53 < share else { return label }
      return (label + 1 + Int(key.derived(index).word(0) % UInt64(labelCount - 1))) % labelCount
    }
    let actual = Double(zip(trial.labels, swapped).count { $0 != $1 }) / Double(trial.count)
    return try trial.judges.map { judge in
      let (reference, view) = (trial.reference(judge), trial.view(judge))
      let (old, new) = (
        try reference.score(view, labels: trial.labels), try reference.score(view, labels: swapped)
      )
      let accuracy = old.labelAccuracy?.value ?? 0
      return decide(
        judge: judge.name, accuracy: new.labelAccuracy,
        expected: (1 - actual) * accuracy + actual * (1 - accuracy) / Double(labelCount - 1),
        distances: (old.features.frechetDistance, new.features.frechetDistance))
    }
  }

  /// - Parameter distances: with the right labels, and with the wrong ones.
  package static func decide(
    judge: String, accuracy: Proportion?, expected: Double, distances: (Double, Double)
  ) -> Check {
    Check(
      number,
      "30 % of the labels swapped: the label accuracy by \(judge) is the expected one, distances stay",
      holds: (accuracy?.interval ?? 0...1).contains(expected) && distances.0 == distances.1,
      Text.formatted(
        "%.4f for %.4f; Fréchet distance %.4g → %.4g", accuracy?.value ?? 0, expected, distances.0,
        distances.1))
  }
}

/// Training images are recognised, fresh ones are not taken for them.
package enum CopiesCheck: JudgeCheckRule {
  package static let number = "T6"
  package static let summary = "training images are recognised, held-out ones are not accused"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let neighbors = trial.neighbors
    func figures(_ pixels: [UInt8]) throws -> (Memorization, isAccused: Bool)? {
      let score = try trial.panel.score(pixels, labels: nil, trial.statistics, neighbors)
      let isAccused = trial.verdicts(on: score).contains { $0.name == .memorizes }
      return score.memorization.map { ($0.figures, isAccused) }
    }
    guard let own = try figures(trial.training.prefix(trial.count).pixels),
      let fresh = try figures(trial.images)
    else { return [] }
    return [
      decide(copies: own.0, isAccused: own.isAccused), decide(fresh: fresh.0, isAccused: fresh.isAccused),
    ]
  }

  package static func decide(copies: Memorization, isAccused: Bool) -> Check {
    Check(
      number, "training images: every one an exact duplicate, authenticity 0, C_T far below 0, verdict",
      holds: copies.generated.exactDuplicates == copies.generated.count
        && copies.generated.authenticity == 0 && (copies.copyingStatistic ?? 0) < -10 && isAccused,
      text(copies))
  }

  package static func decide(fresh: Memorization, isAccused: Bool) -> Check {
    Check(
      number, "held-out images: C_T within 4 of 0, no verdict",
      holds: (fresh.copyingStatistic ?? 100).magnitude < 4 && !isAccused, text(fresh))
  }

  private static func text(_ found: Memorization) -> String {
    Text.formatted(
      "%d exact, authenticity %.3f, C_T %.1f", found.generated.exactDuplicates,
      found.generated.authenticity, found.copyingStatistic ?? .nan)
  }
}
