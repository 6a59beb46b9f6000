import Eval
import Experiments
import Figures

/// How the scores of a generator change while it learns: a chart for each judge's Fréchet distance and one
/// for the label accuracy, over the steps of the checkpoints in a folder.
///
/// The bands are two standard errors of a distance, 95 % intervals of an accuracy; dashed is what real images
/// get.
public struct CheckpointCharts {
  private typealias History = [(step: Int, result: ScoreResult)]

  private static let metric = Metric.frechetDistance

  private var histories: [(folder: String, history: History)] = []

  /// Charts of the checkpoints among what was scored; a folder with a single one has none.
  ///
  /// - Parameter scored: the checkpoints of a folder one after the other, in the order of their steps.
  public init(_ scored: some Sequence<(ScoreItem, ScoreResult)>) {
    for case (.checkpoint(_, let folder, let step), let result) in scored {
      if histories.last?.folder != folder { histories.append((folder, [])) }
      histories[histories.count - 1].history.append((step, result))
    }
    // One checkpoint is no history.
    histories.removeAll { $0.history.count < 2 }
  }

  /// Writes `checkpoints-N-JUDGE` and `checkpoints-N-labels` as `.svg` and `.png` for the N-th folder.
  ///
  /// - Throws: `FileError.unwritable`.
  public func write(to folder: String) throws {
    for (index, (source, history)) in histories.enumerated() {
      for (name, chart) in charts(source, history) {
        for kind in ["svg", "png"] {
          try chart.drawing.write(to: "\(folder)/checkpoints-\(index + 1)-\(name).\(kind)")
        }
      }
    }
  }

  private func charts(_ source: String, _ history: History) -> [(name: String, chart: LineChart)] {
    let judges = Set(history.flatMap(\.result.judges.keys)).sorted()
    let counts = Set(history.map(\.result.count)).sorted().map(String.init).joined(separator: ", ")
    func chart(_ title: String, _ y: Axis, _ series: [LineChart.Series]) -> LineChart {
      LineChart(
        title: title, subtitle: "checkpoints of \(source), \(counts) images each",
        x: Axis("generator steps"), y: y, series: series)
    }
    var charts = judges.map { judge in
      let points = history.compactMap { step, result in
        result.judges[judge]?[Self.metric].map { ($0, Double(step)) }
      }
      return (
        name: judge,
        chart: chart(
          "\(Self.metric.title) by \(judge)", Axis(Self.metric.title),
          [
            .init(
              judge,
              points.compactMap { distance, step in
                let margin = 2 * (distance.standardError ?? 0)
                return distance.value.map { .init(step, $0, interval: $0 - margin...$0 + margin) }
              }),
            .init(
              "real images", points.compactMap { value, step in value.floor.map { .init(step, $0) } },
              style: .dashed),
          ])
      )
    }
    let accuracies = judges.enumerated().flatMap { index, judge -> [LineChart.Series] in
      let points = history.compactMap { step, result in
        result.labelAccuracy?[judge].map { ($0, Double(step)) }
      }
      guard !points.isEmpty else { return [] }
      return [
        .init(
          judge, points.map { .init($1, $0.value, interval: $0.interval[0]...$0.interval[1]) },
          color: Palette.color(index)),
        .init(
          "real images by \(judge)", points.map { .init($1, $0.real) }, style: .dashed,
          color: Palette.color(index)),
      ]
    }
    if !accuracies.isEmpty {
      charts.append(
        (
          name: "labels",
          chart: chart("Label accuracy", Axis("images that show their label", format: .percent), accuracies)
        ))
    }
    return charts
  }
}
