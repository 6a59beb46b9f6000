import Eval
import Experiments

/// The columns of a CSV that several trainings fill: how many they are, and for each judge and figure the
/// standard deviation over them, the ends of the mean's 95 % interval and the sampling error of one.
enum SpreadColumns {
  private static let parts = ["deviation", "low", "high", "sampling_error"]

  private static func figures(_ metrics: [Metric]) -> [String] { ["label_accuracy"] + metrics.map(\.name) }

  static func names(_ judges: [String], _ metrics: [Metric]) -> [String] {
    ["trainings"]
      + judges.flatMap { judge in
        figures(metrics).flatMap { figure in parts.map { "\(judge)_\(figure)_over_trainings_\($0)" } }
      }
  }

  /// - Parameter trainings: nil of one training, which has none of it.
  static func values(_ trainings: TrainingsResult?, _ judges: [String], _ metrics: [Metric]) -> [String] {
    ["\(trainings?.seeds.count ?? 1)"]
      + judges.flatMap { judge in
        ([trainings?.labelAccuracy?[judge]] + metrics.map { trainings?[$0, judge] }).flatMap { spread in
          [spread?.standardDeviation, spread?.interval[0], spread?.interval[1], spread?.samplingError].map {
            $0.map { "\($0)" } ?? ""
          }
        }
      }
  }
}
