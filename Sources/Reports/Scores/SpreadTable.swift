import Eval
import Experiments
import Figures
import Files

/// Mean and deviation of scores, a line a figure: those of every judge by each, then the others by the first.
struct SpreadTable {
  private(set) var table: TerminalTable

  /// - Parameter title: over what the figures vary.
  init(_ title: String, _ spread: ScoreSpread, judges: [String], metrics: [Metric]) {
    table = TerminalTable(
      [.init(title)]
        + ["mean", "95 % interval", "deviation", "without sampling", "sampling error of one"].map {
          .init($0, .right)
        })
    for judge in judges {
      add("label acc. \(judge)", spread.labelAccuracy?[judge]) { $0.map { Text.percent($0) } ?? "–" }
    }
    for metric in metrics where metric.isOfEveryJudge {
      for judge in judges { add("\(metric.column) \(judge)", spread[metric, judge], metric.text) }
    }
    for metric in metrics where !metric.isOfEveryJudge {
      add(metric.column, judges.first.flatMap { spread[metric, $0] }, metric.text)
    }
  }

  private mutating func add(_ title: String, _ spread: TrainingSpread?, _ text: (Double?) -> String) {
    guard let spread else { return }
    table.add([
      title, "\(text(spread.mean)) ± \(text(spread.standardError))",
      "\(text(spread.interval[0]))…\(text(spread.interval[1]))", text(spread.standardDeviation),
      text(spread.trainingDeviation), text(spread.samplingError),
    ])
  }
}
