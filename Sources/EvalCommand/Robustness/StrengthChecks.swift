import Adversary
import Autograd
import Classifier
import Datasets
import Eval
import Files
import Kernels
import Network

/// Checks that the attacks are strong enough for what stands to be called robust: C4–C10, C19–C21, C26, C27.
///
/// Each rule that fails means that an attack was too weak or the gradients mislead it, not that the model is good.
struct StrengthChecks {
  let run: RobustnessRun
  let epsilon: Float
  /// An undefended classifier of the same images, where there is one.
  let twin: NeuralClassifier?

  /// Images that the checks' own attacks are run on.
  static let count = 500
  /// What a rule between two accuracies may be off by, in images.
  private func margin(_ count: Int) -> Int { max(1, count / 500) }

  func checks(_ results: [AttackResult]) throws -> [Check] {
    let few = min(Self.count, run.images.count)
    let clean = run.clean(count: few)
    let factors: [Float] = [0.25, 0.5, 1, 2]
    let sizes = factors.map { min(1, $0 * epsilon) }
    func correct(_ attack: any Attack, _ size: Float) throws -> [Bool] {
      let known = results.first {
        $0.attack == attack.name && $0.region == .everywhere && $0.epsilon == size && $0.craftedOn == nil
      }
      return try known.map { Array($0.right.prefix(few)) }
        ?? run.attack(attack, .everywhere, epsilon: size, count: few).right
    }
    let pgd = try sizes.map { try correct(RobustnessRun.pgd, $0) }
    let fgsm = try sizes.map { try correct(FGSM(), $0) }
    let cleanCount = clean.count { $0 }
    let (pgdCounts, fgsmCounts) = (pgd.map { $0.count { $0 } }, fgsm.map { $0.count { $0 } })
    func text(_ counts: [Int]) -> String { counts.map(String.init).joined(separator: ", ") }
    let grid = sizes.map { Text.short(Double($0)) }.joined(separator: ", ")
    var checks = [
      Check(
        "C4", "accuracy under pgd does not rise with ε",
        holds: zip([cleanCount] + pgdCounts, pgdCounts).allSatisfy { $1 <= $0 + margin(few) },
        "right of \(few): \(cleanCount) clean; \(text(pgdCounts)) at ε = \(grid)"),
      Check(
        "C5", "steps are at least as strong as one step, and one step does not help",
        holds: zip(pgdCounts, fgsmCounts).allSatisfy { $0 <= $1 + margin(few) }
          && fgsmCounts.allSatisfy { $0 <= cleanCount + margin(few) },
        "right of \(few) under fgsm: \(text(fgsmCounts)), under pgd: \(text(pgdCounts)), clean: \(cleanCount)"
      ),
    ]
    checks += try unbounded(few)
    checks += [blindAttacks(results), try noise(few, fgsm: fgsmCounts[2])]
    checks.append(try convergence(few, pgd: pgd[2]))
    checks += masks(results)
    checks.append(try silentSuccess(few, pgd: pgd[2]))
    return checks + [try positiveControl(few), analyticControl]
  }

  /// C6, C7, C20: where ε allows everything, nothing may stand.
  private func unbounded(_ few: Int) throws -> [Check] {
    var far = ProjectedGradient.pgd
    (far.steps, far.relativeStep) = (100, 1.0 / 50)
    func right(_ region: Region, _ size: Float) throws -> Proportion {
      try run.attack(far, region, epsilon: size, count: few).accuracy
    }
    let classes = run.classifier.labelNames.count
    let shares = run.images.prefix(few).countPerLabel
    let largest = Double(shares.max() ?? 0) / Double(few)
    let (whole, half, dark) = (
      try right(.everywhere, 1), try right(.everywhere, 0.5), try right(.foreground, 1)
    )
    return [
      Check(
        "C6", "unbounded, pgd leaves no more than chance", holds: whole.value <= 1 / Double(classes),
        "\(Text.percent(whole.value)) at ε = 1, 100 steps of ε/50"),
      Check(
        "C7", "at ε = 0.5, where every image can become grey, no more than chance is left",
        holds: half.interval.lowerBound <= largest, "\(Text.percent(half.value)) at ε = 0.5"),
      Check(
        "C20", "with the foreground free to go black, no more than one label is left",
        holds: dark.interval.lowerBound <= largest,
        "\(Text.percent(dark.value)) at ε = 1 in the foreground; the largest label has \(Text.percent(largest))"
      ),
    ]
  }

  /// C8: what sees no gradient must not do better than PGD everywhere, nor than all that see gradients, nor find much that they did not
  /// (AutoAttack warns from 0.2 points on). In the foreground PGD's search is harder for an honest classifier, too: a warning.
  private func blindAttacks(_ results: [AttackResult]) -> Check {
    var (outcome, found) = (Check.Outcome.pass, [String]())
    for region in [Region.everywhere, .foreground] {
      let own = results.filter { $0.region == region && $0.norm == .linf }
      let seeing = own.filter {
        ["fgsm", RobustnessRun.pgd.name, AutoAttack.whiteBox.name].contains($0.attack) && $0.craftedOn == nil
      }
      let blind = own.filter { ["noise", "square"].contains($0.attack) || $0.craftedOn != nil }
      let count = (seeing + blind).map(\.right.count).min() ?? 0
      func left(_ results: [AttackResult]) -> Int {
        (0..<count).count { index in results.allSatisfy { $0.right[index] } }
      }
      let pgd = left(seeing.filter { $0.attack == RobustnessRun.pgd.name })
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
        "\(region.rawValue), of \(count): pgd leaves \(pgd), all gradients \(seen), \(names.joined(separator: ", ")), "
          + "all together \(all)")
    }
    return Check(
      "C8", "attacks that see no gradient find no more than those that do", outcome,
      found.joined(separator: "; "))
  }

  /// C9
  private func noise(_ few: Int, fgsm: Int) throws -> Check {
    let noise = try run.attack(Repeated(SignNoise(), times: 20), .everywhere, epsilon: epsilon, count: few)
    return Check(
      "C9", "the worst of 20 random signs is weaker than one gradient step",
      holds: noise.accuracy.correct + margin(few) >= fgsm,
      "\(noise.accuracy.correct) of \(few) stand noise, \(fgsm) fgsm")
  }

  private func convergence(_ few: Int, pgd: [Bool]) throws -> Check {
    let usual = RobustnessRun.pgd
    var longer = usual
    (longer.steps, longer.restarts) = (usual.steps * 2, usual.restarts * 2)
    let more = try run.attack(longer, .everywhere, epsilon: epsilon, count: few).accuracy
    let once = Proportion(right: pgd)
    let width = (once.interval.upperBound - once.interval.lowerBound) / 2
    return Check(
      "C10", "twice the steps and restarts change less than the interval",
      holds: once.value - more.value <= width, otherwise: .warning,
      "\(Text.percent(once.value)) with \(usual.steps) steps from \(usual.restarts) starts, "
        + "\(Text.percent(more.value)) with \(longer.steps) from \(longer.restarts); interval ±\(Text.percent(width))"
    )
  }

  private func masks(_ results: [AttackResult]) -> [Check] {
    let pairs = [RobustnessRun.pgd.name, "autoattack"].compactMap { name -> (String, Int, Int)? in
      let found = { (region: Region) in
        results.first { $0.attack == name && $0.region == region && $0.craftedOn == nil }
      }
      guard let masked = found(.foreground), let whole = found(.everywhere) else { return nil }
      return (name, masked.accuracy.correct, whole.accuracy.correct)
    }
    return [
      Check(
        "C19", "fewer free pixels are not worse", holds: pairs.allSatisfy { $0.1 + 1 >= $0.2 },
        pairs.map { "\($0.0): \($0.1) right in the foreground, \($0.2) everywhere" }.joined(separator: "; "))
    ]
  }

  /// C21: images that were fooled on the way and right again at the end.
  private func silentSuccess(_ few: Int, pgd: [Bool]) throws -> Check {
    let images = run.images.prefix(few)
    let indices = Array(0..<few)
    let task = AttackTask(
      run.classifier, images: images.tensor(indices), labels: images.labels(indices),
      keys: indices.map { Key(seed: run.seed).derived($0) })
    let (ever, last) = RobustnessRun.pgd.everAndLastFooled(task, epsilon: epsilon)
    let fooledOnTheWay = zip(ever, last).map { $0 && !$1 }
    return Check(
      "C21", "the best iterate counts, not the last",
      holds: zip(fooledOnTheWay, pgd).count { $0 && $1 } <= margin(few),
      "\(fooledOnTheWay.count { $0 }) of \(few) images were fooled on the way and right again at the end; they count as fooled"
    )
  }

  private func positiveControl(_ few: Int) throws -> Check {
    guard let twin else {
      return Check(
        "C26", "the same attack breaks an undefended twin", .notApplicable,
        "no reference classifier knows these labels")
    }
    let control = RobustnessRun(classifier: twin, images: run.images, seed: run.seed)
    let clean = control.clean(count: few).count { $0 }
    let attacked = try control.attack(RobustnessRun.pgd, .everywhere, epsilon: epsilon, count: few)
      .accuracy
    let claim = "the same attack breaks an undefended twin (\(twin.name))"
    let found = "\(clean) of \(few) right clean, \(attacked.correct) under pgd"
    // An ε that costs hardly anything cannot tell, and neither can a twin that is wrong anyway.
    guard epsilon >= 0.05, clean * 2 > few else { return Check("C26", claim, .notApplicable, found) }
    return Check("C26", claim, holds: attacked.correct * 4 <= clean, found)
  }

  private var analyticControl: Check {
    let ratios = LinearControl(imageShape: run.classifier.imageShape).ratios()
    return Check(
      "C27", "on a linear classifier the attacks find the known distances (at most 1.05 times)",
      holds: ratios.allSatisfy { $0.ratio <= 1.05 },
      ratios.map { "\($0.attack) \(Text.fixed($0.ratio, 4))" }.joined(separator: ", "))
  }
}
