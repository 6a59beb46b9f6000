import Eval

/// The metrics of two sets of features: `assay/feature-score/1`.
public struct FeatureScoreResult: Sendable {
  /// The format of the file and its version.
  public static let schema = "assay/feature-score/1"

  /// Where the features are from: the paths of the files.
  public let real, generated: String
  /// The numbers of features, where the files say them.
  public let realCount, generatedCount: Int?
  /// How many numbers a feature has, d.
  public let dimension: Int
  /// By the metrics' names; without what could not be computed.
  public let metrics: [String: MetricFigure]
  /// What the real features have by themselves (`Eval/Metric/alone`).
  public let realMetrics: [String: Double]
  /// Whether of both the features themselves are known, not their mean and covariance alone.
  let isOfFeatures: Bool

  /// The value of a metric, with its error where it has one; nil where it could not be computed.
  public subscript(_ metric: Metric) -> MetricFigure? { metrics[metric.name] }

  /// The metrics of features, in order.
  public static var catalog: [Metric] { MetricCatalog.all.filter(\.isOfFeatures) }

  /// Figures that want the features themselves, where only their mean and covariance are known.
  public var leftOut: [String] {
    guard !isOfFeatures else { return [] }
    return Self.catalog.flatMap { metric -> [String] in
      let alone = metric.alone == nil ? [] : ["real_\(metric.name)"]
      guard let found = self[metric] else { return [metric.name] + alone }
      return metric.errorName != nil && found.standardError == nil ? ["\(metric.name).standard_error"] : []
    }
  }
}

extension FeatureScoreResult: Encodable {
  private struct Bounded: Encodable {
    let value: Double
    @Nullable var standardError: Double?
  }

  /// Writes a field for each metric of the catalogue, null where it has no value, as `assay/feature-score/1`
  /// has them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: MetricKey.self)
    func put(_ value: (some Encodable)?, _ name: String) throws {
      let key = MetricKey(name)
      if let value { try container.encode(value, forKey: key) } else { try container.encodeNil(forKey: key) }
    }
    try put(Self.schema, "schema")
    try put(real, "real")
    try put(generated, "generated")
    try put(realCount, "real_count")
    try put(generatedCount, "generated_count")
    try put(dimension, "dimension")
    try put(leftOut, "left_out")
    for metric in Self.catalog {
      if metric.errorName != nil {
        try put(self[metric].map { Bounded(value: $0.value, standardError: $0.standardError) }, metric.name)
      } else {
        try put(self[metric]?.value, metric.name)
      }
      if metric.alone != nil { try put(realMetrics[metric.name], "real_\(metric.name)") }
    }
  }
}

/// A field that is named by a metric. The encoder and the decoder turn its name into that of files, and back.
struct MetricKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  static let real = MetricKey("real")
  static let classHistogram = MetricKey("class_histogram")

  init(_ name: String) {
    let words = name.split(separator: "_")
    stringValue = words.dropFirst().reduce(into: String(words.first ?? "")) {
      $0 += $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
