/// What is missing, among the labels or within one.
extension VerdictRule {
  /// A label drawn less often than this share of an equal part counts as missing.
  private static let rareShare = 0.2
  /// Images of a label this much less diverse than real ones, by every judge.
  private static let lowDiversityRatio = 0.5

  /// Labels that no judge sees. Of 20 random images of ten labels most sets lack a label; where there are ten
  /// images for each label, a label as rare as a fifth of an equal part is an accident of less than 1 %.
  static let collapsed = VerdictRule(.collapsed, fewestImages: { 10 * $0 }) { evidence in
    let (names, count) = (evidence.labelNames, Double(evidence.count))
    let missing = names.indices.filter { label in
      evidence.histograms.allSatisfy { Double($0[label]) < rareShare * count / Double(names.count) }
    }
    guard !missing.isEmpty, let first = evidence.histograms.first else { return nil }
    let list = missing.map { "\(names[$0]) \(percent(Double(first[$0]) / count))" }
    return "\(names.count - missing.count) of \(names.count) labels are drawn; "
      + list.joined(separator: ", ")
  }

  static let lowDiversity = VerdictRule(.lowDiversity, fewestImages: { 20 * $0 }) { evidence in
    let poor = evidence.labelNames.indices.compactMap { label -> String? in
      let ratios = evidence.diversity.compactMap { judge -> Double? in
        guard let own = judge[label].own, let real = judge[label].real else { return nil }
        // From 1, one image over and over.
        return (own - 1) / max(1e-9, real - 1)
      }
      guard let most = ratios.max(), most < lowDiversityRatio else { return nil }
      return "\(evidence.labelNames[label]) \(fixed(most))"
    }
    guard !poor.isEmpty else { return nil }
    return "Vendi score less 1 within a label, of that of real images: \(poor.joined(separator: ", "))"
  }
}
