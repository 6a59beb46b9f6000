import Eval
import Experiments
import Files
import FoundationEssentials

/// How tables and CSV write a metric.
extension Metric {
  package func text(_ value: Double?) -> String {
    guard let value else { return "–" }
    return switch digits {
    case .significant(let count): Text.formatted("%.\(count)g", value)
    case .decimals(let count): Text.fixed(value, count)
    }
  }

  /// The names of its columns in a CSV, and what stands there.
  var csvNames: [String] { [name] + (errorName.map { [$0] } ?? []) }

  func csvValues(_ value: MetricValue?) -> [Double?] {
    [value?.value] + (errorName == nil ? [] : [value?.standardError])
  }

  /// Whether tables show it for every judge, not for one alone.
  var isOfEveryJudge: Bool { errorName != nil }
}

extension ScoreResult.Accuracy {
  package var text: String { "\(Text.percent(value)) (\(Text.percents(interval[0]...interval[1])))" }
}
