import Adversary
import Network

/// What a report of robustness says of itself without a test.
enum RobustnessStatements {
  static func of(_ result: ClassifierRobustness) -> [Statement] {
    let regions = result.regions
    let worst = regions.map { region in
      let worst = result.worstCase(region)
      return "\(region.name) \(worst.count { $0 }) of \(worst.count)"
    }
    return [
      Statement(
        "C15",
        "the number to report is the worst case of each image, mistakes on clean images included: "
          + worst.joined(separator: ", ")),
      Statement(
        "C25",
        "every accuracy has its interval, every comparison is of the same images: Wilson's 95 % intervals; "
          + "McNemar's exact test between classifiers; "
          + regions.map { sameImages(result, $0) }.joined(separator: "; ")),
      Statement(
        "C28",
        "every number says how it was made: norm, ε and its unit, steps, restarts, queries, count and region beside "
          + "each; the seed and the mask's rule above"),
    ]
  }

  /// The attacks beside each other on the images that all were tried on: the slow ones see fewer.
  private static func sameImages(_ result: ClassifierRobustness, _ region: FreePixels) -> String {
    let count = result.worstCase(region).count
    let attacks = result.attacks.filter {
      $0.region == region && $0.norm == .linf && $0.craftedOn == nil && $0.right.count >= count
    }
    let counts = [("clean", result.clean)] + attacks.map { ($0.attack, $0.right) }
    return "\(region.name), of \(count): "
      + counts.map { "\($0.0) \($0.1.prefix(count).count { $0 })" }.joined(separator: ", ")
  }
}
