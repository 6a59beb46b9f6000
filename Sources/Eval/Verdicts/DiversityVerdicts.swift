/// Too few different images, in all or within a label.
extension VerdictRule {
  /// A smaller share of images that are nearly another one is no matter.
  private static let repeatedShare = 0.01
  /// Recall and coverage below this share of real images', at a precision above the other.
  private static let lowCoverage = 0.25
  private static let ordinaryPrecision = 0.5
  /// Recall and coverage of fewer images have not been tried.
  private static let fewestCovering = 50
  /// Images of a label this much less diverse than real ones, by a judge.
  private static let lowDiversityRatio = 0.5
  /// The Vendi score of fewer images of a label varies too much: by a tenth at this number, so that half is
  /// five deviations away.
  private static let fewestOfLabel = 50
  /// To a judge that sees the real images of a label as hardly more than one, an outlier doubles their
  /// variety.
  private static let leastDiversity = 0.5
  /// A label drawn less often than this share of its part holds mostly other labels' images.
  private static let ownShare = 0.5

  /// The same images over and over: pixel by pixel, or to the judges.
  ///
  /// Pairs of nearly equal images are as good as independent of each other: of N real images, of which in a
  /// set of n a share s has such a partner, the number of pairs is about Poisson's with mean N·s·(N/n)/2.
  /// Recall and coverage that are a quarter of real images' while the images are good are no accident.
  static let repeatsItself = VerdictRule(
    .repeatsItself, finds: "100 images over and over", fewestImages: { _ in 50 }
  ) { evidence in
    let (own, real) = evidence.repeats
    // Two more than were found: a count of none is no proof of none.
    let share = Double(real.correct + 2) / Double(real.count)
    let mean = share * Double(own.count) * Double(own.count) / Double(real.count) / 2
    let chance = TailProbability.poisson(atLeast: (own.correct + 1) / 2, mean: mean)
    if own.value >= repeatedShare, chance <= level {
      return "\(own.correct) of \(own.count) images are nearly another one of them; "
        + "of \(real.count) real ones \(real.correct)"
    }
    guard evidence.count >= fewestCovering else { return nil }
    let missing = Set(missingLabels(evidence))
    let isCoveredBadly = evidence.judges.allSatisfy { judge in
      let drawn = judge.shares.realShares.enumerated().reduce(0) {
        missing.contains($1.offset) ? $0 : $0 + $1.element
      }
      return judge.precision.own.value >= ordinaryPrecision * judge.precision.real.value
        && judge.recall.own < lowCoverage * drawn * judge.recall.real
        && judge.coverage.own < lowCoverage * drawn * judge.coverage.real
    }
    guard isCoveredBadly, let judge = evidence.judges.first else { return nil }
    return "the images are like real ones (precision \(fixed(judge.precision.own.value))), but like few of "
      + "them: recall \(fixed(judge.recall.own)) (real \(fixed(judge.recall.real))), coverage "
      + "\(fixed(judge.coverage.own)) (real \(fixed(judge.coverage.real))) by \(judge.name)"
  }

  /// Images of a label that are much alike, by some judge: one that sees noise in them sees it as variety.
  ///
  /// A label is that asked for; else the one that the judge sees, where enough of its images can be of it.
  static let lowDiversity = VerdictRule(
    .lowDiversity, finds: "one image, a little changed, for a whole label", fewestImages: { 60 * $0 }
  ) { evidence in
    let poor = evidence.labelNames.indices.compactMap { label -> String? in
      let ratios = evidence.judges.compactMap { judge -> Double? in
        let shares = judge.shares
        guard (evidence.labelCounts ?? shares.counts)[label] >= fewestOfLabel,
          evidence.labelCounts != nil || shares.shares[label] >= ownShare * shares.realShares[label],
          let own = judge.diversity[label].own, let real = judge.diversity[label].real,
          real - 1 > leastDiversity
        else { return nil }
        // From 1, one image over and over.
        return (own - 1) / (real - 1)
      }
      guard let least = ratios.min(), least < lowDiversityRatio else { return nil }
      return "\(evidence.labelNames[label]) \(fixed(least))"
    }
    guard !poor.isEmpty else { return nil }
    return "Vendi score less 1 within a label, of that of real images: \(poor.joined(separator: ", "))"
  }
}
