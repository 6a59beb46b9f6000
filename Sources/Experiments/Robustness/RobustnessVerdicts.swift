import Adversary
import Eval
import Files
import Network

/// A verdict on a classifier under attack: when it is given, from what was found.
public struct RobustnessVerdict: Sendable {
  /// What the verdict is called.
  public let name: Verdict.Name
  /// The verdicts of this name; none where there is nothing to say.
  public let given: @Sendable (ClassifierRobustness) -> [Verdict]
}

/// All verdicts on classifiers under attack. A new one is one value here.
public enum RobustnessVerdictCatalog {
  /// Every verdict, in the order in which reports give them.
  public static let all: [RobustnessVerdict] = [falseWin, notTrusted]

  /// It looks robust, where one step leaves more than half of what is right clean; and is not, where more
  /// than half of that falls to a stronger attack, and more than chance can make of so many images.
  private static let falseWin = RobustnessVerdict(name: .falseWin) { result in
    result.regions.compactMap { region in
      let own = result.attacks.filter { $0.region == region && $0.norm == .linf && $0.craftedOn == nil }
      let roles = [AttackRole.oneStep, .ensemble, .iterative]
      let tried = roles.compactMap { role in own.first { $0.role == role } }
      // Of the images that all were tried on.
      let count = tried.map(\.right.count).min() ?? 0
      func left(_ attack: AttackResult) -> Proportion { Proportion(right: attack.right.prefix(count)) }
      guard count > 0, let oneStep = tried.first, oneStep.role == .oneStep,
        let strongest = tried.dropFirst().min(by: { left($0).value < left($1).value })
      else { return nil }
      let (first, last) = (left(oneStep), left(strongest))
      let clean = Proportion(right: result.clean.prefix(count)).value
      guard first.value > clean / 2, last.value < first.value / 2,
        last.interval.upperBound < first.interval.lowerBound
      else { return nil }
      return Verdict(
        name: .falseWin,
        detail:
          "\(region.name), of \(count) images: \(oneStep.attack) leaves \(Text.percent(first.value)), "
          + "\(strongest.attack) \(Text.percent(last.value)); what looks robust to one step is not")
    }
  }

  private static let notTrusted = RobustnessVerdict(name: .notTrusted) { result in
    let failed = result.checks.filter { $0.outcome == .fail }
    guard !failed.isEmpty else { return [] }
    // Attacks that are too weak make a number too high; a proof is below it whatever they do.
    let proven = result.certificates.filter { $0.method == .ibp && $0.accuracy.correct > 0 }
    return [
      Verdict(
        name: .notTrusted,
        detail: "failed: " + failed.map { "\($0.number) (\($0.claim))" }.joined(separator: "; ")
          + proven.map {
            "; proven all the same, \($0.region.name): \(Text.percent($0.accuracy.value))"
          }.joined())
    ]
  }
}
