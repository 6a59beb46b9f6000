import Eval
import Experiments
import Figures
import Files

/// How well images are coloured, beside other ways to colour them.
public struct ColorizationReport: ResultReport {
  private let result: ColorizationResult

  /// The report of a colorization that was measured, with its references.
  public init(_ result: ColorizationResult) { self.result = result }

  private static let rowNames = ["colour error", "black background", "label from colour"]

  /// A row for each figure and a column for each way of colouring, the colorizer's first.
  public func table(_ layout: Layout) -> String {
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
    let title = "\(result.figures[0].name.visible()): \(result.count) images of \(result.source.visible())"
    let notes = """
      colour error: mean distance from the right colour over the foreground and the channels, in [0, 1], ± standard error.
      black background: share of the other pixels with no channel above \(ColorAccuracy.blackest) of 255.
      label from colour: how often the label's colour is the nearest to the image's tint, with 95 % interval.
      luminance: accuracy of a classifier on the images made grey again.
      """
    return [layout.fitted(title), layout.fitted(table) + "\n" + layout.fitted(notes)].joined(
      separator: "\n\n")
  }

  /// The figures as `assay/colorization/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// A line for each way of colouring; shares and errors in [0, 1].
  public var csv: String {
    let classifiers = result.figures[0].luminanceAccuracy.keys.sorted()
    var csv = CSV(
      [
        "way", "colour_error", "colour_error_standard_error", "black_background",
        "black_background_standard_error", "label_from_colour",
      ] + classifiers.map { "luminance_\($0)" })
    for figures in result.figures {
      let numbers: [Double?] =
        [
          figures.colorError.value, figures.colorError.standardError, figures.blackBackground.value,
          figures.blackBackground.standardError, figures.labelFromColor.value,
        ] + classifiers.map { figures.luminanceAccuracy[$0]?.value }
      csv.add([figures.name] + numbers.map { $0.map { "\($0)" } ?? "" })
    }
    return csv.text
  }
}
