import Adversary
import Eval
import Files
import Network

/// Checks that the attacks are strong enough for what stands to be called robust: C4–C10, C19–C21, C26, C27.
///
/// Each rule that fails means that an attack was too weak or the gradients mislead it, not that the model is
/// good.
enum StrengthChecks {
  static let all = [
    growth, steps, unbounded, halfWay, blindAttacks, noise, convergence, masks, darkened, bestIterate,
    positiveControl, analyticControl,
  ]

  private static func margin(_ count: Int) -> Int { RobustnessEvidence.margin(count) }

  private static func counts(_ right: [[Bool]]) -> [Int] { right.map { $0.count { $0 } } }

  private static func list(_ counts: [Int]) -> String {
    counts.map(String.init).joined(separator: ", ")
  }

  private static let growth = RobustnessCheck("C4", "accuracy under pgd does not rise with ε") { evidence in
    let (strength, few) = (evidence.strength, evidence.strength.clean.count)
    let (clean, pgd) = (strength.clean.count { $0 }, counts(strength.pgd))
    let grid = strength.sizes.map { Text.short(Double($0)) }.joined(separator: ", ")
    return .init(
      holds: zip([clean] + pgd, pgd).allSatisfy { $1 <= $0 + margin(few) },
      "right of \(few): \(clean) clean; \(list(pgd)) at ε = \(grid)")
  }

  private static let steps = RobustnessCheck(
    "C5", "steps are at least as strong as one step, and one step does not help"
  ) { evidence in
    let (strength, few) = (evidence.strength, evidence.strength.clean.count)
    let (clean, pgd, fgsm) = (strength.clean.count { $0 }, counts(strength.pgd), counts(strength.oneStep))
    return .init(
      holds: zip(pgd, fgsm).allSatisfy { $0 <= $1 + margin(few) }
        && fgsm.allSatisfy { $0 <= clean + margin(few) },
      "right of \(few) under fgsm: \(list(fgsm)), under pgd: \(list(pgd)), clean: \(clean)")
  }

  private static let unbounded = RobustnessCheck("C6", "unbounded, pgd leaves no more than chance") {
    evidence in
    let left = evidence.strength.unbounded.value
    return .init(
      holds: left <= 1 / Double(evidence.labelCount), "\(Text.percent(left)) at ε = 1, 100 steps of ε/50")
  }

  private static let halfWay = RobustnessCheck(
    "C7", "at ε = 0.5, where every image can become grey, no more than chance is left"
  ) { evidence in
    let left = evidence.strength.halfWay
    return .init(
      holds: left.interval.lowerBound <= evidence.strength.largestLabel,
      "\(Text.percent(left.value)) at ε = 0.5")
  }

  private static let darkened = RobustnessCheck(
    "C20", "with the foreground free to go black, no more than one label is left"
  ) { evidence in
    let (left, largest) = (evidence.strength.darkened, evidence.strength.largestLabel)
    return .init(
      holds: left.interval.lowerBound <= largest,
      "\(Text.percent(left.value)) at ε = 1 in the foreground; the largest label has \(Text.percent(largest))"
    )
  }

  /// What sees no gradient must not do better than PGD everywhere, nor than all that see gradients, nor find
  /// much that they did not (AutoAttack warns from 0.2 points on). In a part of the pixels PGD's search is
  /// harder for an honest classifier, too: a warning.
  private static let blindAttacks = RobustnessCheck(
    "C8", "attacks that see no gradient find no more than those that do"
  ) { evidence in
    var (outcome, found) = (Check.Outcome.pass, [String]())
    for region in evidence.attacks.regions {
      let own = evidence.attacks.filter { $0.region == region && $0.norm == .linf }
      let seeing = own.filter { $0.role.seesGradients && $0.craftedOn == nil }
      let blind = own.filter { [.blind, .gradientFree].contains($0.role) || $0.craftedOn != nil }
      guard !seeing.isEmpty, !blind.isEmpty else { continue }
      let count = (seeing + blind).map(\.right.count).min() ?? 0
      func left(_ results: [AttackResult]) -> Int {
        (0..<count).count { index in results.allSatisfy { $0.right[index] } }
      }
      let pgd = left(seeing.filter { $0.role == .iterative })
      let (seen, all) = (left(seeing), left(seeing + blind))
      let strongest = blind.map { left([$0]) }.min() ?? count
      func isFewer(_ left: Int, than other: Int) -> Bool { left + margin(count) < other }
      let beatsPGD = isFewer(strongest, than: pgd)
      if isFewer(strongest, than: seen) || region == .everywhere && beatsPGD {
        outcome = .fail
      } else if isFewer(all, than: seen) || beatsPGD, outcome == .pass {
        outcome = .warning
      }
      let names = blind.map { result in
        (result.craftedOn.map { "\(result.attack) made on \($0)" } ?? result.attack) + " \(left([result]))"
      }
      found.append(
        "\(region.name), of \(count): pgd leaves \(pgd), all gradients \(seen), \(names.joined(separator: ", ")), "
          + "all together \(all)")
    }
    return found.isEmpty
      ? .init(.notApplicable, "no attacks of both kinds") : .init(outcome, found.joined(separator: "; "))
  }

  private static let noise = RobustnessCheck(
    "C9", "the worst of 20 random signs is weaker than one gradient step"
  ) { evidence in
    let (strength, few) = (evidence.strength, evidence.strength.clean.count)
    let fgsm = counts(strength.oneStep)[2]
    return .init(
      holds: strength.noise.correct + margin(few) >= fgsm,
      "\(strength.noise.correct) of \(few) stand noise, \(fgsm) fgsm")
  }

  private static let convergence = RobustnessCheck(
    "C10", "twice the steps and restarts change less than the interval"
  ) { evidence in
    let (once, longer) = (Proportion(right: evidence.strength.pgd[2]), evidence.strength.longer)
    let width = (once.interval.upperBound - once.interval.lowerBound) / 2
    return .init(
      holds: once.value - longer.accuracy.value <= width, otherwise: .warning,
      "\(Text.percent(once.value)) with \(longer.usualSteps) steps from \(longer.usualRestarts) starts, "
        + "\(Text.percent(longer.accuracy.value)) with \(longer.steps) from \(longer.restarts); "
        + "interval ±\(Text.percent(width))")
  }

  private static let masks = RobustnessCheck("C19", "fewer free pixels are not worse") { evidence in
    let part = evidence.attacks.regions[1]
    let pairs = [AttackRole.iterative, .ensemble].compactMap { role -> (String, Int, Int)? in
      func found(_ region: FreePixels) -> AttackResult? {
        evidence.attacks.first {
          $0.role == role && $0.norm == .linf && $0.region == region && $0.craftedOn == nil
        }
      }
      guard let masked = found(part), let whole = found(.everywhere) else { return nil }
      return (whole.attack, masked.accuracy.correct, whole.accuracy.correct)
    }
    guard !pairs.isEmpty else { return .init(.notApplicable, "no attack was tried in both regions") }
    return .init(
      holds: pairs.allSatisfy { $0.1 + 1 >= $0.2 },
      pairs.map { "\($0.0): \($0.1) right in the \(part.name), \($0.2) everywhere" }.joined(separator: "; "))
  }

  /// Images that were fooled on the way and right again at the end.
  private static let bestIterate = RobustnessCheck("C21", "the best iterate counts, not the last") {
    evidence in
    let (strength, few) = (evidence.strength, evidence.strength.clean.count)
    let fooledOnTheWay = zip(strength.everFooled, strength.lastFooled).map { $0 && !$1 }
    return .init(
      holds: zip(fooledOnTheWay, strength.pgd[2]).count { $0 && $1 } <= margin(few),
      "\(fooledOnTheWay.count { $0 }) of \(few) images were fooled on the way and right again at the end; "
        + "they count as fooled")
  }

  private static let positiveControl = RobustnessCheck("C26", "the same attack breaks an undefended twin") {
    evidence in
    guard let twin = evidence.strength.twin else {
      return .init(.notApplicable, "no reference classifier knows these labels")
    }
    let few = evidence.strength.clean.count
    let found = "\(twin.clean) of \(few) right clean, \(twin.attacked) under pgd"
    // An ε that costs hardly anything cannot tell, and neither can a twin that is wrong anyway.
    guard evidence.epsilon >= 0.05, twin.clean * 2 > few else {
      return .init(.notApplicable, found, subject: twin.name)
    }
    return .init(holds: twin.attacked * 4 <= twin.clean, found, subject: twin.name)
  }

  private static let analyticControl = RobustnessCheck(
    "C27", "on a linear classifier the attacks find the known distances (at most 1.05 times)"
  ) { evidence in
    let ratios = evidence.strength.linearRatios
    guard !ratios.isEmpty else { return .init(.notApplicable, "no minimum-norm attack was tried") }
    return .init(
      holds: ratios.allSatisfy { $0.ratio <= 1.05 },
      ratios.map { "\($0.attack) \(Text.fixed($0.ratio, 4))" }.joined(separator: ", "))
  }
}
