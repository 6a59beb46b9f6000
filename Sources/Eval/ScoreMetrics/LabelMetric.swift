/// A figure of the images of each label, given or else predicted.
public struct LabelMetric: Sendable {
  /// As JSON calls it.
  public let name: String
  /// As sentences call it, with `within each label`.
  public let title: String
  /// The values that it can have.
  public let domain: Metric.Domain
  /// Whether a score file has what real images get, too.
  public let hasFloor: Bool
  /// Whether it wants labels that were asked for: without them a score has no such list.
  public let wantsLabels: Bool
  let values: @Sendable (JudgeScore) -> [Double?]?

  /// ``FrechetDistance``
  public static let frechetDistance = LabelMetric(
    name: "frechet_distance_per_label", title: "Fréchet distance", domain: .number, hasFloor: false,
    wantsLabels: true, values: \.frechetPerLabel)

  /// ``VendiScore``
  public static let vendi = LabelMetric(
    name: "vendi_per_label", title: "Vendi score", domain: .notNegative, hasFloor: true,
    wantsLabels: false, values: \.vendiPerLabel)

  /// Of a set of images, `[labels]`, with that of real images; nil where a label has too few of them.
  public func values(
    of score: JudgeScore, _ known: RealStatistics.OfJudge
  ) -> (own: [Double?], real: [Double?]?)? {
    values(score).map { ($0, hasFloor ? values(known.floor) : nil) }
  }
}
