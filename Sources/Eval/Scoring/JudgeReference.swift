import Kernels

/// The real images as one judge sees them: what every set of images is measured against.
public struct JudgeReference: Sendable {
  /// The features of all real images; the kernel is scaled by the mean of their ‖x‖².
  public let whole: FeatureReference
  private let perLabel: [FrechetDistance.Reference?]

  /// Computes what every score by this judge needs.
  ///
  /// - Parameters:
  ///   - view: of the N real images.
  ///   - labels: the true ones, `[N]`.
  ///   - neighborhoods: of these features, where they are known already.
  public init(_ view: JudgeView, labels: [Int], neighborhoods: Neighborhoods? = nil) {
    precondition(
      labels.count == view.count, "JudgeReference: \(labels.count) labels for \(view.count) images")
    // Our judges' features are of very different size: with d, the kernel of the smaller ones is nearly a
    // line, which sees nothing but means.
    let lengths = view.features.squaredLengths()
    let scale = lengths.reduce(0, +) / Double(lengths.count)
    whole = FeatureReference(
      view.features, neighborhoods: neighborhoods, kernelScale: scale > 0 ? scale : nil)
    perLabel = Self.indices(labels, view.logits.columns).map { members in
      members.count < 2 ? nil : .init(FeatureMoments(view.features.rows(members)))
    }
  }

  /// Every figure of a set of images, as this judge sees it.
  ///
  /// - Parameters:
  ///   - view: of these images, by the same judge.
  ///   - labels: what the images should show, `[N]`; nil where nothing was asked for.
  /// - Precondition: at least ``FeatureReference/fewest`` images.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func score(_ view: JudgeView, labels: [Int]?) throws(Matrix.NoConvergence) -> JudgeScore {
    let distribution = view.distribution
    var (vendi, frechet): ([Double?], [Double?]) = ([], [])
    for (label, members) in Self.indices(labels ?? distribution.predictions, perLabel.count).enumerated() {
      let own = view.features.rows(members)
      vendi.append(try VendiScore.of(own))
      let reference = members.count < 2 ? nil : perLabel[label]
      frechet.append(
        try reference.map { (reference) throws(Matrix.NoConvergence) in
          try reference.distance(to: FeatureMoments(own))
        })
    }
    let features = try whole.figures(of: view.features)
    let evidence = MetricEvidence(
      features: FeatureEvidence(view.features, whole, figures: features), view: view, labels: labels)
    var figures: [String: MetricFigure] = [:]
    for metric in MetricCatalog.all { figures[metric.name] = try metric.measured(evidence) }
    return JudgeScore(
      features: features, figures: figures, frechetPerLabel: labels == nil ? nil : frechet,
      vendiPerLabel: vendi, histogram: distribution.histogram, entropy: distribution.entropy,
      correct: labels.map { zip($0, distribution.predictions).count { $0 == $1 } })
  }

  private static func indices(_ labels: [Int], _ labelCount: Int) -> [[Int]] {
    var indices = [[Int]](repeating: [], count: labelCount)
    for (index, label) in labels.enumerated() { indices[label].append(index) }
    return indices
  }
}
