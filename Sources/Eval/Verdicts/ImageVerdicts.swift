/// What the images are: copies, without regard to their labels, or of another brightness.
extension VerdictRule {
  /// Near duplicates are too many where their number lies this many deviations above that of held-out images.
  private static let duplicateDeviations = 4.0
  /// Above chance by less than this, labels are not followed.
  private static let labelsIgnoredMargin = 0.05
  /// Brightness may differ by this much of the pixels' range, contrast by this factor.
  private static let brightnessBound = 0.1
  private static let contrastFactor = 1.5
  /// A larger share of clamped pixels is no accident.
  private static let clampedBound = 0.001

  static let memorizes = VerdictRule(.memorizes) { evidence in
    guard let figures = evidence.memorization else { return nil }
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
    return
      "\(own.exactDuplicates) of \(own.count) images are training images and \(own.nearDuplicates) nearly so; "
      + "of \(real.count) held-out images \(real.exactDuplicates) and \(real.nearDuplicates)"
  }

  static let labelsIgnored = VerdictRule(.labelsIgnored) { evidence in
    let (accuracies, chance) = (evidence.labelAccuracies, 1 / Double(evidence.labelCount))
    let bound = chance + labelsIgnoredMargin
    guard !accuracies.isEmpty, accuracies.allSatisfy({ $0.interval.lowerBound < bound }) else { return nil }
    let values = accuracies.map { percent($0.value) }.joined(separator: " and ")
    return "\(values) of the images show the label asked for; guessing reaches \(percent(chance))"
  }

  static let wrongContrast = VerdictRule(.wrongContrast) { evidence in
    let (brightness, contrast) = (evidence.brightness, evidence.contrast)
    let ratio = contrast.own / max(1e-9, contrast.real)
    let isDifferent =
      (brightness.own - brightness.real).magnitude > brightnessBound || ratio > contrastFactor
      || ratio < 1 / contrastFactor
    guard isDifferent || evidence.clampedShare > clampedBound else { return nil }
    return "pixels have mean \(fixed(brightness.own)) and deviation \(fixed(contrast.own)), real ones "
      + "\(fixed(brightness.real)) and \(fixed(contrast.real))"
      + (evidence.clampedShare > 0
        ? "; \(percent(evidence.clampedShare)) of the pixels lay outside the range" : "")
  }
}
