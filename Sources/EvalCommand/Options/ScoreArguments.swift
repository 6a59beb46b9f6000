import ArgumentParser
import Eval
import Experiments

extension SampleGrid: ExpressibleByArgument {
  /// `8x8`: rows and columns, at least one image.
  public init?(argument: String) {
    let parts = argument.split(omittingEmptySubsequences: false) { "xX×".contains($0) }
    guard parts.count == 2, let rows = Int(parts[0]), let columns = Int(parts[1]),
      (1...10_000).contains(rows),
      (1...10_000).contains(columns)
    else { return nil }
    self.init(rows: rows, columns: columns)
  }
}

/// A metric to rank by, as its short name.
struct RankingArgument: ExpressibleByArgument {
  let metric: Metric

  static let standard = RankingArgument(metric: .frechetDistance)
  static var allValueStrings: [String] { MetricCatalog.ranking.compactMap(\.rankName) }

  init(metric: Metric) { self.metric = metric }

  init?(argument: String) {
    guard let metric = MetricCatalog.ranking.first(where: { $0.rankName == argument }) else { return nil }
    self.metric = metric
  }

  var defaultValueDescription: String { metric.rankName ?? metric.name }
}

/// `--count` of the images that a generator draws to be scored.
enum DrawnCount {
  static func check(_ count: Int) throws {
    guard (FeatureReference.fewest...1_000_000).contains(count) else {
      throw ValidationError("--count: expected \(FeatureReference.fewest) to 1000000 images, found \(count)")
    }
  }
}
