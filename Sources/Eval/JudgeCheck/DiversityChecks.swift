import Datasets
import Files

/// Labels that are never drawn are noticed; the mean over five choices of which.
package enum MissingLabelsCheck: JudgeCheckRule {
  package static let number = "T3"
  package static let summary = "labels that are never drawn are noticed"

  /// How many labels are missing.
  private static let dropped = [0, 1, 3, 5, 7, 9]

  /// Of each number of missing labels.
  package struct Figures {
    let frechet, kernel: Trend
    let coverage, recall, precision: Trend
    /// The class entropy, and that of the reference without the labels: the judge errs on the labels left,
    /// and as often on the reference's images of them.
    let entropy, expectedEntropy: Trend

    package init(
      frechet: Trend, kernel: Trend, coverage: Trend, recall: Trend, precision: Trend, entropy: Trend,
      expectedEntropy: Trend
    ) {
      (self.frechet, self.kernel) = (frechet, kernel)
      (self.coverage, self.recall, self.precision) = (coverage, recall, precision)
      (self.entropy, self.expectedEntropy) = (entropy, expectedEntropy)
    }
  }

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    try trial.judges.flatMap { decide(judge: $0.name, try figures($0, trial)) }
  }

  package static func decide(judge: String, _ figures: Figures) -> [Check] {
    let counts = dropped.prefix(figures.frechet.values.count).map(String.init)
    let steps = "without \(counts.joined(separator: ", ")) labels"
    let (precision, entropy, expected) = (figures.precision, figures.entropy, figures.expectedEntropy)
    return [
      Check(
        number, "\(steps): both distances by \(judge) rise",
        holds: figures.frechet.risesBeyondErrors && figures.kernel.risesBeyondErrors,
        "\(figures.frechet.text); \(figures.kernel.text)"),
      Check(
        number, "\(steps): coverage and recall by \(judge) fall, precision stays within 0.05",
        holds: figures.coverage.falls && figures.recall.falls
          && precision.values.allSatisfy { ($0 - precision.values[0]).magnitude < 0.05 },
        [figures.coverage, figures.recall, precision].map { $0.text(decimals: 2) }.joined(separator: "; ")),
      Check(
        number,
        "\(steps): the class entropy by \(judge) is that of the reference without them, within 0.03",
        holds: zip(entropy.values, expected.values).allSatisfy { ($0 - $1).magnitude < 0.03 },
        "\(entropy.text(decimals: 2)) for \(expected.text(decimals: 2))"),
    ]
  }

  private static func figures(_ judge: Judge, _ trial: JudgeTrial) throws -> Figures {
    let labelCount = trial.labelNames.count
    let choices = stride(from: 0, to: labelCount, by: 2)
    // One label at least has to be left.
    let dropped = dropped.filter { $0 < labelCount }
    /// Whether the label is one of `count` in turn.
    func isDropped(_ label: Int, _ count: Int, from first: Int) -> Bool {
      (label - first + labelCount) % labelCount < count
    }
    let scores = try dropped.map { dropped in
      try choices.map { first in
        let kept = trial.labels.indices.filter { !isDropped(trial.labels[$0], dropped, from: first) }
        return try trial.score(judge, at: kept)
      }
    }
    func expectedEntropy(_ dropped: Int, from first: Int) -> Double {
      guard let view = trial.panel.views[judge.name] else { return 0 }
      let labels = trial.panel.heldOut.labels
      let kept = labels.indices.filter { !isDropped(Int(labels[$0]), dropped, from: first) }
      return ClassDistribution(logits: view.logits.rows(kept)).entropy
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func means(_ value: (JudgeScore) -> Double, _ error: ((JudgeScore) -> Double)? = nil) -> Trend {
      Trend(
        values: scores.map { mean($0.map(value)) },
        errors: error.map { error in
          scores.map { (mean($0.map { error($0) * error($0) }) / Double($0.count)).squareRoot() }
        } ?? [])
    }
    return Figures(
      frechet: means(\.features.frechetDistance, \.features.frechetError),
      kernel: means(\.features.kernelDistance, \.features.kernelError),
      coverage: means(\.features.neighbors.coverage), recall: means(\.features.neighbors.recall),
      precision: means(\.features.neighbors.precision), entropy: means(\.entropy),
      expectedEntropy: Trend(
        values: dropped.map { dropped in mean(choices.map { expectedEntropy(dropped, from: $0) }) }))
  }
}

/// One label drawn as five images over and over is noticed, and that label alone.
package enum CollapsedLabelCheck: JudgeCheckRule {
  package static let number = "T4"
  package static let summary = "a label drawn as five images is noticed, real images are not accused"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let (labels, names) = (trial.labels, trial.labelNames)
    let label = min(6, names.count - 1)
    let members = labels.indices.filter { labels[$0] == label }
    let exemplars = Array(members.prefix(5))
    var order = Array(labels.indices)
    for (place, member) in members.enumerated() { order[member] = exemplars[place % exemplars.count] }
    func score(_ order: [Int]) throws -> PanelScore {
      try trial.panel.score(
        trial.pixels(order), views: trial.views.mapValues { $0.selecting(order) }, labels: labels,
        trial.statistics, memorization: nil)
    }
    let (before, after) = (try score(Array(labels.indices)), try score(order))
    let checks = trial.judges.compactMap { judge -> Check? in
      guard let old = before.judges[judge.name].flatMap({ figures($0, label) }),
        let new = after.judges[judge.name].flatMap({ figures($0, label) })
      else { return nil }
      return decide(names[label], judge: judge.name, before: old, after: new)
    }
    return checks + [
      decide(names[label], of: names, verdicts: trial.verdicts(on: after)),
      decide(verdictsOnReal: trial.verdicts(on: before)),
    ]
  }

  package typealias Figures = (vendi: Double, coverage: Double, accuracy: Double)

  private static func figures(_ score: JudgeScore, _ label: Int) -> Figures? {
    guard let vendi = score.vendiPerLabel[label], let accuracy = score.labelAccuracy else { return nil }
    return (vendi, score.features.neighbors.coverage, accuracy.value)
  }

  package static func decide(_ label: String, judge: String, before old: Figures, after new: Figures) -> Check
  {
    Check(
      number,
      "\(label) as 5 images: Vendi score and coverage by \(judge) fall, label accuracy does not show it",
      holds: new.vendi < old.vendi && new.coverage < old.coverage
        && (new.accuracy - old.accuracy).magnitude < 0.05,
      Text.formatted(
        "Vendi %.2f → %.2f, coverage %.3f → %.3f, accuracy %.3f → %.3f", old.vendi, new.vendi,
        old.coverage, new.coverage, old.accuracy, new.accuracy))
  }

  package static func decide(_ label: String, of names: [String], verdicts: [Verdict]) -> Check {
    let found = verdicts.first { $0.name == .lowDiversity }
    return Check(
      number, "the verdict says low diversity within \(label), and there only",
      holds: found.map { verdict in names.filter { verdict.detail.contains($0) } == [label] } ?? false,
      found?.detail ?? "no verdict")
  }

  package static func decide(verdictsOnReal verdicts: [Verdict]) -> Check {
    Check(
      number, "held-out real images get no verdict",
      holds: verdicts.isEmpty,
      verdicts.isEmpty
        ? "none" : verdicts.map { "\($0.name.rawValue): \($0.detail)" }.joined(separator: "; "))
  }
}
