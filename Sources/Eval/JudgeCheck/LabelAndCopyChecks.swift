import Foundation
import Kernels

/// T5, T6: wrong labels and copied images are noticed, right ones and fresh ones are not accused.
extension JudgeCheck {
  /// T5: wrong labels for a share p: the accuracy is (1 - p)·a + p·(1 - a)/(L - 1), and no distance moves.
  func swappedLabels() throws -> [Check] {
    let share = 0.3
    let key = key.derived(5)
    let swapped = labels.enumerated().map { index, label in
      let word = key.word(index)
      guard Double(word >> 11) * 0x1p-53 < share else { return label }
      return (label + 1 + Int(key.derived(index).word(0) % UInt64(labelNames.count - 1))) % labelNames.count
    }
    let actual = Double(zip(labels, swapped).count { $0 != $1 }) / Double(count)
    return try each { judge in
      let (old, new) = (
        try score(judge, images, labels: labels), try score(judge, images, labels: swapped)
      )
      let accuracy = old.labelAccuracy?.value ?? 0
      let expected = (1 - actual) * accuracy + actual * (1 - accuracy) / Double(labelNames.count - 1)
      let interval = new.labelAccuracy?.interval ?? 0...1
      return Check(
        "T5",
        "30 % of the labels swapped: the label accuracy by \(judge.name) is the expected one, distances stay",
        holds: interval.contains(expected) && old.features.frechetDistance == new.features.frechetDistance,
        String(
          format: "%.4f for %.4f; Fréchet distance %.4g → %.4g", new.labelAccuracy?.value ?? 0, expected,
          old.features.frechetDistance, new.features.frechetDistance))
    }
  }

  /// T6: training images are recognised, fresh ones are not taken for them.
  func copies() throws -> [Check] {
    let neighbors = panel.neighbors()
    let copied = training.prefix(count)
    func figures(_ pixels: [UInt8]) throws -> (Memorization, Verdict?)? {
      let score = try panel.score(pixels, labels: nil, statistics, neighbors)
      return score.memorization.map {
        ($0.figures, verdicts(on: score).first { $0.name == .memorizes })
      }
    }
    guard let own = try figures(copied.pixels), let fresh = try figures(images) else { return [] }
    func text(_ found: Memorization) -> String {
      String(
        format: "%d exact, authenticity %.3f, C_T %.1f", found.generated.exactDuplicates,
        found.generated.authenticity,
        found.copyingStatistic ?? .nan)
    }
    return [
      Check(
        "T6", "training images: every one an exact duplicate, authenticity 0, C_T far below 0, verdict",
        holds: own.0.generated.exactDuplicates == copied.count && own.0.generated.authenticity == 0
          && (own.0.copyingStatistic ?? 0) < -10 && own.1 != nil, text(own.0)),
      Check(
        "T6", "held-out images: C_T within 4 of 0, no verdict",
        holds: (fresh.0.copyingStatistic ?? 100).magnitude < 4 && fresh.1 == nil, text(fresh.0)),
    ]
  }
}
