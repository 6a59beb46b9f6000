import Foundation
import Kernels

/// T3, T4: what is missing is noticed, among the labels and within one.
extension JudgeCheck {
  /// T3: labels that are never drawn; the mean over five choices of which.
  func missingLabels() throws -> [Check] {
    let dropped = [0, 1, 3, 5, 7, 9]
    let choices = stride(from: 0, to: labelNames.count, by: 2)
    let steps = "without \(dropped.map(String.init).joined(separator: ", ")) labels"
    return try judges.flatMap { judge -> [Check] in
      let scores = try dropped.map { dropped in
        try choices.map { first in
          let kept = labels.indices.filter { !isDropped(labels[$0], dropped, from: first) }
          return try score(judge, pixels(kept), labels: kept.map { labels[$0] })
        }
      }
      // The judge errs on the labels left, and as often on the reference's images of them.
      let expected = dropped.map { dropped in
        mean(choices.map { expectedEntropy(judge, droppedLabels: dropped, from: $0) })
      }
      func means(_ value: (JudgeScore) -> Double) -> [Double] { scores.map { mean($0.map(value)) } }
      func errors(_ value: (JudgeScore) -> Double) -> [Double] {
        scores.map { (mean($0.map { value($0) * value($0) }) / Double($0.count)).squareRoot() }
      }
      let frechet = Trend(
        values: means(\.features.frechetDistance), errors: errors(\.features.frechetError))
      let kernel = Trend(values: means(\.features.kernelDistance), errors: errors(\.features.kernelError))
      let (coverage, recall) = (
        means(\.features.neighbors.coverage), means(\.features.neighbors.recall)
      )
      let (precision, entropy) = (means(\.features.neighbors.precision), means(\.entropy))
      func falls(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 > $1 } }
      func text(_ values: [Double]) -> String {
        values.map { String(format: "%.2f", $0) }.joined(separator: " → ")
      }
      return [
        Check(
          "T3", "\(steps): both distances by \(judge.name) rise", holds: frechet.rises && kernel.rises,
          "\(frechet.text); \(kernel.text)"),
        Check(
          "T3", "\(steps): coverage and recall by \(judge.name) fall, precision stays within 0.05",
          holds: falls(coverage) && falls(recall)
            && precision.allSatisfy { ($0 - precision[0]).magnitude < 0.05 },
          "\(text(coverage)); \(text(recall)); \(text(precision))"),
        Check(
          "T3",
          "\(steps): the class entropy by \(judge.name) is that of the reference without them, within 0.03",
          holds: zip(entropy, expected).allSatisfy { ($0 - $1).magnitude < 0.03 },
          "\(text(entropy)) for \(text(expected))"),
      ]
    }
  }

  /// Whether the label is one of `count` in turn.
  func isDropped(_ label: Int, _ count: Int, from first: Int) -> Bool {
    (label - first + labelNames.count) % labelNames.count < count
  }

  func expectedEntropy(_ judge: Judge, droppedLabels: Int, from first: Int) -> Double {
    guard let view = panel.views[judge.name] else { return 0 }
    let kept = panel.heldOut.labels.indices.filter {
      !isDropped(Int(panel.heldOut.labels[$0]), droppedLabels, from: first)
    }
    return ClassDistribution(logits: view.logits.rows(kept)).entropy
  }

  func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// T4: one label drawn as five images over and over.
  func collapseWithinLabel() throws -> [Check] {
    let label = min(6, labelNames.count - 1)
    let members = labels.indices.filter { labels[$0] == label }
    let exemplars = Array(members.prefix(5))
    var order = Array(labels.indices)
    for (place, member) in members.enumerated() { order[member] = exemplars[place % exemplars.count] }
    let (before, after) = (
      try panel.score(images, labels: labels, statistics, nil),
      try panel.score(pixels(order), labels: labels, statistics, nil)
    )
    var checks = judges.compactMap { judge -> Check? in
      guard let old = before.judges[judge.name], let new = after.judges[judge.name],
        let oldVendi = old.vendiPerLabel[label], let newVendi = new.vendiPerLabel[label],
        let accuracy = new.labelAccuracy, let oldAccuracy = old.labelAccuracy
      else { return nil }
      return Check(
        "T4",
        "\(labelNames[label]) as 5 images: Vendi score and coverage by \(judge.name) fall, label accuracy does not show it",
        holds: newVendi < oldVendi && new.features.neighbors.coverage < old.features.neighbors.coverage
          && (accuracy.value - oldAccuracy.value).magnitude < 0.05,
        String(
          format: "Vendi %.2f → %.2f, coverage %.3f → %.3f, accuracy %.3f → %.3f", oldVendi, newVendi,
          old.features.neighbors.coverage, new.features.neighbors.coverage, oldAccuracy.value, accuracy.value)
      )
    }
    let found = verdicts(on: after).first { $0.name == .lowDiversity }
    checks.append(
      Check(
        "T4", "the verdict says low diversity within \(labelNames[label]), and there only",
        holds: found.map { verdict in
          labelNames.filter { verdict.detail.contains($0) } == [labelNames[label]]
        } ?? false, found?.detail ?? "no verdict"))
    let clean = verdicts(on: before)
    checks.append(
      Check(
        "T4", "held-out real images get no verdict, but that they may be too few",
        holds: clean.allSatisfy { $0.name == .tooFewSamples },
        clean.isEmpty
          ? "none" : clean.map { "\($0.name.rawValue): \($0.detail)" }.joined(separator: "; ")))
    return checks
  }
}
