import Datasets
import Foundation
import Kernels

/// Whether a panel of judges can be trusted: it has to notice what is known to be wrong, and only that.
///
/// The first half of the held-out images is the reference, the second half is what gets damaged, so that nothing judged
/// has been learnt from. The numbers follow the list of trust checks in the literature (Heusel et al. 2017 for damage,
/// Naeem et al. 2020 for missing modes, Xu et al. 2018 for efficiency and robustness, Alaa et al. 2022 for copies).
public struct JudgeCheck {
  private let judges: [Judge]
  private let labelNames: [String]
  private let side: Int
  private let training: LabeledImages
  /// The second half, and what it should be seen as.
  private let images: [UInt8]
  private let labels: [Int]
  private let panel: JudgePanel
  private let references: [String: JudgeReference]
  private let key = Key(seed: 0)

  /// Fewer held-out images cannot tell the lightest damage.
  public static let fewestImages = 1000
  /// Calls of `progress` in ``run(progress:)``.
  public static let parts = 11

  /// - Precondition: at least ``fewestImages`` held-out images, square and grey.
  public init(_ judges: [Judge], heldOut: LabeledImages, training: LabeledImages) {
    precondition(
      heldOut.count >= Self.fewestImages && heldOut.height == heldOut.width && heldOut.channels == 1,
      "JudgeCheck: images \(heldOut.shape)")
    let half = heldOut.count / 2
    self.judges = judges
    labelNames = heldOut.labelNames
    side = heldOut.height
    self.training = training
    images = Array(heldOut.pixels[half * heldOut.valuesPerImage..<2 * half * heldOut.valuesPerImage])
    labels = heldOut.labels[half..<2 * half].map(Int.init)
    let reference = heldOut.prefix(half)
    panel = JudgePanel(judges, heldOut: reference, training: training)
    references = panel.views.mapValues { JudgeReference($0, labels: reference.labels.map(Int.init)) }
  }

  private var size: Int { side * side }
  private var count: Int { labels.count }

  /// Every check, in order; each with the name of the judge where there is one a judge.
  ///
  /// - Parameter progress: called with the number of parts done; what it throws ends the checks.
  public func run(progress: (Int) throws -> Void = { _ in }) throws -> [Check] {
    var checks: [Check] = []
    let parts = [
      damage, lightDamage, missingLabels, collapseWithinLabel, swappedLabels, copies, floorAndCeiling,
      biasLaw, fewImages,
      harmless,
      invariances,
    ]
    for (index, part) in parts.enumerated() {
      checks += try part()
      try progress(index + 1)
    }
    return checks
  }

  // MARK: - Distances

  private func pixels(_ indices: [Int]) -> [UInt8] {
    indices.flatMap { images[$0 * size..<($0 + 1) * size] }
  }

  private func distance(_ judge: Judge, _ pixels: [UInt8]) throws -> (value: Double, standardError: Double) {
    try reference(judge).whole.distance(to: judge.view(pixels).features)
  }

  private func score(_ judge: Judge, _ pixels: [UInt8], labels: [Int]?) throws -> JudgeScore {
    try reference(judge).score(judge.view(pixels), labels: labels)
  }

  private func reference(_ judge: Judge) -> JudgeReference {
    guard let reference = references[judge.name] else {
      preconditionFailure("JudgeCheck: \(judge.name) is not of the panel")
    }
    return reference
  }

  private func each(_ body: (Judge) throws -> Check) rethrows -> [Check] { try judges.map(body) }

  // MARK: - Checks

  /// T1: more damage, larger distance.
  private func damage() throws -> [Check] {
    try Damage.allCases.flatMap { damage in
      let levels = damage.strengths.map {
        damage.applied(to: images, side: side, strength: $0, key: key.derived(1))
      }
      return try each { judge in
        let distances = try levels.map { try distance(judge, $0) }
        let trend = Trend(values: distances.map(\.value), errors: distances.map(\.standardError))
        return Check(
          number: "T1",
          claim: "\(damage.rawValue): the more, the larger the Fréchet distance by \(judge.name)",
          found: trend.text, passed: trend.rises)
      }
    }
  }

  /// T2: the same in smaller steps, none of which may lower the distance.
  private func lightDamage() throws -> [Check] {
    try Damage.allCases.flatMap { damage -> [Check] in
      guard let strengths = damage.fineStrengths else { return [] }
      let levels = strengths.map {
        damage.applied(to: images, side: side, strength: $0, key: key.derived(1))
      }
      return try each { judge in
        let values = try levels.map { try distance(judge, $0).value }
        return Check(
          number: "T2",
          claim:
            "\(damage.rawValue) in \(strengths.count - 1) steps: none lowers the distance by \(judge.name)",
          found: Trend(values: values, errors: []).text,
          passed: zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  /// T3: labels that are never drawn; the mean over five choices of which.
  private func missingLabels() throws -> [Check] {
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
          number: "T3", claim: "\(steps): both distances by \(judge.name) rise",
          found: "\(frechet.text); \(kernel.text)", passed: frechet.rises && kernel.rises),
        Check(
          number: "T3",
          claim: "\(steps): coverage and recall by \(judge.name) fall, precision stays within 0.05",
          found: "\(text(coverage)); \(text(recall)); \(text(precision))",
          passed: falls(coverage) && falls(recall)
            && precision.allSatisfy { ($0 - precision[0]).magnitude < 0.05 }),
        Check(
          number: "T3",
          claim:
            "\(steps): the class entropy by \(judge.name) is that of the reference without them, within 0.03",
          found: "\(text(entropy)) for \(text(expected))",
          passed: zip(entropy, expected).allSatisfy { ($0 - $1).magnitude < 0.03 }),
      ]
    }
  }

  /// Whether the label is one of `count` in turn.
  private func isDropped(_ label: Int, _ count: Int, from first: Int) -> Bool {
    (label - first + labelNames.count) % labelNames.count < count
  }

  private func expectedEntropy(_ judge: Judge, droppedLabels: Int, from first: Int) -> Double {
    guard let view = panel.views[judge.name] else { return 0 }
    let kept = panel.heldOut.labels.indices.filter {
      !isDropped(Int(panel.heldOut.labels[$0]), droppedLabels, from: first)
    }
    return ClassDistribution(logits: view.logits.rows(kept)).entropy
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// T4: one label drawn as five images over and over.
  private func collapseWithinLabel() throws -> [Check] {
    let label = min(6, labelNames.count - 1)
    let members = labels.indices.filter { labels[$0] == label }
    let exemplars = Array(members.prefix(5))
    var order = Array(labels.indices)
    for (place, member) in members.enumerated() { order[member] = exemplars[place % exemplars.count] }
    let statistics = try panel.statistics(count: count)
    let (before, after) = (
      try panel.score(images, labels: labels, statistics, nil),
      try panel.score(pixels(order), labels: labels, statistics, nil)
    )
    let verdicts = Verdicts.of(
      after, statistics, judges: judges.map(\.name), labelNames: labelNames, clamped: 0)
    var checks = judges.compactMap { judge -> Check? in
      guard let old = before.judges[judge.name], let new = after.judges[judge.name],
        let oldVendi = old.vendiPerLabel[label], let newVendi = new.vendiPerLabel[label],
        let accuracy = new.labelAccuracy, let oldAccuracy = old.labelAccuracy
      else { return nil }
      return Check(
        number: "T4",
        claim:
          "\(labelNames[label]) as 5 images: Vendi score and coverage by \(judge.name) fall, label accuracy does not show it",
        found: String(
          format: "Vendi %.2f → %.2f, coverage %.3f → %.3f, accuracy %.3f → %.3f", oldVendi, newVendi,
          old.features.neighbors.coverage, new.features.neighbors.coverage, oldAccuracy.value, accuracy.value),
        passed: newVendi < oldVendi && new.features.neighbors.coverage < old.features.neighbors.coverage
          && (accuracy.value - oldAccuracy.value).magnitude < 0.05)
    }
    let found = verdicts.first { $0.name == .lowDiversity }
    checks.append(
      Check(
        number: "T4", claim: "the verdict says low diversity within \(labelNames[label]), and there only",
        found: found?.detail ?? "no verdict",
        passed: found.map { verdict in
          labelNames.filter { verdict.detail.contains($0) } == [labelNames[label]]
        } ?? false))
    let clean = Verdicts.of(
      before, statistics, judges: judges.map(\.name), labelNames: labelNames, clamped: 0)
    checks.append(
      Check(
        number: "T4", claim: "held-out real images get no verdict",
        found: clean.isEmpty
          ? "none" : clean.map { "\($0.name.rawValue): \($0.detail)" }.joined(separator: "; "),
        passed: clean.allSatisfy { $0.name == .tooFewSamples }))
    return checks
  }

  /// T5: wrong labels for a share p: the accuracy is (1 - p)·a + p·(1 - a)/(L - 1), and no distance moves.
  private func swappedLabels() throws -> [Check] {
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
        number: "T5",
        claim:
          "30 % of the labels swapped: the label accuracy by \(judge.name) is the expected one, distances stay",
        found: String(
          format: "%.4f for %.4f; Fréchet distance %.4g → %.4g", new.labelAccuracy?.value ?? 0, expected,
          old.features.frechetDistance, new.features.frechetDistance),
        passed: interval.contains(expected) && old.features.frechetDistance == new.features.frechetDistance)
    }
  }

  /// T6: training images are recognised, fresh ones are not taken for them.
  private func copies() throws -> [Check] {
    let (neighbors, statistics) = (panel.neighbors(), try panel.statistics(count: count))
    let copied = training.prefix(count)
    func figures(_ pixels: [UInt8]) throws -> (Memorization, Verdict?)? {
      let score = try panel.score(pixels, labels: nil, statistics, neighbors)
      let verdicts = Verdicts.of(
        score, statistics, judges: judges.map(\.name), labelNames: labelNames, clamped: 0)
      return score.memorization.map { ($0.figures, verdicts.first { $0.name == .memorizes }) }
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
        number: "T6",
        claim: "training images: every one an exact duplicate, authenticity 0, C_T far below 0, verdict",
        found: text(own.0),
        passed: own.0.generated.exactDuplicates == copied.count && own.0.generated.authenticity == 0
          && (own.0.copyingStatistic ?? 0) < -10 && own.1 != nil),
      Check(
        number: "T6", claim: "held-out images: C_T within 4 of 0, no verdict", found: text(fresh.0),
        passed: (fresh.0.copyingStatistic ?? 100).magnitude < 4 && fresh.1 == nil),
    ]
  }

  /// T7: real images stand far below damaged ones, and those below noise.
  private func floorAndCeiling() throws -> [Check] {
    let blurred = Damage.blur.applied(to: images, side: side, strength: 1, key: key)
    let noise = Damage.noise.applied(to: images, side: side, strength: 1, key: key)
    return try each { judge in
      let (floor, middle, ceiling) = (
        try distance(judge, images).value, try distance(judge, blurred).value,
        try distance(judge, noise).value
      )
      return Check(
        number: "T7",
        claim: "by \(judge.name), real images lie below half of blurred ones, and those below half of noise",
        found: String(format: "%.3g, %.3g, %.3g", floor, middle, ceiling),
        passed: floor < middle / 2 && middle < ceiling / 2)
    }
  }

  /// T8: the distance between real samples falls as 1/N, by the factor that their covariance foretells.
  private func biasLaw() throws -> [Check] {
    try each { judge in
      let features = judge.view(images).features
      let order = key.derived(8).permutation(count)
      // The expansion is one for many more images than numbers; 625 are five times the 128 of our judges.
      let ratios = try [2, 4, 8].map { pieces in
        let size = count / pieces
        var (measured, expected) = (0.0, 0.0)
        // Each piece against the rest of the same images: one distribution by construction.
        for piece in 0..<pieces {
          let inside = piece * size..<(piece + 1) * size
          let rest = FeatureMoments(
            features.rows(Array(order[..<inside.lowerBound] + order[inside.upperBound...])))
          let own = FeatureMoments(features.rows(Array(order[inside])))
          measured += try FrechetDistance.between(rest, own)
          expected += try FrechetDistance.expectedBias(rest, count: size)
        }
        return (size: size, ratio: measured / expected)
      }
      return Check(
        number: "T8",
        claim: "by \(judge.name), the distance of N real images is the expected bias, within 25 %",
        found: ratios.map { String(format: "N %d: %.2f of it", $0.size, $0.ratio) }.joined(separator: ", "),
        passed: ratios.allSatisfy { (0.75...1.25).contains($0.ratio) })
    }
  }

  /// T9: a few images are enough to see light damage.
  private func fewImages() throws -> [Check] {
    let few = min(2000, count)
    let some = pixels(Array(0..<few))
    let damaged = Damage.noise.applied(to: some, side: side, strength: 0.25, key: key.derived(9))
    return try each { judge in
      let (clean, noisy) = (try distance(judge, some), try distance(judge, damaged))
      let error = (clean.standardError * clean.standardError + noisy.standardError * noisy.standardError)
        .squareRoot()
      return Check(
        number: "T9",
        claim: "\(few) images tell real from noisy (α 0.25) by \(judge.name), by more than 3 standard errors",
        found: String(format: "%.1f standard errors", (noisy.value - clean.value) / error),
        passed: noisy.value - clean.value > 3 * error)
    }
  }

  /// T10: what no eye would call worse moves the distance less than the lightest damage.
  private func harmless() throws -> [Check] {
    let noisy = Damage.noise.applied(to: images, side: side, strength: 0.25, key: key.derived(1))
    let shifted = Damage.shifted(images, side: side, by: 1)
    let turned = Damage.rotated(images, side: side, degrees: 2)
    return try each { judge in
      let (clean, noise) = (try distance(judge, images).value, try distance(judge, noisy).value)
      let (shift, turn) = (try distance(judge, shifted).value, try distance(judge, turned).value)
      return Check(
        number: "T10",
        claim: "a shift by one pixel and a turn by 2° matter less than noise of α 0.25 by \(judge.name)",
        found: String(format: "%.3g and %.3g, noise %.3g, clean %.3g", shift, turn, noise, clean),
        passed: max(shift, turn) < noise)
    }
  }

  /// T13: order, batches, threads, the two sides, a shift and a scale of the features.
  private func invariances() throws -> [Check] {
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
        number: "T13",
        claim:
          "order, batches and sides change the distance by \(judge.name) by less than 1e-10, threads not at all",
        found: String(format: "%.1g", largest) + (others == view ? "" : "; threads differ"),
        passed: largest < 1e-10 && others == view)
    }
  }
}
