/// What the images are: without regard to their labels, or of another brightness.
extension VerdictRule {
  /// Above chance by less than this, labels are not followed.
  private static let labelsIgnoredMargin = 0.05
  /// Brightness may differ by this much of the pixels' range, contrast by this factor.
  private static let brightnessBound = 0.1
  private static let contrastFactor = 1.5
  /// Deviations of the mean brightness; chance exceeds them in one case of a thousand.
  private static let brightnessErrors = 3.3
  /// A larger share of clamped pixels is no accident.
  private static let clampedBound = 0.001

  /// Labels that are followed no better than by guessing, and surely less often than real images' are
  /// (Fisher's exact test).
  static let labelsIgnored = VerdictRule(
    .labelsIgnored, finds: "labels at random", fewestImages: { _ in 20 },
    applies: { $0.judges.contains { $0.labelAccuracy != nil } }
  ) { evidence in
    let accuracies = evidence.judges.compactMap(\.labelAccuracy)
    let chance = 1 / Double(evidence.labelCount)
    let areIgnored = accuracies.allSatisfy { own, real in
      own.interval.lowerBound < chance + labelsIgnoredMargin && own.value < real.value
        && TailProbability.isSmaller(own, than: real) <= level
    }
    guard areIgnored else { return nil }
    let values = accuracies.map { percent($0.own.value) }.joined(separator: " and ")
    return "\(values) of the images show the label asked for; guessing reaches \(percent(chance))"
  }

  static let wrongContrast = VerdictRule(
    .wrongContrast, finds: "images much brighter, darker, flatter or harsher", fewestImages: { _ in 20 }
  ) { evidence in
    let (brightness, contrast) = (evidence.brightness, evidence.contrast)
    let ratio = contrast.own / max(1e-9, contrast.real)
    let error = evidence.brightnessDeviation / Double(max(1, evidence.count)).squareRoot()
    let isDifferent =
      (brightness.own - brightness.real).magnitude > max(brightnessBound, brightnessErrors * error)
      || ratio > contrastFactor || ratio < 1 / contrastFactor
    guard isDifferent || evidence.clampedShare > clampedBound else { return nil }
    return "pixels have mean \(fixed(brightness.own)) and deviation \(fixed(contrast.own)), real ones "
      + "\(fixed(brightness.real)) and \(fixed(contrast.real))"
      + (evidence.clampedShare > 0
        ? "; \(percent(evidence.clampedShare)) of the pixels lay outside the range" : "")
  }
}
