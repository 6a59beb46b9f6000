import Adversary
import Datasets
import Eval
import Experiments
import Figures
import Files
import Network

/// Accuracy-against-ε curves as a table, a terminal chart, CSV and pictures.
public struct AccuracyReport: ResultReport {
  private let result: AccuracyVsEpsilon
  private let range: PixelRange
  private let attacks: [any Attack]
  /// nil where that is not known any more.
  private let leftOut: Int?
  private let warnings: [String]

  /// The report of curves that were just measured, with their warnings.
  public init(_ outcome: AccuracyVsEpsilonOutcome) {
    result = outcome.result
    range = outcome.pixelRange
    attacks = outcome.attacks
    leftOut = outcome.leftOut
    warnings = outcome.warnings
  }

  /// Of a result that was read again, which holds no warnings.
  package init(_ stored: AccuracyVsEpsilon) {
    result = stored
    let ends = stored.curves.first?.pixelRange ?? [0, 1]
    range = PixelRange(low: ends[0], high: ends[1])
    attacks = Text.distinct(stored.curves.map(\.attack)).compactMap(AttackCatalog.named)
    (leftOut, warnings) = (nil, [])
  }

  /// Of the classifiers' files, each once.
  package var hashes: [String] {
    Text.distinct(result.curves.map(\.weightsSha256)).filter { !$0.isEmpty }
  }

  /// What ε counts in.
  var unit: String { range.unit(norm) }
  private var norm: Norm? { result.curves.first.flatMap { Norm(rawValue: $0.norm) } }

  /// The caveats and everything that the numbers depend on.
  private var footnotes: [String] {
    let first = result.curves.first
    let caveats = attacks.map(\.caveat).filter { !$0.isEmpty }
    return warnings + Text.distinct(caveats)
      + settings
      + rules
      + [
        first?.craftedOn.map { "The attacks were made on \($0)." },
        first?.target.map {
          "Aimed at \($0): an image counts as right where it is not taken for that; "
            + (leftOut.map { "\($0) images that are were left out." } ?? "images that are were left out.")
        },
        "\(result.dataset.count) \(result.dataset.split) images of \(result.dataset.name); "
          + "\(unit); 95 % Wilson intervals.",
      ].compactMap { $0 }
  }

  /// Of every attack and proof once, in their order; a worst case follows from those before it.
  private var settings: [String] {
    Text.distinct(
      result.curves.filter { $0.attack != "worst case" }.map { "\($0.attack): \($0.settings)." })
  }

  /// What the regions mean, where that is not what they always do.
  private var rules: [String] {
    Text.distinct(
      result.curves.compactMap { curve in
        RegionText.rule(threshold: curve.foregroundThreshold, mask: curve.mask).map { "\($0)." }
      })
  }

  private var namesAttacks: Bool { Set(result.curves.map(\.attack)).count > 1 }

  func name(_ curve: AccuracyCurve) -> String {
    ([curve.classifier] + (namesAttacks ? [curve.attack] : []) + [curve.region]).joined(separator: ", ")
  }

  /// A row for each ε and a column for each curve, then a chart in characters and the caveats.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable([.init("ε", .right)] + result.curves.map { .init(name($0), .right) })
    for (index, point) in (result.curves.first?.points ?? []).enumerated() {
      let cells = result.curves.map { curve in
        let point = curve.points[index]
        return "\(Text.percent(point.accuracy)) (\(Text.percents(point.interval[0]...point.interval[1])))"
      }
      table.add([Text.short(point.epsilon)] + cells)
    }
    return layout.fitted(
      [
        layout.fitted(table),
        TerminalChart(chart, width: min(80, layout.width ?? 80), height: 18, color: layout.hasColor).text,
        footnotes.joined(separator: "\n"),
      ].joined(separator: "\n\n"))
  }

  /// The curves as `assay/accuracy-vs-epsilon/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// A line for each point of each curve; accuracies in [0, 1], ε in units of the pixel range beside it.
  public var csv: String {
    var csv = CSV([
      "classifier", "weights_sha256", "attack", "norm", "region", "pixel_low", "pixel_high", "epsilon",
      "accuracy", "interval_low", "interval_high", "correct", "count", "crafted_on", "target",
      "foreground_threshold", "mask_sha256",
    ])
    for curve in result.curves {
      for point in curve.points {
        csv.add([
          curve.classifier, curve.weightsSha256, curve.attack, curve.norm, curve.region,
          "\(curve.pixelRange[0])", "\(curve.pixelRange[1])", "\(point.epsilon)", "\(point.accuracy)",
          "\(point.interval[0])", "\(point.interval[1])", "\(point.correct)", "\(point.count)",
          curve.craftedOn ?? "", curve.target ?? "",
          curve.foregroundThreshold.map { "\($0)" } ?? "", curve.mask?.sha256 ?? "",
        ])
      }
    }
    return csv.text
  }

  /// Writes `accuracy-vs-epsilon.json`, `.csv`, `.svg` and `.png`.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    let path = "\(folder)/accuracy-vs-epsilon"
    try AtomicFile.write(try JSON.text(result) + "\n", to: "\(path).json")
    try AtomicFile.write(csv, to: "\(path).csv")
    for kind in ["svg", "png"] { try chart.drawing.write(to: "\(path).\(kind)") }
  }

  /// One colour a classifier and attack; everywhere is dashed, other regions are solid.
  package var chart: LineChart {
    func key(_ curve: AccuracyCurve) -> String { "\(curve.classifier) \(curve.attack)" }
    let names = result.curves.map(key).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var series = result.curves.map { curve in
      LineChart.Series(
        name(curve),
        curve.points.map { .init($0.epsilon, $0.accuracy, interval: $0.interval[0]...$0.interval[1]) },
        style: curve.region == AttackRegion.everywhere.rawValue ? .dashed : .solid,
        color: Palette.color(names.firstIndex(of: key(curve)) ?? 0))
    }
    if showsPublished {
      series.append(
        .init(
          "published (conv, foreground)", PublishedCurve.points.map { .init($0.epsilon, $0.accuracy) },
          style: .markers, color: Palette.color(names.count)))
    }
    let largest = result.curves.flatMap(\.points).map(\.epsilon).max() ?? 1
    return LineChart(
      title: "Accuracy under \(attacks.count == 1 ? attacks[0].name.uppercased() : "attack")",
      subtitle: "\(result.dataset.name), \(result.dataset.count) \(result.dataset.split) images",
      x: Axis(
        norm == .linf ? "ε (pixels in \(range.title))" : unit,
        range: 0...max(largest, 1e-6)),
      y: Axis("accuracy", range: 0...1, format: .percent), series: series, footnotes: footnotes)
  }

  /// The published points are those of foreground FGSM with ε counted in [-1, 1].
  private var showsPublished: Bool {
    range == .published && attacks.contains { $0 is FGSM }
  }
}
