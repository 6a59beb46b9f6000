import Files
import Glibc

/// How often labels are drawn, corrected for the judges' mistakes (``LabelShares``).
///
/// Hypotheses about each label, refused at ``VerdictRule/level`` over the number of labels by every judge at
/// once: what every judge refuses wrongly, the first one does, so that judges need no correction.
extension VerdictRule {
  /// A label drawn less often than this share of what it has among real images counts as missing.
  private static let rareShare = 0.2
  /// A label may be drawn this much more or less often than among real images.
  private static let balanceFactor = 1.5

  /// Labels that are drawn next to never, and surely less often than among real images.
  static let collapsed = VerdictRule(
    .collapsed, finds: "a label that is never drawn", fewestImages: { 30 * $0 }
  ) { evidence in
    let missing = missingLabels(evidence)
    guard !missing.isEmpty else { return nil }
    let names = evidence.labelNames
    return "\(names.count - missing.count) of \(names.count) labels are drawn; "
      + list(missing, evidence)
  }

  /// Labels that are drawn, but surely less or more often than among real images, by half and more; missing
  /// labels aside, which make all others more frequent.
  static let unbalanced = VerdictRule(
    .unbalanced, finds: "a label drawn a quarter as often as it should be", fewestImages: { 400 * $0 }
  ) { evidence in
    let missing = Set(missingLabels(evidence))
    let drawn = evidence.labelNames.indices.filter { !missing.contains($0) }
    let bound = log(2 * Double(evidence.labelCount) / level)
    func differs(_ label: Int, _ isRefused: (LabelShares, _ real: Double) -> Bool) -> Bool {
      evidence.judges.allSatisfy { judge in
        let rest = drawn.reduce(0) { $0 + judge.shares.realShares[$1] }
        let real = judge.shares.realShares[label]
        return real > 0 && isRefused(judge.shares, real / rest)
      }
    }
    let others = drawn.filter { label in
      differs(label) { $0.evidence(against: label, beingAtLeast: $1 / balanceFactor) > bound }
        || differs(label) { $0.evidence(against: label, beingAtMost: min(1, $1 * balanceFactor)) > bound }
    }
    guard !others.isEmpty else { return nil }
    return "labels are drawn more or less often than among real images: " + list(others, evidence)
  }

  /// The labels that every judge finds rare, and missing: all together, or else each by itself.
  ///
  /// Half of the level is for the labels one by one, half for as many as are rare together, over every choice
  /// of as many.
  static func missingLabels(_ evidence: VerdictEvidence) -> [Int] {
    let count = Double(evidence.labelCount)
    let rare = evidence.labelNames.indices.filter { label in
      evidence.judges.allSatisfy {
        $0.shares.realShares[label] > 0
          && $0.shares.shares[label] < rareShare * $0.shares.realShares[label]
      }
    }
    func areMissing(_ labels: [Int], bound: Double) -> Bool {
      evidence.judges.allSatisfy { judge in
        let real = labels.reduce(0) { $0 + judge.shares.realShares[$1] }
        return judge.shares.evidence(against: labels, beingAtLeast: real) > bound
      }
    }
    let choices = rare.indices.reduce(0.0) { $0 + log((count - Double($1)) / Double($1 + 1)) }
    if areMissing(rare, bound: log(2 * count / level) + choices) { return rare }
    return rare.filter { areMissing([$0], bound: log(2 * count / level)) }
  }

  /// The first judge's shares, with their 95 % intervals.
  private static func list(_ labels: [Int], _ evidence: VerdictEvidence) -> String {
    let judge = evidence.judges[0].shares
    return labels.map { label in
      let interval = judge.interval(of: label)
      return "\(evidence.labelNames[label]) \(percent(judge.shares[label])) "
        + Text.formatted(
          "(%.1f–%.1f, real %.1f)", 100 * interval.lowerBound, 100 * interval.upperBound,
          100 * judge.realShares[label])
    }.joined(separator: ", ")
  }
}
