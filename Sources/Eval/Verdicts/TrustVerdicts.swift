/// Whether the figures themselves can be trusted.
extension VerdictRule {
  /// Errors that make a 95 % interval.
  private static let intervalErrors = 1.96
  /// A distance this far on the way from floor to ceiling would matter if it were true.
  private static let uncertainShare = 0.1
  /// Judges may agree less often than on real images by this much.
  private static let agreementMargin = 0.15
  /// And stand this far apart on the way from floor to ceiling, in logarithms.
  private static let distanceMargin = 0.25

  /// A distance that would matter if it were true, but whose 95 % interval reaches down to the floor. Silent
  /// near the floor, where a distance is small and not uncertain.
  static let tooFewSamples = VerdictRule(
    .tooFewSamples, finds: "a distance that its error hides", fewestImages: { _ in fewestForDistance }
  ) { evidence in
    guard evidence.count >= fewestForDistance else { return nil }
    let unknown = evidence.judges.compactMap { judge -> String? in
      let distance = judge.distance
      guard distance.share > uncertainShare,
        distance.value - distance.floor < intervalErrors * distance.error
      else { return nil }
      return "\(short(distance.value)) ± \(short(distance.error)) by \(judge.name) may be real images' "
        + short(distance.floor)
    }
    guard !unknown.isEmpty else { return nil }
    return "the Fréchet distance \(unknown.joined(separator: "; "))"
  }

  /// About labels: all give the same one less often than to real images (Fisher's exact test). About the
  /// distance: one sees the images near the real ones, another sees them surely far from them.
  static let judgesDisagree = VerdictRule(
    .judgesDisagree, finds: "images on whose labels or distance the judges differ",
    fewestImages: { _ in 100 }, applies: { $0.judges.count > 1 }
  ) { evidence in
    var signs: [String] = []
    let (own, real) = evidence.agreement
    if own.value < real.value - agreementMargin, TailProbability.isSmaller(own, than: real) <= level / 2 {
      signs.append(
        "about labels: they give \(percent(own.value)) of the images the same one, of real ones "
          + percent(real.value))
    }
    let ordered = evidence.judges.sorted { $0.distance.logarithmicShare < $1.distance.logarithmicShare }
    if evidence.count >= fewestForDistance, let nearest = ordered.first, let farthest = ordered.last,
      farthest.distance.logarithmicShare - nearest.distance.logarithmicShare > distanceMargin,
      farthest.distance.isSurelyAboveFloor
    {
      let places = [nearest, farthest].map { "\(fixed($0.distance.logarithmicShare)) by \($0.name)" }
      signs.append(
        "about the distance: of the way from real images to noise, in logarithms, \(places[0]) and "
          + places[1])
    }
    return signs.isEmpty ? nil : signs.joined(separator: "; ")
  }
}
