import Files
import FoundationEssentials

/// When a verdict is given.
///
/// A verdict is a test of the hypothesis that the images were drawn from the real ones, and is given to real
/// images in at most one case of a hundred (``falseAlarmRate``), whatever their number. Each of its parts
/// spends a share of `level`: by Bonferroni's inequality the shares add up. Where a judge sees real
/// images of one kind a little differently from those of another, as it does the ones that it was trained
/// on, a difference has to be larger than that as well as beyond chance.
///
/// `eval judge-check` measures both rates: how often real images are given a verdict, and how often the
/// damage it is for is.
public struct VerdictRule: Sendable {
  /// The verdict that it gives.
  public let name: Verdict.Name
  /// The damage that it is for, in words.
  public let finds: String
  /// Images, of so many labels, of which it finds that damage in ``power`` of all sets. Of fewer it is given
  /// where they suffice; where it is not, nothing is said.
  public let fewestImages: @Sendable (_ labelCount: Int) -> Int
  let applies: @Sendable (VerdictEvidence) -> Bool
  let detail: @Sendable (VerdictEvidence) -> String?

  /// What every verdict promises of real images.
  public static let falseAlarmRate = 0.01
  /// What every verdict promises of the damage that it is for.
  public static let power = 0.95
  /// What the parts of one add up to: half of it, for what is approximate in them.
  static let level = falseAlarmRate / 2

  /// A rule of one's own.
  ///
  /// - Parameters:
  ///   - name: the verdict that it gives.
  ///   - finds: the damage that it is for, in words.
  ///   - fewestImages: images of which it finds that damage in ``power`` of all sets.
  ///   - applies: whether there is anything to test.
  ///   - detail: what is amiss, with its figures; nil where nothing is.
  public init(
    _ name: Verdict.Name, finds: String, fewestImages: @escaping @Sendable (_ labelCount: Int) -> Int,
    applies: @escaping @Sendable (VerdictEvidence) -> Bool = { _ in true },
    detail: @escaping @Sendable (VerdictEvidence) -> String?
  ) {
    self.name = name
    self.finds = finds
    self.fewestImages = fewestImages
    self.applies = applies
    self.detail = detail
  }

  /// nil where nothing is amiss, or nothing can be tested.
  public func verdict(on evidence: VerdictEvidence) -> Verdict? {
    guard applies(evidence) else { return nil }
    return detail(evidence).map { Verdict(name: name, detail: $0) }
  }

  static func percent(_ share: Double) -> String { Text.formatted("%.1f %%", 100 * share) }
  static func fixed(_ value: Double) -> String { Text.formatted("%.2f", value) }
  static func short(_ value: Double) -> String { Text.formatted("%.3g", value) }
}

/// All that verdicts have to say of one set of images; a name is in one of the lists, or in none where there
/// was nothing to test.
public struct VerdictFindings: Codable, Equatable, Sendable {
  /// What is amiss.
  public let given: [Verdict]
  /// Not given, though there are too few images to say that nothing is amiss; the detail is how many they
  /// want.
  public let withheld: [Verdict]
  /// Not given, and the damage in the detail would have been found (``VerdictRule/power``).
  public let absent: [Verdict]

  /// The three lists as the caller sorted them.
  public init(given: [Verdict], withheld: [Verdict], absent: [Verdict]) {
    (self.given, self.withheld, self.absent) = (given, withheld, absent)
  }
}

/// Every verdict on generated images. Those on classifiers under attack are given where those are evaluated.
public enum VerdictCatalog {
  /// Every rule, in the order in which reports list verdicts.
  public static let all: [VerdictRule] = [
    .collapsed, .unbalanced, .repeatsItself, .unlikeTheReal, .lowDiversity, .memorizes, .labelsIgnored,
    .wrongContrast, .tooFewSamples, .judgesDisagree,
  ]

  /// Tries every rule that has something to test.
  public static func findings(on evidence: VerdictEvidence) -> VerdictFindings {
    var (given, withheld, absent): ([Verdict], [Verdict], [Verdict]) = ([], [], [])
    for rule in all where rule.applies(evidence) {
      let needed = rule.fewestImages(evidence.labelCount)
      if let verdict = rule.verdict(on: evidence) {
        given.append(verdict)
      } else if evidence.count < needed {
        withheld.append(Verdict(name: rule.name, detail: "\(evidence.count) images; \(needed) are needed"))
      } else if evidence.realCount < needed {
        withheld.append(
          Verdict(name: rule.name, detail: "\(evidence.realCount) real images; \(needed) are needed"))
      } else {
        absent.append(Verdict(name: rule.name, detail: rule.finds))
      }
    }
    return VerdictFindings(given: given, withheld: withheld, absent: absent)
  }

  /// Those that are given.
  public static func verdicts(on evidence: VerdictEvidence) -> [Verdict] { findings(on: evidence).given }
}
