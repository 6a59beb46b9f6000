import Datasets
import Eval
import Experiments
import Figures
import Files
import FoundationEssentials
import Glibc
import Pictures

/// A set of images at a glance: some of them by label, with the training images nearest to them, and the
/// class histogram.
public struct ScoreCard {
  private let result: ScoreResult
  private let rows: [LabeledImageSheet.Row]
  private let labelNames: [String]

  /// Images of each row.
  private static let columns = 10

  /// Chooses what to show: ten images of each label or forty without labels, and those that are most like
  /// training images.
  ///
  /// - Parameters:
  ///   - scored: the images with their score.
  ///   - scorer: the one that scored them, for the training images.
  public init(_ scored: Scored, _ scorer: Scorer) {
    let images = scored.images
    result = scored.result
    labelNames = scorer.labelNames
    let training = scorer.panel.training
    let size = images.valuesPerImage
    func bitmap(_ pixels: ArraySlice<UInt8>) -> Bitmap {
      Bitmap(width: images.width, height: images.height, channels: images.channels, pixels: Array(pixels))
    }
    func sample(_ index: Int) -> Bitmap { bitmap(images.pixels[index * size..<(index + 1) * size]) }
    var rows: [LabeledImageSheet.Row] = []
    if let labels = images.labels {
      for (label, name) in scorer.labelNames.enumerated() {
        let members = labels.indices.lazy.filter { labels[$0] == label }.prefix(Self.columns)
        rows.append(.init(name, members.map(sample)))
      }
    } else {
      for row in 0..<4 {
        let start = row * Self.columns
        rows.append(
          .init(row == 0 ? "images" : "", (start..<min(images.count, start + Self.columns)).map(sample)))
      }
    }
    if let nearest = scored.panelScore.memorization?.nearest {
      // The images that are most like a training image.
      let closest = nearest.squaredDistances.indices.sorted {
        (nearest.squaredDistances[$0], $0) < (nearest.squaredDistances[$1], $1)
      }.prefix(Self.columns)
      rows.append(.init("nearest to training", closest.map(sample)))
      rows.append(
        .init("their training image", closest.map { bitmap(training.image(at: nearest.indices[$0])) }))
    }
    self.rows = rows.filter { !$0.images.isEmpty }
  }

  /// Writes the pictures into the folder, named after the number in the table.
  ///
  /// - Throws: `FileError.unwritable`.
  public func write(number: Int, to folder: String) throws {
    let names = result.judges.keys.sorted()
    let distances = MetricCatalog.shown(in: .card).flatMap { metric in
      names.compactMap { name in
        result.judges[name]?[metric].map { Self.text($0, "\(metric.title) by \(name)") }
      }
    }
    let sheet = LabeledImageSheet(
      title: result.source, subtitle: "\(result.count) images; pixels as they are", rows: rows,
      footnotes: distances + result.verdicts.map { "\($0.name.rawValue): \($0.detail)" })
    try sheet.drawing.write(to: "\(folder)/card-\(number).png")
    let histogram = BarChart(
      title: "Labels seen in \(result.source)",
      subtitle: "by \(names.first ?? "none"), share of \(result.count) images",
      bars: zip(labelNames, result.classHistogram).map { .init($0, Double($1) / Double(result.count)) },
      maximum: nil)
    try histogram.drawing.write(to: "\(folder)/labels-\(number).png")
    let metric = LabelMetric.frechetDistance
    if let values = names.first.flatMap({ result.judges[$0]?[perLabel: metric] }) {
      let chart = BarChart(
        title: "\(metric.title) within each label",
        subtitle: "\(result.source), by \(names.first ?? "none")",
        bars: zip(labelNames, values).compactMap { name, value in value.map { .init(name, $0) } },
        maximum: nil,
        format: .plain, decimals: 3)
      try chart.drawing.write(to: "\(folder)/distances-\(number).png")
    }
  }

  private static func text(_ value: MetricValue, _ title: String) -> String {
    func text(_ number: Double?) -> String { number.map(Text.short) ?? "–" }
    let error = value.standardError.map { " ± \(Text.short($0))" } ?? ""
    return
      "\(title) \(text(value.value))\(error) (real \(text(value.floor)), noise \(text(value.ceiling)))"
  }
}
