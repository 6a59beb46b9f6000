import Datasets
import Kernels

/// A check that every ``SetDamage`` that is to get one verdict does get it.
package protocol VerdictCheckRule: JudgeCheckRule {
  static var verdict: Verdict.Name { get }
}

extension VerdictCheckRule {
  package static var summary: String { "the verdict \"\(verdict.rawValue)\" is given where it is due" }

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    try SetDamage.all.filter { $0.verdict == verdict }.map { damage in
      let found = try trial.verdicts(on: damage)
      return decide(damage.name, found.findings, naming: found.missing)
    }
  }

  /// - Parameter missing: labels that were left out, which the verdict has to name, and no others.
  package static func decide(_ damage: String, _ findings: VerdictFindings, naming missing: Naming) -> Check {
    let found = findings.given.first { $0.name == verdict }
    let claim =
      "\(damage): the verdict is \"\(verdict.rawValue)\""
      + (missing.left.isEmpty ? "" : ", and names these labels alone")
    return Check(
      number, claim, holds: found.map { missing.isRight($0.detail) } ?? false, found?.detail ?? "no verdict")
  }
}

/// Labels that a verdict has to name, of all of them.
package struct Naming {
  let left, all: [String]

  package init(_ left: [String] = [], of all: [String] = []) { (self.left, self.all) = (left, all) }

  func isRight(_ detail: String) -> Bool {
    left.isEmpty || all.filter { detail.contains($0) }.sorted() == left.sorted()
  }
}

/// Labels that are missing are named, one or half of them.
package enum MissingLabelVerdictCheck: VerdictCheckRule {
  package static let number = "T14"
  package static let verdict = Verdict.Name.collapsed
}

/// A label that is drawn too rarely.
package enum UnbalancedVerdictCheck: VerdictCheckRule {
  package static let number = "T15"
  package static let verdict = Verdict.Name.unbalanced
}

/// A few images over and over.
package enum RepeatsVerdictCheck: VerdictCheckRule {
  package static let number = "T16"
  package static let verdict = Verdict.Name.repeatsItself
}

/// Images that are blurred, smeared, noisy, or laid out wrongly.
package enum UnlikeVerdictCheck: VerdictCheckRule {
  package static let number = "T17"
  package static let verdict = Verdict.Name.unlikeTheReal
}

/// One image for a label.
package enum DiversityVerdictCheck: VerdictCheckRule {
  package static let number = "T18"
  package static let verdict = Verdict.Name.lowDiversity
}

/// Training images, as they are, moved and mirrored.
package enum CopiesVerdictCheck: VerdictCheckRule {
  package static let number = "T19"
  package static let verdict = Verdict.Name.memorizes
}

/// Labels that say nothing of the images.
package enum LabelsIgnoredVerdictCheck: VerdictCheckRule {
  package static let number = "T20"
  package static let verdict = Verdict.Name.labelsIgnored
}

/// Images of another contrast.
package enum ContrastVerdictCheck: VerdictCheckRule {
  package static let number = "T21"
  package static let verdict = Verdict.Name.wrongContrast
}

/// Real images are left alone, however few there are.
package enum RealSetsCheck: JudgeCheckRule {
  package static let number = "T22"
  package static let summary = "sets of real images of any size get no verdict"

  private static let counts = [20, 50, 100, 300]
  private static let draws = 10

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let verdicts = VerdictTrial(trial.panel, neighbors: trial.neighbors)
    let pool = verdicts.pool(trial.unseen, views: trial.views, findsCopies: true)
    return try counts.filter { $0 <= trial.count }.map { count in
      let sets = try verdicts.of(count: count)
      let given = try (0..<draws).flatMap { index in
        let indices = SetDamage.some(
          Array(trial.labels.indices), count, trial.key.derived(22).derived(count).derived(index))
        return try sets.findings(
          on: pool, .init(indices: indices, labels: indices.map { trial.labels[$0] }),
          areLabelsKnown: index % 2 == 0
        ).given
      }
      return decide(count, draws: draws, given)
    }
  }

  package static func decide(_ count: Int, draws: Int, _ given: [Verdict]) -> Check {
    Check(
      number, "\(draws) sets of \(count) real images get no verdict", holds: given.isEmpty,
      given.isEmpty
        ? "none" : given.map { "\($0.name.rawValue): \($0.detail)" }.joined(separator: "; "))
  }
}

extension JudgeTrial {
  /// Images of a damaged set: enough for every verdict.
  private static let damagedCount = 4000

  var unseen: SetDamage.Images {
    SetDamage.Images(pixels: images, labels: labels, side: side, labelCount: labelNames.count)
  }

  fileprivate func verdicts(on damage: SetDamage) throws -> (findings: VerdictFindings, missing: Naming) {
    let own = key.derived(14)
    let verdicts = VerdictTrial(panel, neighbors: damage.verdict == .memorizes ? neighbors : nil)
    let some = training.prefix(count)
    let spoilt = damage.spoilt(damage.isOfTraining ? verdicts.images(some) : unseen, key: own)
    let draw = damage.draw(min(Self.damagedCount, count), from: spoilt, key: own)
    let isKnown = !damage.isOfTraining && !damage.changesPixels
    let pool = verdicts.pool(
      spoilt, views: isKnown ? views : nil, findsCopies: damage.verdict == .memorizes)
    let findings = try verdicts.of(count: draw.indices.count).findings(
      on: pool, draw, areLabelsKnown: true)
    let drawn = Set(draw.indices.map { spoilt.labels[$0] })
    let missing = Set(labels).subtracting(drawn).sorted().map { labelNames[$0] }
    return (findings, Naming(damage.verdict == .collapsed ? missing : [], of: labelNames))
  }
}
