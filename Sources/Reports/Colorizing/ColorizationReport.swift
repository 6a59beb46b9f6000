import Datasets
import Eval
import Experiments
import Figures
import Files
import Foundation
import Generators
import Pictures

/// Coloured images as pictures and arrays, and how well they are coloured as a table, CSV and JSON.
public struct ColorizationReport {
  private let outcome: ColorizationOutcome
  private let name: String

  public init(_ outcome: ColorizationOutcome, of experiment: ColorizationExperiment) {
    (self.outcome, name) = (outcome, experiment.name)
  }

  // MARK: - Figures

  private static let rowNames = ["colour error", "black background", "label from colour"]

  /// nil where the labels are not known.
  public func table(_ layout: Layout) -> String? {
    guard let result = outcome.result else { return nil }
    let classifiers = result.figures[0].luminanceAccuracy.keys.sorted()
    var table = TerminalTable(
      [.init("figure")]
        + result.figures.enumerated().map { .init($0 == 0 ? "colorizer" : $1.name, .right) })
    func add(_ name: String, _ text: (ColorizationResult.Figures) -> String) {
      table.add([name] + result.figures.map(text))
    }
    func share(_ proportion: Proportion?) -> String {
      proportion.map { "\(Text.percent($0.value)) (\(Text.percents($0.interval)))" } ?? "–"
    }
    add(Self.rowNames[0]) {
      "\(Text.fixed($0.colorError.value, 4)) ± \(Text.fixed($0.colorError.standardError, 4))"
    }
    add(Self.rowNames[1]) {
      "\(Text.percent($0.blackBackground.value, digits: 2)) ± \(Text.fixed(100 * $0.blackBackground.standardError, 2))"
    }
    add(Self.rowNames[2]) { share($0.labelFromColor) }
    for label in result.labels where result.figures[0].labelFromColorByLabel[label] != nil {
      add("  \(label)") { share($0.labelFromColorByLabel[label]) }
    }
    for classifier in classifiers {
      add("luminance, \(classifier)") { share($0.luminanceAccuracy[classifier]) }
    }
    let title = "\(name.visible()): \(result.count) images of \(result.source.visible())"
    let notes = """
      colour error: mean distance from the right colour over the foreground and the channels, in [0, 1], ± standard error.
      black background: share of the other pixels with no channel above \(ColorAccuracy.blackest) of 255.
      label from colour: how often the label's colour is the nearest to the image's tint, with 95 % interval.
      luminance: accuracy of a classifier on the images made grey again.
      """
    return [layout.fitted(title), layout.fitted(table) + "\n" + layout.fitted(notes)].joined(
      separator: "\n\n")
  }

  public func json() throws -> String? { try outcome.result.map { try JSON.text($0) } }

  public var csv: String? {
    outcome.result.map { result in
      let classifiers = result.figures[0].luminanceAccuracy.keys.sorted()
      var csv = CSV(
        ["way", "colour error", "standard error", "black background", "standard error", "label from colour"]
          + classifiers.map { "luminance \($0)" })
      for figures in result.figures {
        let numbers =
          [
            figures.colorError.value, figures.colorError.standardError, figures.blackBackground.value,
            figures.blackBackground.standardError, figures.labelFromColor.value,
          ] + classifiers.compactMap { figures.luminanceAccuracy[$0]?.value }
        csv.add([figures.name] + numbers.map { "\($0)" })
      }
      return csv.text
    }
  }

  // MARK: - Images

  /// Writes the coloured images as the name ends.
  ///
  /// | ending | content |
  /// |---|---|
  /// | `.png` | a single image; of several the first, each with its grey one on its left |
  /// | `.npy` | the array `[N, 28, 28, 3]`, bytes |
  /// | `.npz` | the same as `images`, with `labels` where they are known |
  /// | none | a folder of a PNG for each image, called as its source, or numbered |
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public func write(to path: String) throws {
    let (images, count) = (outcome.grey.images, outcome.grey.images.count)
    let shape = [count, images.height, images.width, 3]
    switch DrawnImages.kind(of: path) {
    case "png": try picture.write(to: path)
    case "npy": try AtomicFile.write(NPY.data(outcome.colored, shape: shape), to: path)
    case "npz":
      let colored = NPY.data(outcome.colored, shape: shape)
      let labels = images.labels.map { NPY.data($0, shape: [count]) }
      try NPZ.write(labels.map { ["images": colored, "labels": $0] } ?? ["images": colored], to: path)
    default:
      let digits = "\(count)".count
      for index in 0..<count {
        let number = String(repeating: "0", count: digits - "\(index + 1)".count) + "\(index + 1)"
        try colored(index).write(to: "\(path)/\(outcome.grey.names?[index] ?? number).png")
      }
    }
  }

  private static let imagesInPicture = 100
  private static let columns = 10

  private var picture: Bitmap {
    let count = outcome.grey.images.count
    guard count > 1 else { return colored(0) }
    let shown = (0..<min(count, Self.imagesInPicture)).flatMap { [grey($0).rgb, colored($0)] }
    return ImageGrid(columns: 2 * Self.columns).bitmap(of: shown)
  }

  private func grey(_ index: Int) -> Bitmap {
    let images = outcome.grey.images
    let size = images.valuesPerImage
    return Bitmap(
      width: images.width, height: images.height, channels: 1,
      pixels: Array(images.pixels[index * size..<(index + 1) * size]))
  }

  private func colored(_ index: Int) -> Bitmap {
    let images = outcome.grey.images
    let size = 3 * images.valuesPerImage
    return Bitmap(
      width: images.width, height: images.height, channels: 3,
      pixels: Array(outcome.colored[index * size..<(index + 1) * size]))
  }
}
