import Foundation

/// Something that a person should know of a result, in words and with its evidence.
public struct Verdict: Codable, Equatable, Sendable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case collapsed
    case lowDiversity = "low diversity"
    case memorizes
    case labelsIgnored = "labels ignored"
    case wrongContrast = "wrong contrast"
    case tooFewSamples = "too few samples"
    case judgesDisagree = "judges disagree"
    // Of classifiers under attack.
    case falseWin = "false win"
    case notTrusted = "not to be trusted"
  }

  public let name: Name
  public let detail: String

  public init(name: Name, detail: String) {
    self.name = name
    self.detail = detail
  }
}

/// When a verdict is given. Each bound was set so that held-out real images pass and the damage it is meant for does not;
/// `eval judge-check` tries both.
public enum Verdicts {
  /// A label drawn less often than this share of an equal part counts as missing.
  static let rareShare = 0.2
  /// Images of a label this much less diverse than real ones, by every judge.
  static let lowDiversityRatio = 0.5
  /// Above chance by less than this, labels are not followed.
  static let labelsIgnoredMargin = 0.05
  /// Brightness may differ by this much of the pixels' range, contrast by this factor.
  static let brightnessBound = 0.1
  static let contrastFactor = 1.5
  /// A distance with a standard error above this share of it says little.
  static let relativeErrorBound = 0.1
  /// Features of d numbers want this many images for each of them.
  static let imagesPerFeature = 10
  /// Judges may agree less often than on real images by this much.
  static let agreementMargin = 0.15
  /// Near duplicates are too many where their number lies this many deviations above that of held-out images.
  static let duplicateDeviations = 4.0

  /// Images that a verdict wants before it says anything, of so many labels: of fewer, real ones get it by chance. Of 20
  /// random images of ten labels most sets lack a label; where there are ten images for each label, a label as rare as
  /// ``rareShare`` is an accident of less than 1 %. Verdicts that bring a test of their own for small numbers want none.
  public static func fewestImages(for name: Verdict.Name, labelCount: Int) -> Int {
    switch name {
    case .collapsed: 10 * labelCount
    case .lowDiversity: 20 * labelCount
    case .judgesDisagree: 50
    case .memorizes, .labelsIgnored, .wrongContrast, .tooFewSamples, .falseWin, .notTrusted: 0
    }
  }

  /// The verdicts that are not given, nor their absence said, for want of images; the detail is how many they want.
  public static func withheld(imageCount: Int, labelCount: Int) -> [Verdict] {
    Verdict.Name.allCases.compactMap { name in
      let needed = fewestImages(for: name, labelCount: labelCount)
      guard imageCount < needed else { return nil }
      return Verdict(name: name, detail: "\(imageCount) images; \(needed) are needed")
    }
  }

  /// Without those that are ``withheld(imageCount:labelCount:)``.
  ///
  /// - Parameters:
  ///   - judges: the names, in order.
  ///   - clamped: the share of pixels that lay outside the range.
  public static func of(
    _ score: PanelScore, _ statistics: RealStatistics, judges: [String], labelNames: [String],
    clamped: Double
  ) -> [Verdict] {
    let scores = judges.compactMap { score.judges[$0] }
    guard let first = scores.first else { return [] }
    let withheld = withheld(imageCount: first.count, labelCount: labelNames.count).map(\.name)
    return [
      collapsed(scores, labelNames), lowDiversity(score, statistics, judges, labelNames),
      score.memorization.flatMap { memorizes($0.figures) }, labelsIgnored(scores, labelNames.count),
      wrongContrast(score, statistics, clamped), tooFewSamples(first),
      judgesDisagree(score, statistics),
    ].compactMap { $0 }.filter { !withheld.contains($0.name) }
  }

  private static func collapsed(_ scores: [JudgeScore], _ labelNames: [String]) -> Verdict? {
    // A label is missing only where no judge sees it.
    let missing = labelNames.indices.filter { label in
      scores.allSatisfy {
        Double($0.histogram[label]) < rareShare * Double($0.count) / Double(labelNames.count)
      }
    }
    guard !missing.isEmpty, let first = scores.first else { return nil }
    let drawn = labelNames.count - missing.count
    let list = missing.map {
      "\(labelNames[$0]) \(percent(Double(first.histogram[$0]) / Double(first.count)))"
    }
    return Verdict(
      name: .collapsed,
      detail: "\(drawn) of \(labelNames.count) labels are drawn; \(list.joined(separator: ", "))")
  }

  private static func lowDiversity(
    _ score: PanelScore, _ statistics: RealStatistics, _ judges: [String], _ labelNames: [String]
  ) -> Verdict? {
    let poor = labelNames.indices.compactMap { label -> String? in
      let ratios = judges.compactMap { judge -> Double? in
        guard let own = score.judges[judge]?.vendiPerLabel[label],
          let real = statistics.judges[judge]?.floor.vendiPerLabel[label]
        else { return nil }
        // From 1, one image over and over.
        return (own - 1) / max(1e-9, real - 1)
      }
      guard let most = ratios.max(), most < lowDiversityRatio else { return nil }
      return "\(labelNames[label]) \(fixed(most))"
    }
    guard !poor.isEmpty else { return nil }
    return Verdict(
      name: .lowDiversity,
      detail: "Vendi score less 1 within a label, of that of real images: \(poor.joined(separator: ", "))")
  }

  private static func memorizes(_ figures: Memorization) -> Verdict? {
    let (own, real) = (figures.generated, figures.heldOut)
    func isTooMany(_ count: Int, _ usual: Int) -> Bool {
      let share = Double(usual + 1) / Double(real.count + 1)
      let expected = share * Double(own.count)
      return Double(count) > expected + duplicateDeviations * (expected * (1 - min(1, share))).squareRoot()
    }
    guard
      isTooMany(own.exactDuplicates, real.exactDuplicates)
        || isTooMany(own.nearDuplicates, real.nearDuplicates)
    else { return nil }
    return Verdict(
      name: .memorizes,
      detail:
        "\(own.exactDuplicates) of \(own.count) images are training images and \(own.nearDuplicates) nearly so; "
        + "of \(real.count) held-out images \(real.exactDuplicates) and \(real.nearDuplicates)")
  }

  private static func labelsIgnored(_ scores: [JudgeScore], _ labelCount: Int) -> Verdict? {
    let accuracies = scores.compactMap(\.labelAccuracy)
    let bound = 1 / Double(labelCount) + labelsIgnoredMargin
    guard !accuracies.isEmpty, accuracies.allSatisfy({ $0.interval.lowerBound < bound }) else { return nil }
    let values = accuracies.map { percent($0.value) }.joined(separator: " and ")
    return Verdict(
      name: .labelsIgnored,
      detail:
        "\(values) of the images show the label asked for; guessing reaches \(percent(1 / Double(labelCount)))"
    )
  }

  private static func wrongContrast(
    _ score: PanelScore, _ statistics: RealStatistics, _ clamped: Double
  ) -> Verdict? {
    let ratio = score.contrast / max(1e-9, statistics.contrast)
    let isDifferent =
      (score.brightness - statistics.brightness).magnitude > brightnessBound || ratio > contrastFactor
      || ratio < 1 / contrastFactor
    guard isDifferent || clamped > 0.001 else { return nil }
    var detail =
      "pixels have mean \(fixed(score.brightness)) and deviation \(fixed(score.contrast)), real ones "
      + "\(fixed(statistics.brightness)) and \(fixed(statistics.contrast))"
    if clamped > 0 { detail += "; \(percent(clamped)) of the pixels lay outside the range" }
    return Verdict(name: .wrongContrast, detail: detail)
  }

  private static func tooFewSamples(_ score: JudgeScore) -> Verdict? {
    let needed = imagesPerFeature * score.features.dimension
    let share = score.features.frechetError / max(1e-12, score.features.frechetDistance.magnitude)
    guard score.count < needed || share > relativeErrorBound else { return nil }
    return Verdict(
      name: .tooFewSamples,
      detail: score.count < needed
        ? "\(score.count) images for features of \(score.features.dimension) numbers; \(needed) are needed"
        : "the standard error of the Fréchet distance is \(percent(share)) of it")
  }

  private static func judgesDisagree(_ score: PanelScore, _ statistics: RealStatistics) -> Verdict? {
    guard score.agreement < statistics.agreement - agreementMargin else { return nil }
    return Verdict(
      name: .judgesDisagree,
      detail: "the judges give \(percent(score.agreement)) of the images the same label, of real ones "
        + percent(statistics.agreement))
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
  private static func fixed(_ value: Double) -> String { String(format: "%.2f", value) }
}
