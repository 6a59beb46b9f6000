import Figures
import Foundation
import Pictures

/// One chart of each kind, filled to the brim: long names, ten labels, several footnotes.
enum Samples {
  static let labels = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  static let drawings: [(name: String, drawing: Drawing)] = [
    ("line chart", accuracy.drawing), ("loss chart", loss.drawing), ("heat map", confusion.drawing),
    ("small heat map", smallMatrix.drawing), ("bar chart", bars.drawing), ("image sheet", imageSheet.drawing),
    ("prediction sheet", predictions.drawing),
  ]

  static func curve(_ top: Double, _ rate: Double) -> [LineChart.Point] {
    (0...16).map { index in
      let (x, y) = (Double(index) / 16, top * exp(-rate * Double(index) / 16))
      return LineChart.Point(x, y, interval: max(0, y - 0.02)...min(1, y + 0.02))
    }
  }

  static let accuracy = LineChart(
    title: "Accuracy under foreground FGSM", subtitle: "10,000 test images",
    x: Axis("ε", range: 0...1), y: Axis("accuracy", range: 0...1, format: .percent),
    series: [
      .init("conv, foreground", curve(0.92, 8)),
      .init("conv, everywhere", curve(0.92, 14), style: .dashed, color: Palette.color(0)),
      .init("dense, foreground", curve(0.89, 5), color: Palette.color(1)),
      .init("dense, everywhere", curve(0.89, 10), style: .dashed, color: Palette.color(1)),
      .init("published (foreground)", [.init(0.1, 0.41), .init(0.4, 0.1)], style: .markers),
    ],
    footnotes: [
      "FGSM alone does not prove robustness: what survives one step may fall to several, and what falls to "
        + "none of ours may fall to an attack that was made for it.",
      "Intervals: Wilson, 95 %.",
    ])

  static let loss = LineChart(
    title: "A title that is far too long for one line, because it names the model, the data and the recipe",
    x: Axis("step"), y: Axis("cross-entropy"),
    series: [
      .init(
        "a run with a name that is much longer than the chart is wide, for it lists everything that was set: "
          + "schedule, augmentation, batch, seed and the day",
        [.init(0, 2.4), .init(1000, .nan), .init(2000, 0.5), .init(3000, .infinity), .init(4000, 0.3)]),
      .init("two", [.init(0, 2), .init(4000, 0.4)]), .init("three", [.init(100, 1)]), .init("four", []),
    ])

  static let confusion = HeatMap(
    title: "Confusion matrix", subtitle: "conv", rowLabels: labels, columnLabels: labels,
    counts: (0..<10).map { row in (0..<10).map { $0 == row ? 900 - 40 * row : ($0 * 13 + row * 29) % 40 } },
    footnotes: ["ε = 0.1"])

  static let smallMatrix = HeatMap(
    title: "Two", rowLabels: ["a", "b"], columnLabels: ["a", "b"], counts: [[90123, 7], [0, 0]])

  static let bars = BarChart(
    title: "Probabilities", bars: zip(labels, probabilities).map { .init($0, $1) }, highlighted: 7)

  static let imageSheet = LabeledImageSheet(
    title: "Examples", rows: labels.map { .init($0, Array(repeating: image, count: 10)) })

  static let predictions = PredictionSheet(
    title: "Predictions", labels: labels,
    panels: (0..<3).map { _ in .init([view, view], trueLabel: 5) }, footnotes: ["Bold: the true label."])

  static let view = PredictionSheet.View(
    image: image, captions: ["after noise", "true: Sandal / predicted: Sneaker 63 %"],
    probabilities: probabilities)

  static let probabilities = [0.02, 0.001, 0.03, 0.01, 0.009, 0.21, 0.03, 0.63, 0.02, 0.04]

  static let image = Bitmap(
    width: 28, height: 28, channels: 1, pixels: (0..<784).map { UInt8($0 % 256) })
}
