/// Whether the figures themselves can be trusted.
extension VerdictRule {
  /// A distance with a standard error above this share of it says little.
  private static let relativeErrorBound = 0.1
  /// Features of d numbers want this many images for each of them.
  private static let imagesPerFeature = 10
  /// Judges may agree less often than on real images by this much.
  private static let agreementMargin = 0.15

  static let tooFewSamples = VerdictRule(.tooFewSamples) { evidence in
    let needed = imagesPerFeature * evidence.dimension
    let distance = evidence.frechetDistance
    let share = (distance.standardError ?? 0) / max(1e-12, distance.value.magnitude)
    guard evidence.count < needed || share > relativeErrorBound else { return nil }
    return evidence.count < needed
      ? "\(evidence.count) images for features of \(evidence.dimension) numbers; \(needed) are needed"
      : "the standard error of the Fréchet distance is \(percent(share)) of it"
  }

  static let judgesDisagree = VerdictRule(.judgesDisagree, fewestImages: { _ in 50 }) { evidence in
    let agreement = evidence.agreement
    guard agreement.own < agreement.real - agreementMargin else { return nil }
    return "the judges give \(percent(agreement.own)) of the images the same label, of real ones "
      + percent(agreement.real)
  }
}
