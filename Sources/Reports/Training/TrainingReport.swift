import Classifier
import Figures
import Files
import Network

/// A training's history as a table and as a chart.
public struct TrainingReport {
  private let history: [ClassifierTrainer.EpochResult]
  private let recipe: ClassifierRecipe

  /// The report of epochs that were trained by a recipe.
  public init(_ history: [ClassifierTrainer.EpochResult], recipe: ClassifierRecipe) {
    self.history = history
    self.recipe = recipe
  }

  /// An epoch's figures on one line.
  public static func line(_ result: ClassifierTrainer.EpochResult, of epochs: Int) -> String {
    "epoch \(result.epoch)/\(epochs)  loss \(Text.fixed(result.loss, 4))  training "
      + "\(Text.percent(result.trainAccuracy))  test \(Text.percent(result.testAccuracy, digits: 2))"
  }

  /// Writes `history` as `.csv`, `.svg` and `.png` into the folder.
  ///
  /// - Throws: `FileError`.
  public func write(to folder: String) throws {
    var csv = CSV(["epoch", "loss", "train_accuracy", "test_accuracy"])
    for result in history {
      csv.add(["\(result.epoch)", "\(result.loss)", "\(result.trainAccuracy)", "\(result.testAccuracy)"])
    }
    try AtomicFile.write(csv.text, to: "\(folder)/history.csv")
    let chart = Self.chart(
      of: recipe.architecture.rawValue,
      subtitle:
        "batch \(recipe.batchSize), rate \(recipe.learningRate), \(recipe.schedule.rawValue), seed \(recipe.seed)"
        + (recipe.defence.map { ", \($0.summary)" } ?? ""),
      training: history.map { .init(Double($0.epoch), $0.trainAccuracy) },
      test: history.map { .init(Double($0.epoch), $0.testAccuracy) })
    for kind in ["svg", "png"] { try chart.drawing.write(to: "\(folder)/history.\(kind)") }
  }

  static func chart(
    of architecture: String, subtitle: String, training: [LineChart.Point], test: [LineChart.Point]
  ) -> LineChart {
    LineChart(
      title: "Training of the \(architecture) classifier", subtitle: subtitle, x: Axis("epoch"),
      y: Axis("accuracy", format: .percent),
      series: [.init("training, with augmentation and dropout", training), .init("test", test)])
  }
}
