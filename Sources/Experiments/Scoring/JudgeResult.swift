import Eval

/// Every `Metric` of one judge for one set of images.
public struct JudgeResult: Sendable {
  /// By the metrics' names. What a score file has not kept (the ceiling of a metric
  /// without an error) is nil once it was read again.
  public let metrics: [String: MetricValue]
  /// By the names of `MetricCatalog.perLabel`: a number for each label, nil for one of too few images.
  public let perLabel: [String: [Double?]]
  /// What real images get of those.
  public let realPerLabel: [String: [Double?]]
  /// Images that were given each label.
  public let classHistogram: [Int]

  /// The value of a metric, between its floor and its ceiling where those are known.
  public subscript(_ metric: Metric) -> MetricValue? { metrics[metric.name] }
  /// The metric within each label, `[labels]`; nil where it wants labels that the images do not have.
  public subscript(perLabel metric: LabelMetric) -> [Double?]? { perLabel[metric.name] }

  init(_ own: JudgeScore, _ known: RealStatistics.OfJudge) {
    var metrics: [String: MetricValue] = [:]
    for metric in MetricCatalog.all { metrics[metric.name] = metric.value(of: own, known) }
    self.metrics = metrics
    var (perLabel, real): ([String: [Double?]], [String: [Double?]]) = ([:], [:])
    for metric in MetricCatalog.perLabel {
      let values = metric.values(of: own, known)
      (perLabel[metric.name], real[metric.name]) = (values?.own, values?.real)
    }
    (self.perLabel, realPerLabel) = (perLabel, real)
    classHistogram = own.histogram
  }
}

/// A metric with an error is an object of value, error, floor and ceiling; of others the floor stands under
/// `real`.
extension JudgeResult: Codable {
  private struct Bounded: Codable {
    let value, standardError, floor, ceiling: Double
  }

  /// Reads the fields that score files have for the metrics of the catalogue.
  ///
  /// - Throws: `DecodingError` where one is missing that every score has.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: MetricKey.self)
    var metrics: [String: MetricValue] = [:]
    var (perLabel, realPerLabel): ([String: [Double?]], [String: [Double?]]) = ([:], [:])
    for metric in MetricCatalog.all {
      let key = MetricKey(metric.name)
      if metric.errorName != nil {
        let found = try container.decode(Bounded.self, forKey: key)
        metrics[metric.name] = MetricValue(
          value: found.value, standardError: found.standardError, floor: found.floor, ceiling: found.ceiling)
      } else {
        metrics[metric.name] = MetricValue(value: try container.number(metric, key))
      }
    }
    for metric in MetricCatalog.perLabel {
      let key = MetricKey(metric.name)
      perLabel[metric.name] =
        metric.wantsLabels
        ? try container.decodeIfPresent([Double?].self, forKey: key)
        : try container.decode([Double?].self, forKey: key)
    }
    classHistogram = try container.decode([Int].self, forKey: .classHistogram)
    let real = try container.nestedContainer(keyedBy: MetricKey.self, forKey: .real)
    for metric in MetricCatalog.all where metric.isUnderReal {
      let floor = try real.number(metric, MetricKey(metric.name))
      metrics[metric.name] = MetricValue(value: metrics[metric.name]?.value, floor: floor)
    }
    for metric in MetricCatalog.perLabel where metric.hasFloor {
      realPerLabel[metric.name] = try real.decode([Double?].self, forKey: MetricKey(metric.name))
    }
    (self.metrics, self.perLabel, self.realPerLabel) = (metrics, perLabel, realPerLabel)
  }

  /// Writes the fields of score files; a metric without a value has none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: MetricKey.self)
    for metric in MetricCatalog.all {
      guard let own = self[metric], let value = own.value else { continue }
      if metric.errorName != nil {
        try container.encode(
          Bounded(
            value: value, standardError: own.standardError ?? 0, floor: own.floor ?? 0,
            ceiling: own.ceiling ?? 0), forKey: MetricKey(metric.name))
      } else {
        try container.encode(value, forKey: MetricKey(metric.name))
      }
    }
    for (name, values) in perLabel { try container.encode(values, forKey: MetricKey(name)) }
    try container.encode(classHistogram, forKey: .classHistogram)
    var real = container.nestedContainer(keyedBy: MetricKey.self, forKey: .real)
    for metric in MetricCatalog.all where metric.isUnderReal {
      if let floor = self[metric]?.floor { try real.encode(floor, forKey: MetricKey(metric.name)) }
    }
    for (name, values) in realPerLabel { try real.encode(values, forKey: MetricKey(name)) }
  }
}

extension Metric {
  /// Whether a score file has its floor under `real`.
  fileprivate var isUnderReal: Bool { errorName == nil && hasFloor }
}

extension KeyedDecodingContainer {
  fileprivate func number(_ metric: Metric, _ key: Key) throws -> Double? {
    metric.isOptional ? try decodeIfPresent(Double.self, forKey: key) : try decode(Double.self, forKey: key)
  }
}
