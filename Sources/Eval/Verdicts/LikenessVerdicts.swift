import Glibc

/// Whether the images look like real ones, or are real ones.
extension VerdictRule {
  /// Images near a real one may be fewer than among real images by this factor.
  private static let precisionFactor = 0.8
  /// A distance may lie above the floor by this share of the way to the ceiling.
  private static let distanceShare = 0.05
  /// Standard errors that a distance has to lie above the floor: those of a jackknife of twenty parts, of
  /// which chance exceeds four in one case of 2,500.
  static let distanceErrors = 4.0
  /// Of fewer images the jackknife's error is itself too uncertain.
  static let fewestForDistance = 100

  /// Blurred, smeared, noisy or moved, by some judge: fewer images lie near a real one than of as many real
  /// ones (Fisher's exact test), or the distance lies high above the floor and neither labels nor repeats
  /// explain that.
  static let unlikeTheReal = VerdictRule(
    .unlikeTheReal, finds: "images blurred by a pixel, smeared, noisy or rolled",
    fewestImages: { _ in 100 }
  ) { evidence in
    let signs = evidence.judges.compactMap { judge -> String? in
      let (own, real) = judge.precision
      guard own.value < precisionFactor * real.value,
        TailProbability.isSmaller(own, than: real) <= evidence.levelPerJudge / 2
      else { return nil }
      return "\(percent(own.value)) of the images lie near a real one by \(judge.name), of real ones "
        + percent(real.value)
    }
    guard signs.isEmpty else { return signs.joined(separator: "; ") }
    let isExplained = [collapsed, unbalanced, repeatsItself, lowDiversity].contains {
      $0.verdict(on: evidence) != nil
    }
    guard !isExplained, evidence.count >= fewestForDistance else { return nil }
    let far = evidence.judges.compactMap { judge -> String? in
      let distance = judge.distance
      guard distance.share > distanceShare, distance.isSurelyAboveFloor else { return nil }
      return "the Fréchet distance by \(judge.name), \(short(distance.value)), has gone "
        + "\(percent(distance.share)) of the way from real images' \(short(distance.floor)) to noise"
    }
    return far.isEmpty ? nil : far.joined(separator: "; ")
  }

  /// Training images, also moved by a pixel or two or mirrored: more than among held-out images, by Fisher's
  /// exact test.
  static let memorizes = VerdictRule(
    .memorizes, finds: "training images, also moved or mirrored", fewestImages: { _ in 20 },
    applies: { $0.memorization != nil }
  ) { evidence in
    guard let figures = evidence.memorization else { return nil }
    let (own, real) = (figures.generated, figures.heldOut)
    func near(_ figures: Memorization.Figures) -> Int { figures.alignedDuplicates ?? figures.nearDuplicates }
    func isTooMany(_ count: (Memorization.Figures) -> Int) -> Bool {
      let (first, second) = (
        Proportion(correct: count(own), count: own.count),
        Proportion(correct: count(real), count: real.count)
      )
      return first.value > second.value && TailProbability.isLarger(first, than: second) <= level / 2
    }
    guard isTooMany(\.exactDuplicates) || isTooMany(near) else { return nil }
    return "\(own.exactDuplicates) of \(own.count) images are training images and \(near(own)) nearly so, "
      + "as they are, moved or mirrored; of \(real.count) held-out images \(real.exactDuplicates) and "
      + "\(near(real))"
  }
}

extension VerdictEvidence.Distance {
  /// How far it lies from the floor to the ceiling: 0 at the floor, 1 at the ceiling.
  var share: Double { ceiling > floor ? (value - floor) / (ceiling - floor) : 0 }

  /// The same in logarithms, which different judges' distances have in common; within 0...1.
  var logarithmicShare: Double {
    guard floor > 0, ceiling > floor, value > floor else { return 0 }
    return min(1, log(value / floor) / log(ceiling / floor))
  }

  /// Beyond what the drawing of these images and of the real ones can explain.
  var isSurelyAboveFloor: Bool {
    value - floor > VerdictRule.distanceErrors * (error * error + floorError * floorError).squareRoot()
  }
}
