import Adversary
import Eval
import Network

/// Checks of the report itself: C15, C22, C24, C25, C28.
enum DisclosureChecks {
  static func checks(_ result: ClassifierRobustness) -> [Check] {
    let regions = [Region.everywhere, .foreground]
    let isWorst = regions.allSatisfy { region in
      let worst = result.worstCase(region)
      return ([result.clean] + result.counted(in: region).map(\.right)).allSatisfy { right in
        zip(worst, right).allSatisfy { !$0 || $1 }
      }
    }
    let names = Set(result.attacks.map(\.attack))
    let kinds = [
      ("one step", "fgsm"), ("many steps", RobustnessRun.pgd.name),
      ("aimed at labels, minimum norm", "autoattack"),
      ("without gradients", "square"), ("labels only", "hopskipjump"), ("blind", "noise"),
    ]
    let missing = kinds.filter { !names.contains($0.1) }.map(\.0)
    return [
      Check(
        "C15", "the number to report is the worst case of each image, mistakes on clean images included",
        holds: isWorst,
        regions.map { region in
          let worst = result.worstCase(region)
          return "\(region.rawValue) \(worst.count { $0 }) of \(worst.count)"
        }.joined(separator: ", ")),
      Check(
        "C22", "the attacks are of different kinds", holds: missing.isEmpty,
        missing.isEmpty
          ? kinds.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
          : "missing: \(missing.joined(separator: ", "))"),
      agreement(result),
      Check(
        "C25", "every accuracy has its interval, every comparison is of the same images", .pass,
        "Wilson's 95 % intervals; McNemar's exact test between classifiers; "
          + regions.map { sameImages(result, $0) }.joined(separator: "; ")),
      Check(
        "C28", "every number says how it was made", holds: result.attacks.allSatisfy { !$0.settings.isEmpty },
        "norm, ε and its unit, steps, restarts, queries, count and region beside each; the seed and the mask's rule above"
      ),
    ]
  }

  /// The attacks beside each other on the images that all were tried on: the slow ones see fewer.
  private static func sameImages(_ result: ClassifierRobustness, _ region: Region) -> String {
    let count = result.worstCase(region).count
    let attacks = result.attacks.filter {
      $0.region == region && $0.norm == .linf && $0.craftedOn == nil && $0.right.count >= count
    }
    let counts = [("clean", result.clean)] + attacks.map { ($0.attack, $0.right) }
    return "\(region.rawValue), of \(count): "
      + counts.map { "\($0.0) \($0.1.prefix(count).count { $0 })" }.joined(separator: ", ")
  }

  private static func agreement(_ result: ClassifierRobustness) -> Check {
    let claim = "what is certified is not fooled"
    let bounds = result.certificates.filter { $0.method == .ibp }
    guard !bounds.isEmpty else {
      return Check("C24", claim, .notApplicable, "no bounds were asked for (--certify ibp)")
    }
    let contradictions = bounds.map { $0.contradictions(result.attacks) }
    return Check(
      "C24", claim, holds: contradictions.allSatisfy { $0 == 0 },
      zip(bounds, contradictions).map {
        "\($0.region.rawValue) \($0.accuracy.correct) certified, \($1) of them fooled"
      }.joined(separator: "; "))
  }
}
