import Foundation

/// When a verdict is given. Each bound was set so that held-out real images pass and the damage it is meant
/// for does not; `eval judge-check` tries both.
public struct VerdictRule: Sendable {
  public let name: Verdict.Name
  /// Images that it wants before it says anything, of so many labels: of fewer, real ones get it by chance.
  /// Verdicts that bring a test of their own for small numbers want none.
  public let fewestImages: @Sendable (_ labelCount: Int) -> Int
  let detail: @Sendable (VerdictEvidence) -> String?

  /// - Parameter detail: what is amiss, with its figures; nil where nothing is.
  public init(
    _ name: Verdict.Name, fewestImages: @escaping @Sendable (_ labelCount: Int) -> Int = { _ in 0 },
    detail: @escaping @Sendable (VerdictEvidence) -> String?
  ) {
    self.name = name
    self.fewestImages = fewestImages
    self.detail = detail
  }

  /// nil where nothing is amiss. Does not ask whether there are enough images.
  public func verdict(on evidence: VerdictEvidence) -> Verdict? {
    detail(evidence).map { Verdict(name: name, detail: $0) }
  }

  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
  static func fixed(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// Every verdict on generated images. Those on classifiers under attack are given where those are evaluated.
public enum VerdictCatalog {
  public static let all: [VerdictRule] = [
    .collapsed, .lowDiversity, .memorizes, .labelsIgnored, .wrongContrast, .tooFewSamples, .judgesDisagree,
  ]

  /// Those that are given, without those that are ``withheld(imageCount:labelCount:)``.
  public static func verdicts(on evidence: VerdictEvidence) -> [Verdict] {
    all.filter { evidence.count >= $0.fewestImages(evidence.labelCount) }.compactMap {
      $0.verdict(on: evidence)
    }
  }

  /// The verdicts that are not given, nor their absence said, for want of images; the detail is how many they
  /// want.
  public static func withheld(imageCount: Int, labelCount: Int) -> [Verdict] {
    all.compactMap { rule in
      let needed = rule.fewestImages(labelCount)
      guard imageCount < needed else { return nil }
      return Verdict(name: rule.name, detail: "\(imageCount) images; \(needed) are needed")
    }
  }
}
